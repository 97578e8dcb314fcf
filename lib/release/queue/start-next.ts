import { releaseExecutionName } from '../../core/contracts/execution-name';
import type { Release, ReleaseKey } from '../../core/contracts/release';
import type { ReleaseRecord } from '../../core/contracts/state';
import type { Executions } from '../../ports/executions';
import type { Releases } from '../../ports/releases';
import { type PublishPorts, publishState } from '../publish-state';

export interface StartNextPorts extends PublishPorts {
  readonly releases: Releases;
  /** Executions of the state machine `Release`. */
  readonly executions: Executions;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/** A round is lost when another worker moved the queue on meanwhile. */
const ROUNDS = 20;

/**
 * Runs the waiting release of a stage, if there is one and nothing else runs there. Workers may race here, or die at
 * any point; whoever comes next, or at last the sweep, does what they left undone.
 * @param after the release whose end or repeated trigger is the reason to look
 */
export async function startNext(ports: StartNextPorts, after: ReleaseKey): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { waiting, last } = await ports.releases.queue(after);
    const lock = waiting && (await runRelease(ports, waiting));
    if (lock === 'taken') return;
    if (lock === 'not-waiting') continue;
    // A later release has taken the lock already, and its worker may have died before starting the execution.
    if (last !== undefined && last !== after.id) await resumeRelease(ports, { ...after, id: last });
    return;
  }
}

/**
 * Takes the lock for a release that waits and starts its execution.
 * @returns as `Releases.takeLock`
 */
export async function runRelease(ports: StartNextPorts, release: Release): Promise<'taken' | 'held' | 'not-waiting'> {
  const startedAt = new Date(ports.now()).toISOString();
  const lock = await ports.releases.takeLock(release, startedAt);
  if (lock === 'taken') await startExecution(ports, { release, startedAt });
  return lock;
}

/** Resumes a release where a worker that died may have left it. */
export async function resumeRelease(ports: StartNextPorts, key: ReleaseKey): Promise<void> {
  const record = await ports.releases.find(key);
  if (record?.status === 'waiting') await startNext(ports, key);
  if (record?.status === 'running' && !record.executionArn) await startExecution(ports, record);
}

type Begun = Pick<ReleaseRecord, 'release' | 'startedAt'>;

async function startExecution(ports: StartNextPorts, { release, startedAt }: Begun): Promise<void> {
  const executionArn = await ports.executions.start(releaseExecutionName(release), release);
  await Promise.all([
    ports.releases.recordExecution(release, executionArn),
    publishState(ports, { release, status: 'running', startedAt, executionArn }),
  ]);
}
