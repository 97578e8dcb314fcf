import type { AppConfig, StageConfig } from '../../core/contracts/app-config';
import { ReleaseError } from '../../core/contracts/errors';
import type { MadeStage } from '../../core/contracts/made-stage';
import type { StartReleaseOutput } from '../../core/contracts/payloads';
import type { Release, Trigger } from '../../core/contracts/release';
import { nextReleaseId } from '../../core/record/release-id';
import type { Queue, RefMove } from '../../ports/releases';
import type { Stages } from '../../ports/stages';
import { publishState } from '../publish-state';
import { settingsOf } from './find-stage';
import { resumeRelease, runRelease, type StartNextPorts } from './start-next';

export interface StartReleasePorts extends StartNextPorts {
  readonly stages: Stages;
  /** @returns ten random bytes. */
  readonly random: () => Uint8Array;
}

/** What is released. */
export interface Subject extends Pick<Release, 'commit' | 'branch' | 'tag' | 'rollback' | 'remove'> {
  /** What the stage is made from, if it is not configured. */
  readonly made?: Pick<MadeStage, 'template' | 'origin'>;
  /** Where a removal goes, which may be elsewhere than a release would; the stage's settings unless given. */
  readonly settings?: Pick<StageConfig, 'target' | 'shift' | 'guard' | 'build'>;
  /**
   * The state of a branch, tag or pull request that this releases. `once`: a state that was accepted before makes no
   * second release.
   */
  readonly move?: RefMove & { readonly once: boolean };
  /** Set if it is a removal that something other than a removal's request has led to. */
  readonly as?: 'remove';
}

/** What comes of a request that turns out not to be for a release. */
interface NoRelease<Instead> {
  readonly instead: Instead;
  /** The state of a branch, tag or pull request of which nothing is released, and which is done with so. */
  readonly settle?: RefMove;
}

/** @template Instead the answer to a request that turns out not to be for a release */
export interface ReleaseRequest<Instead = never> {
  readonly config: AppConfig;
  readonly stage: string;
  /**
   * Finds what to release.
   * @param seen the queue: if it changes before the release is accepted, both are read again
   */
  readonly subject: (seen: Queue) => Promise<Subject | NoRelease<Instead>>;
  /** Only these services. */
  readonly only?: Release['only'];
  readonly force: boolean;
  readonly trigger: Trigger;
}

/** A try is lost when another release was accepted or begun meanwhile. */
const TRIES = 20;

/**
 * Starts a release, whatever it is for: once accepted it waits, or runs at once if nothing else does. A repeated
 * request is the same release, and completes what a worker that died left undone.
 */
export async function startRelease<Instead = never>(
  ports: StartReleasePorts,
  request: ReleaseRequest<Instead>,
): Promise<StartReleaseOutput | Instead> {
  const { config, stage } = request;
  const key = { app: config.app, stage };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    // The queue is read first, then what to release: if another release is accepted in between, both are read again. So
    // no release has an older head of its branch than the one accepted before it.
    const seen = await ports.releases.queue(key);
    const subject = await request.subject(seen);
    if ('instead' in subject) {
      const at = new Date(ports.now()).toISOString();
      const { instead, settle } = subject;
      if (!settle || (await ports.releases.settle(key, seen, { ...settle, at })) === 'settled') return instead;
      continue;
    }
    const release = releaseOf(ports, request, { seen, subject });
    // Made before the release is accepted, so that no release belongs to an unknown stage.
    if (subject.made && !release.remove) await ports.stages.make(madeStage(release, subject.made));
    const acceptance = await ports.releases.accept(release, seen, subject.move);
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

function releaseOf(
  { now, random }: Pick<StartReleasePorts, 'now' | 'random'>,
  { config, stage, only, force, trigger }: Omit<ReleaseRequest, 'subject'>,
  { seen, subject: { settings, made, as, move: _, ...subject } }: { readonly seen: Queue; readonly subject: Subject },
): Release {
  const at = now();
  const { target, shift, guard, build } = settings ?? settingsOf(config, stage, made?.template);
  return {
    id: nextReleaseId(at, random(), seen.waiting?.id ?? seen.unreadable?.id ?? seen.last),
    app: config.app,
    stage,
    ...subject,
    only,
    force,
    trigger: { ...trigger, ...(as && { type: as }) },
    ...(made && { template: made.template }),
    ...(made?.origin.kind === 'pull-request' && { pullRequest: { number: made.origin.number } }),
    repository: config.repository,
    target,
    shift,
    ...(guard && { guard }),
    ...(build && { build }),
    requestedAt: new Date(at).toISOString(),
  };
}

const madeStage = (
  { app, stage, requestedAt }: Release,
  { template, origin }: Pick<MadeStage, 'template' | 'origin'>,
) => ({
  app,
  stage,
  template,
  origin,
  madeAt: requestedAt,
});

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
