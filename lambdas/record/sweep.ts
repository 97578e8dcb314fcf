import { type ReleaseKey, settingsStage } from '../../lib/core/contracts/release';
import type { ReleaseRecord } from '../../lib/core/contracts/state';
import { readable } from '../../lib/core/contracts/unreadable';
import { isOverdue, mayBeOverdue } from '../../lib/core/record/overdue';
import { RELEASES_OVERDUE } from '../../lib/core/record/release-metrics';
import type { Outcome } from '../../lib/core/record/release-outcome';
import type { ExecutionStatus } from '../../lib/ports/executions';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { resumeRelease } from '../../lib/release/queue/start-next';
import { tryAll } from '../../lib/release/try-all';
import { unlessUnreadable } from '../../lib/release/unless-unreadable';
import { type FinishPorts, finishRelease } from './finish-release';
import { type RetryRemovalsPorts, retryRemovals } from './retry-removals';
import { type StopOrphansPorts, stopOrphans } from './stop-orphans';

export type SweepPorts = FinishPorts & StopOrphansPorts & RetryRemovalsPorts;

/**
 * Looks after every release that waits or runs: does what a worker that died left undone, and ends a release whose
 * execution has ended unnoticed. So events may get lost, and nobody has to free a lock by hand, stop a CodeDeploy
 * deployment, or ask again for a stage's removal because something stood in its way for a while. What is open for much
 * longer than usual is counted, so that somebody is called.
 *
 * @returns how many releases were looked at
 */
export const sweep = (ports: SweepPorts) => async (): Promise<{ readonly open: number }> => {
  const open = await ports.releases.open();
  await allOrFirstError([
    tryAll(open, AT_ONCE, (key) => lookAfterReadable(ports, key)),
    stopOrphans(ports),
    retryRemovals(ports),
  ]);
  return { open: open.length };
};

/** Releases that are looked after side by side: there may be one in each of hundreds of stages. */
const AT_ONCE = 20;

/** One that this version cannot read is left alone, and keeps the others from nothing. */
async function lookAfterReadable(ports: FinishPorts, key: ReleaseKey): Promise<void> {
  const looked = await unlessUnreadable(lookAfter(ports, key));
  if (looked) ports.log.warn('a release is left alone: it cannot be read', { ...key, why: looked.unreadable });
}

async function lookAfter(ports: FinishPorts, key: ReleaseKey): Promise<void> {
  const record = await ports.releases.find(key);
  if (!record?.executionArn) {
    await resumeRelease(ports, key);
    if (record) await countIfOverdue(ports, record);
    return;
  }
  const status = await ports.executions.status(record.executionArn);
  if (status === 'running') return countIfOverdue(ports, record);
  ports.log.warn('a release had ended unnoticed', { releaseId: key.id, app: key.app, stage: key.stage, status });
  await finishRelease(ports, key, OUTCOMES[status]);
}

/** How many of a stage's latest releases say what is usual. */
const HISTORY = 10;

async function countIfOverdue({ releases, metrics, log, now }: FinishPorts, record: ReleaseRecord): Promise<void> {
  const at = now();
  if (!mayBeOverdue(record, at)) return;
  const { release } = record;
  if (!isOverdue(record, readable(await releases.latest(release, HISTORY)), at)) return;
  const { id: releaseId, app, stage, requestedAt } = release;
  log.warn('a release has been open for much longer than usual', { releaseId, app, stage, requestedAt });
  metrics.add({ app, stage: settingsStage(release) }, { [RELEASES_OVERDUE]: { value: 1, unit: 'Count' } });
}

const failed = (code: string, message: string): Outcome => ({ status: 'failed', error: { code, message } });

const OUTCOMES: Readonly<Record<Exclude<ExecutionStatus, 'running'>, Outcome>> = {
  succeeded: { status: 'succeeded' },
  failed: failed('Failed', 'the execution failed; its history in Step Functions says why'),
  'timed-out': failed('TimedOut', 'the execution ran longer than it may'),
  aborted: { status: 'aborted', error: { code: 'Aborted', message: 'the execution was stopped' } },
  unknown: failed('ExecutionGone', 'the execution no longer exists'),
};
