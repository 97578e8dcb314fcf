import { callerOf } from '../../lib/core/contracts/call-reservations';
import { WaitForShiftInput, type WaitForShiftOutput } from '../../lib/core/contracts/payloads';
import type { Clock } from '../../lib/ports/clock';
import type { Log } from '../../lib/ports/log';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { pollUntil } from '../../lib/release/poll-until';
import { carryOut, judgeShift, nextLookAt, outcomeOfShift, readShifts } from '../../lib/release/waiting/watched-shift';

export interface WaitForShiftPorts {
  readonly target: TargetPortsOf<'shifts' | 'hookRuns'>;
  readonly pace: Clock;
  readonly log: Log;
}

/**
 * Watches a shift for most of a minute, and lets its deployments go on when all hooks have passed.
 *
 * @returns what came of it, see {@link outcomeOfShift}
 * @throws ReleaseError `ShiftFailed` if functions that move as one failed; they are not stopped yet
 */
export const waitForShift =
  ({ target, pace, log }: WaitForShiftPorts) =>
  async (event: unknown): Promise<WaitForShiftOutput> => {
    const job = WaitForShiftInput.parse(event);
    const ports = target(job.release.target, callerOf(job.release));
    let { shift } = job;
    const over = await pollUntil(
      pace,
      async () => {
        const verdict = judgeShift(shift, { ...(await readShifts(ports, [shift])), now: pace.now() });
        await carryOut(ports, verdict);
        shift = verdict.shift;
        return verdict.isOver ? verdict : undefined;
      },
      () => nextLookAt(shift),
    );
    return over ? outcomeOfShift(log, job, over) : { status: 'running', shift };
  };
