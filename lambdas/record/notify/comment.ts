import { createHash } from 'node:crypto';
import type { Release } from '../../../lib/core/contracts/release';
import { commentMarker, pullRequestComment } from '../../../lib/core/notices/pull-request-comment';
import { telling } from '../../../lib/core/notices/stage-view';
import type { RepositoryNotices } from '../../../lib/ports/repository-notices';
import type { ServiceStates } from '../../../lib/ports/service-states';
import type { Stages } from '../../../lib/ports/stages';
import type { Destination } from './destination';

export interface CommentPorts {
  readonly host: RepositoryNotices;
  readonly states: Pick<ServiceStates, 'records'>;
  readonly stages: Pick<Stages, 'find' | 'change'>;
}

/** The one comment on a pull request. It shows the stage as it is now, whichever release the event was about. */
export const comment = (ports: CommentPorts): Destination => ({
  name: 'comment',
  async tell({ view, stage, notice }) {
    const { release } = view.record;
    const shown = telling(stage.latest);
    if (release.repository.provider !== 'github' || !release.pullRequest || !shown) return undefined;
    const isThis = shown.release.id === release.id;
    const services = isThis ? view.services : await ports.states.records(shown.release);
    const text = pullRequestComment({ record: shown, services }, stage);
    const digest = createHash('sha256').update(text).digest('base64');
    if (notice.told[this.name] === digest) return undefined;
    await writeComment(ports, { release, number: release.pullRequest.number, text });
    return digest;
  },
});

interface Comment {
  readonly release: Release;
  readonly number: number;
  readonly text: string;
}

/** Changes the comment whose id is known, or else the one with our marker, or else writes a new one. */
async function writeComment({ host, stages }: CommentPorts, { release, number, text }: Comment): Promise<void> {
  const { repository, app } = release;
  const known = (await stages.find(release))?.commentId;
  if (known !== undefined && (await host.changeComment(repository, known, text))) return;
  const found = await host.findComment(repository, number, commentMarker(app));
  const isChanged = found !== undefined && (await host.changeComment(repository, found, text));
  const commentId = isChanged ? found : await host.addComment(repository, number, text);
  await stages.change(release, { commentId });
}
