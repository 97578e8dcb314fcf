import { ReleaseError } from '../../lib/core/contracts/errors';
import { WaitForShiftInput, type WaitForShiftOutput } from '../../lib/core/contracts/payloads';
import type { StartedShift } from '../../lib/core/contracts/started-shift';
import { type FailedShift, type ShiftVerdict, watchShift } from '../../lib/core/shift/watch-shift';
import { nameSome } from '../../lib/core/text/name-some';
import { tellSome } from '../../lib/core/text/tell-some';
import type { Clock } from '../../lib/ports/clock';
import type { Log } from '../../lib/ports/log';
import type { TargetPorts, TargetPortsOf } from '../../lib/ports/target-ports';
import { pollUntil } from '../../lib/release/poll-until';

export interface WaitForShiftPorts {
  readonly target: TargetPortsOf<'shifts' | 'hookRuns'>;
  readonly pace: Clock;
  readonly log: Log;
}

/** While traffic moves, in minutes, nothing happens that is worth a look each second. */
const RELAXED = 3_000;
const ATTENTIVE = 1_000;

/**
 * Watches a shift for most of a minute, and lets its deployments go on when all hooks have passed.
 *
 * @returns `done` even if functions that move independently failed: `moved` and `error` then say which and why
 * @throws ReleaseError `ShiftFailed` if functions that move as one failed; they are not stopped yet
 */
export const waitForShift =
  ({ target, pace, log }: WaitForShiftPorts) =>
  async (event: unknown): Promise<WaitForShiftOutput> => {
    const input = WaitForShiftInput.parse(event);
    const { release, service } = input;
    const ports = target(release.target);
    let { shift } = input;
    const over = await pollUntil(
      pace,
      async () => {
        const verdict = await look(ports, shift, pace.now());
        shift = verdict.shift;
        return verdict.isOver ? verdict : undefined;
      },
      () => (isBetweenHooks(shift) ? RELAXED : ATTENTIVE),
    );
    if (!over) return { status: 'running', shift };
    const { moved, failed } = over;
    log.info('a shift has ended', { releaseId: release.id, service: service.path, moved, failed });
    if (failed.length === 0) return { status: 'done', shift, moved: [...moved] };
    const error = shiftFailed(shift, failed);
    if (shift.unit === 'service') throw error;
    return { status: 'done', shift, moved: [...moved], error: { Error: error.name, Cause: error.message } };
  };

async function look(
  { shifts, hookRuns }: Pick<TargetPorts, 'shifts' | 'hookRuns'>,
  shift: StartedShift,
  now: number,
): Promise<ShiftVerdict> {
  const [statuses, runs] = await Promise.all([
    shifts.statuses(shift.functions.map(({ deploymentId }) => deploymentId)),
    hookRuns.list(shift.application),
  ]);
  const verdict = watchShift(shift, { statuses, runs, now });
  await Promise.all([
    ...verdict.reports.map((report) => shifts.reportHook({ ...report, status: 'Succeeded' })),
    // Of functions that move as one, `Stop shift` stops all.
    ...(shift.unit === 'function' ? verdict.stops : []).map((deploymentId) => shifts.stop(deploymentId)),
  ]);
  return verdict;
}

const isBetweenHooks = ({ functions }: StartedShift): boolean =>
  functions.every(({ allowed }) => allowed.includes('BeforeAllowTraffic') && !allowed.includes('AfterAllowTraffic'));

function shiftFailed({ unit, functions }: StartedShift, failed: readonly FailedShift[]): ReleaseError {
  // One alarm may have stopped many.
  const problems = [...new Set(failed.map(({ problem }) => problem))].map((problem) => {
    const alike = failed.filter((one) => one.problem === problem);
    const names = nameSome(alike.map(({ logicalId }) => logicalId));
    const deployments = nameSome(alike.map(({ deploymentId }) => deploymentId));
    return `function${alike.length === 1 ? '' : 's'} ${names}: ${problem} (${deployments})`;
  });
  const others =
    unit === 'service'
      ? 'all functions of the service return to what served before'
      : `${failed.length} of ${functions.length} functions return to what served before, the others have moved`;
  return new ReleaseError('ShiftFailed', `${tellSome(problems)}; ${others}`);
}
