import { commitState } from '../../../lib/core/notices/host-states';
import { linkTo, speakingFor } from '../../../lib/core/notices/stage-view';
import { summarise } from '../../../lib/core/notices/summary';
import type { RepositoryNotices } from '../../../lib/ports/repository-notices';
import type { ServiceStates } from '../../../lib/ports/service-states';
import type { Destination } from './destination';

export interface CommitStatusPorts {
  readonly host: RepositoryNotices;
  readonly states: Pick<ServiceStates, 'records'>;
}

/**
 * The status of a commit, one per stage. It shows the release that speaks for the commit now, whichever release the
 * event was about: an older release of the same commit must not have the last word because its event is late.
 */
export const commitStatus = ({ host, states }: CommitStatusPorts): Destination => ({
  name: 'commit-status',
  async tell({ view, stage, notice }) {
    const { release } = view.record;
    const record = speakingFor(release.commit, stage.latest);
    if (release.repository.provider !== 'github' || release.remove || !record) return undefined;
    const services = record.release.id === release.id ? view.services : await states.records(record.release);
    const state = commitState(record);
    const description = summarise(record, services);
    const wanted = `${record.release.id} ${state} ${description}`;
    if (notice.told[this.name] === wanted) return undefined;
    const context = `seedbed/${release.stage}`;
    const url = linkTo(record, stage);
    await host.setCommitStatus(release.repository, { commit: release.commit, context, state, description, url });
    return wanted;
  },
});
