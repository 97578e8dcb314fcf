import type { AppConfig } from '../../lib/core/app-config';
import { ReleaseError } from '../../lib/core/errors';
import type { StartReleaseOutput } from '../../lib/core/payloads';
import type { Release, Repository, Trigger } from '../../lib/core/release';
import { nextReleaseId } from '../../lib/core/release-id';
import type { Queue } from '../../lib/ports/releases';
import type { Source } from '../../lib/ports/source';
import { publishState } from '../publish-state';
import { resumeRelease, runRelease, type StartNextPorts } from './start-next';

export interface StartReleasePorts extends StartNextPorts {
  /** @returns ten random bytes. */
  readonly random: () => Uint8Array;
}

export interface ReleaseRequest {
  readonly config: AppConfig;
  /** One of the app's stages. */
  readonly stage: string;
  /**
   * Finds what to release.
   * @param seen the queue: if it changes before the release is accepted, both are read again
   */
  readonly subject: (seen: Queue) => Promise<Pick<Release, 'commit' | 'rollback'>>;
  readonly branch?: string;
  readonly force: boolean;
  readonly trigger: Trigger;
}

/** Each try lost is one in which another release was accepted or begun. */
const TRIES = 20;

/**
 * The one way in which a release comes about: accepted, it waits, and it runs at once if nothing else does. A request
 * that comes again is the same release, and mends what a worker that died left undone.
 */
export async function startRelease(ports: StartReleasePorts, request: ReleaseRequest): Promise<StartReleaseOutput> {
  const { config, stage, branch, force, trigger } = request;
  const { target, shift } = config.stages[stage]!;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    // First the queue, then what to release: if another release is accepted in between, both are read again. So a release
    // never has an older head of its branch than the one accepted before it.
    const seen = await ports.releases.queue({ app: config.app, stage });
    const subject = await request.subject(seen);
    const now = ports.now();
    const release: Release = {
      id: nextReleaseId(now, ports.random(), seen.waiting?.id ?? seen.last),
      ...{ app: config.app, stage, ...subject, branch, force, trigger },
      ...{ repository: config.repository, target, shift, requestedAt: new Date(now).toISOString() },
    };
    const acceptance = await ports.releases.accept(release, seen);
    if (acceptance.kind === 'accepted') {
      const [status] = await Promise.all([run(ports, release), tellSuperseded(ports, seen.waiting, release)]);
      return { releaseId: release.id, status };
    }
    if (acceptance.kind === 'duplicate') {
      await resumeRelease(ports, { app: config.app, stage, id: acceptance.releaseId });
      return { releaseId: acceptance.releaseId, status: 'duplicate' };
    }
  }
  throw new ReleaseError(
    'Throttled',
    `too many releases of "${config.app}" to stage "${stage}" are starting; try again`,
  );
}

async function run(ports: StartReleasePorts, release: Release): Promise<StartReleaseOutput['status']> {
  const lock = await runRelease(ports, release);
  if (lock === 'taken') return 'running';
  if (lock === 'held') {
    await publishState(ports, { release, status: 'waiting' });
    return 'waiting';
  }
  // Another worker has started it already, or a newer release has taken its place.
  const record = await ports.releases.find(release);
  return record?.status === 'superseded' ? 'superseded' : 'running';
}

/** The release that waited before has made way for the one that was accepted. */
async function tellSuperseded(ports: StartReleasePorts, before: Release | undefined, by: Release): Promise<void> {
  if (before) await publishState(ports, { release: before, status: 'superseded', supersededBy: by.id });
}

/**
 * @returns the commit that a branch points at now
 * @throws ReleaseError `BranchNotFound`
 */
export async function readHead(source: Source, repository: Repository, branch: string): Promise<string> {
  const head = await source.head(repository, { branch });
  if (head !== undefined) return head.commit;
  throw new ReleaseError(
    'BranchNotFound',
    `repository "${repository.name}" has no branch "${branch}"; push it, or release another branch or a commit`,
  );
}
