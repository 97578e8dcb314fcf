import type { Release, ReleaseKey } from '../../lib/core/contracts/release';
import type { ReleaseRecord } from '../../lib/core/contracts/state';
import { releaseBuildTimes } from '../../lib/core/record/build-times';
import { releaseDurations } from '../../lib/core/record/durations';
import { failedForOutage } from '../../lib/core/record/host-outage';
import { describeLeft, type ServiceLeft } from '../../lib/core/record/left-behind';
import { RELEASES_FAILED_AGAIN, releaseMetrics } from '../../lib/core/record/release-metrics';
import { explainOutcome, type Outcome } from '../../lib/core/record/release-outcome';
import { CANCELLED, cancelledError } from '../../lib/core/record/step-error';
import { explainRemoval } from '../../lib/core/removal/explain-removal';
import { refOfRelease } from '../../lib/core/trigger/ref-name';
import type { Metrics } from '../../lib/ports/metrics';
import type { Waits } from '../../lib/ports/waits';
import { announceEnd, type Recorded } from '../../lib/release/publish-state';
import { type StartNextPorts, startNext } from '../../lib/release/queue/start-next';
import { type FailUnfinishedPorts, failUnfinished } from './fail-unfinished';
import { type ForgetStagePorts, forgetStage } from './forget-stage';

export interface FinishPorts
  extends StartNextPorts,
    FailUnfinishedPorts,
    Pick<ForgetStagePorts, 'stages' | 'environments'> {
  readonly metrics: Metrics;
  readonly waits: Pick<Waits, 'end'>;
}

/**
 * Ends a release, however it came to its end: stores the end, frees the lock, starts the waiting release, publishes the
 * end, asks for it again if the repository's host was away, and forgets a made stage that was removed. It may run any
 * number of times; the first run decides how the release ended.
 *
 * @returns the release as it is recorded, or undefined if it was never accepted
 */
export async function finishRelease(
  ports: FinishPorts,
  key: ReleaseKey,
  outcome: Outcome,
): Promise<ReleaseRecord | undefined> {
  const [record, services] = await Promise.all([ports.releases.find(key), ports.states.records(key)]);
  if (!record) return undefined;
  const found = { record, services };
  const ended = record.status === 'running' ? await endRelease(ports, found, outcome) : found;
  await Promise.all([startNext(ports, key), announceEnd(ports, ended), repeatAfterOutage(ports, ended)]);
  if (isMadeStageGone(ended.record)) await forgetStage(ports, ended.record.release);
  return ended.record;
}

/** What is asked for again is released by the next reconciliation that reaches the host, unless a newer one came. */
async function repeatAfterOutage({ releases }: FinishPorts, { record, services }: Recorded): Promise<void> {
  const ref = refOfRelease(record.release);
  if (ref !== undefined && failedForOutage(record, services)) await releases.repeat(record.release, ref, true);
}

const isMadeStageGone = ({ release, status }: ReleaseRecord): boolean =>
  release.remove !== undefined && release.template !== undefined && status === 'succeeded';

async function endRelease(ports: FinishPorts, { record, services }: Recorded, told: Outcome): Promise<Recorded> {
  const { release } = record;
  const outcome = asCancelled(told, record);
  // First: what is stopped and undone below must not be watched any more.
  await ports.waits.end(release.id);
  const unfinished = await failUnfinished(ports, { record, services, outcome });
  const all = unfinished.services;
  const end = {
    ...withLeft(
      explainRemoval(explainOutcome(outcome, all, record.plan), { ...record, services: all }),
      unfinished.left,
    ),
    finishedAt: new Date(ports.now()).toISOString(),
    durations: releaseDurations(record, all),
    buildTimes: releaseBuildTimes(record, all),
  };
  const again = end.status === 'failed' && (await failedBefore(ports, release));
  // Services come first: as soon as the lock is free, the next release reads their states.
  if (!(await ports.releases.end(release, end))) return { record, services };
  ports.log.info(`release ${end.status}`, { releaseId: release.id, app: release.app, stage: release.stage, ...end });
  const ended = { record: { ...record, ...end }, services: all };
  const { dimensions, values } = releaseMetrics(ended.record, all);
  ports.metrics.add(dimensions, values);
  if (again) ports.metrics.add(dimensions, { [RELEASES_FAILED_AGAIN]: { value: 1, unit: 'Count' } });
  return ended;
}

/** Between two releases there may be some that never ran. */
const HISTORY = 10;

/** @returns whether the release before it failed, in a stage that stays: pull requests are there to fail. */
async function failedBefore({ releases }: FinishPorts, release: Release): Promise<boolean> {
  if (release.template !== undefined) return false;
  const earlier = (await releases.latest(release, HISTORY)).filter(({ release: { id } }) => id < release.id);
  return earlier.find(({ status }) => status === 'succeeded' || status === 'failed')?.status === 'failed';
}

/** A release whose execution was stopped for somebody says so; one that ended by itself first keeps that end. */
const asCancelled = (outcome: Outcome, { cancel }: ReleaseRecord): Outcome =>
  outcome.status === 'aborted' && cancel ? { ...outcome, error: cancelledError(cancel) } : outcome;

function withLeft(outcome: Outcome, left: readonly ServiceLeft[]): Outcome {
  if (outcome.status === 'succeeded' || outcome.error.code !== CANCELLED) return outcome;
  const { error } = outcome;
  return { ...outcome, error: { ...error, message: `${error.message}; ${describeLeft(left)}` } };
}
