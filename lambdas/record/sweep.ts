import type { ReleaseKey } from '../../lib/core/contracts/release';
import type { Outcome } from '../../lib/core/record/release-outcome';
import type { ExecutionStatus } from '../../lib/ports/executions';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { resumeRelease } from '../../lib/release/queue/start-next';
import { tryAll } from '../../lib/release/try-all';
import { type FinishPorts, finishRelease } from './finish-release';
import { type RetryRemovalsPorts, retryRemovals } from './retry-removals';
import { type StopOrphansPorts, stopOrphans } from './stop-orphans';

export type SweepPorts = FinishPorts & StopOrphansPorts & RetryRemovalsPorts;

/**
 * Looks after every release that waits or runs: does what a worker that died left undone, and ends a release whose
 * execution has ended unnoticed. So events may get lost, and nobody has to free a lock by hand, stop a CodeDeploy
 * deployment, or ask again for a stage's removal because something stood in its way for a while.
 *
 * @returns how many releases were looked at
 */
export const sweep = (ports: SweepPorts) => async (): Promise<{ readonly open: number }> => {
  const open = await ports.releases.open();
  await allOrFirstError([
    tryAll(open, AT_ONCE, (key) => lookAfter(ports, key)),
    stopOrphans(ports),
    retryRemovals(ports),
  ]);
  return { open: open.length };
};

/** Releases that are looked after side by side: there may be one in each of hundreds of stages. */
const AT_ONCE = 20;

async function lookAfter(ports: FinishPorts, key: ReleaseKey): Promise<void> {
  const record = await ports.releases.find(key);
  if (!record?.executionArn) return resumeRelease(ports, key);
  const status = await ports.executions.status(record.executionArn);
  if (status === 'running') return;
  ports.log.warn('a release had ended unnoticed', { releaseId: key.id, app: key.app, stage: key.stage, status });
  await finishRelease(ports, key, OUTCOMES[status]);
}

const failed = (code: string, message: string): Outcome => ({ status: 'failed', error: { code, message } });

const OUTCOMES: Readonly<Record<Exclude<ExecutionStatus, 'running'>, Outcome>> = {
  succeeded: { status: 'succeeded' },
  failed: failed('Failed', 'the execution failed; its history in Step Functions says why'),
  'timed-out': failed('TimedOut', 'the execution ran longer than it may'),
  aborted: { status: 'aborted', error: { code: 'Aborted', message: 'the execution was stopped' } },
  unknown: failed('ExecutionGone', 'the execution no longer exists'),
};
