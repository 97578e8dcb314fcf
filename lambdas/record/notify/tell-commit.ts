import type { Release, Repository } from '../../../lib/core/contracts/release';
import type { ReleaseRecord } from '../../../lib/core/contracts/state';
import { readable } from '../../../lib/core/contracts/unreadable';
import { mapBounded } from '../../../lib/core/map-bounded';
import { COMMIT_CONTEXT, commitSummary } from '../../../lib/core/notices/commit-summary';
import { speakingFor } from '../../../lib/core/notices/stage-view';
import { refOfRelease } from '../../../lib/core/trigger/ref-name';
import type { Releases } from '../../../lib/ports/releases';
import type { RepositoryNotices } from '../../../lib/ports/repository-notices';
import type { Destination } from './destination';

export interface TellCommitPorts {
  readonly host: RepositoryNotices;
  readonly releases: Pick<Releases, 'latest' | 'refs'>;
}

/** A commit that something has happened to. */
interface TellCommit {
  readonly app: string;
  readonly repository: Repository;
  readonly commit: string;
  /** The release that came to another status. */
  readonly release?: Release;
  /** Why it is not released. */
  readonly ignored?: string;
  /** What the status is known to show. */
  readonly told?: string;
}

/** How many of a stage's releases count. */
const LATEST = 20;
const STAGES_AT_ONCE = 10;
/** Somebody else may have told something newer in between, or something older. */
const TRIES = 5;

/**
 * Brings the one status of a commit up to date. Releases to several stages are told of at the same time; so what was
 * written is compared with what is true then, and whoever writes last has looked after that.
 * @returns what the status shows now; undefined if that is `told`
 */
export async function tellCommit(ports: TellCommitPorts, asked: TellCommit): Promise<string | undefined> {
  const { repository, commit, ignored, told } = asked;
  if (repository.provider !== 'github') return undefined;
  let shown = told;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { state, description } = commitSummary(await recordsOf(ports, asked), ignored);
    const wanted = `${state} ${description}`;
    if (wanted === shown) break;
    await ports.host.setCommitStatus(repository, { commit, context: COMMIT_CONTEXT, state, description });
    shown = wanted;
  }
  return shown === told ? undefined : shown;
}

/** @returns the release that speaks for a commit in each stage that may have one */
async function recordsOf({ releases }: TellCommitPorts, asked: TellCommit): Promise<readonly ReleaseRecord[]> {
  const { app, commit, release } = asked;
  const ref = release && refOfRelease(release);
  const states = await releases.refs(app);
  // A tag may be an object of its own, and a marked head may have another commit released.
  const near = states.filter((one) => one.head === commit || one.ref === ref || one.ref.startsWith('tags/'));
  const stages = [...new Set([...near.map(({ stage }) => stage), ...(release ? [release.stage] : [])])];
  const records = await mapBounded(stages, STAGES_AT_ONCE, async (stage) =>
    speakingFor(commit, readable(await releases.latest({ app, stage }, LATEST))),
  );
  return records.flatMap((one) => one ?? []);
}

/** The status of a commit in all stages together. */
export const wholeStatus = (ports: TellCommitPorts): Destination => ({
  name: 'whole-status',
  async tell({ view, notice }) {
    const { release } = view.record;
    if (release.remove) return undefined;
    const { app, repository, commit } = release;
    return tellCommit(ports, { app, repository, commit, release, told: notice.told[this.name] });
  },
});
