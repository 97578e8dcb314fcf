import { ReleaseError } from '../../core/contracts/errors';
import type { WaitForShiftOutput } from '../../core/contracts/payloads';
import type { Release } from '../../core/contracts/release';
import type { StartedShift } from '../../core/contracts/started-shift';
import { type FailedShift, type ShiftSighting, type ShiftVerdict, watchShift } from '../../core/shift/watch-shift';
import { nameSome } from '../../core/text/name-some';
import { tellSome } from '../../core/text/tell-some';
import type { Log } from '../../ports/log';
import type { TargetPorts } from '../../ports/target-ports';

/** A shift of a service. */
export interface ShiftJob {
  readonly release: Release;
  readonly service: { readonly path: string };
  readonly shift: StartedShift;
}

/** While traffic moves, in minutes, nothing happens that is worth a look each second. */
const RELAXED = 3_000;
const ATTENTIVE = 1_000;

/** @returns milliseconds until a shift is worth another look */
export const nextLookAt = ({ functions }: StartedShift): number =>
  functions.every(({ allowed }) => allowed.includes('BeforeAllowTraffic') && !allowed.includes('AfterAllowTraffic'))
    ? RELAXED
    : ATTENTIVE;

/** Reads how shifts stand, all deployments together. */
export async function readShifts(
  { shifts, hookRuns }: Pick<TargetPorts, 'shifts' | 'hookRuns'>,
  started: readonly StartedShift[],
): Promise<Omit<ShiftSighting, 'now'>> {
  const [statuses, runs] = await Promise.all([
    shifts.statuses(started.flatMap(({ functions }) => functions.map(({ deploymentId }) => deploymentId))),
    Promise.all(started.map(({ application }) => hookRuns.list(application))),
  ]);
  return { statuses, runs: runs.flat() };
}

/** Does what a verdict says: lets deployments go on whose hooks have passed, and stops those of failed functions. */
export async function carryOut(
  { shifts }: Pick<TargetPorts, 'shifts'>,
  { shift, reports, stops }: ShiftVerdict,
): Promise<void> {
  await Promise.all([
    ...reports.map((report) => shifts.reportHook({ ...report, status: 'Succeeded' })),
    // Of functions that move as one, `Stop shift` stops all.
    ...(shift.unit === 'function' ? stops : []).map((deploymentId) => shifts.stop(deploymentId)),
  ]);
}

/** @returns what is to be done about a shift, and how it stands */
export const judgeShift = (shift: StartedShift, { statuses, runs, now }: ShiftSighting): ShiftVerdict =>
  watchShift(shift, { statuses, runs: runs.filter(({ application }) => application === shift.application), now });

/**
 * @returns what a verdict comes to; `done` even if functions that move independently failed: `moved` and `error` then
 * say which and why
 * @throws ReleaseError `ShiftFailed` if functions that move as one failed; they are not stopped yet
 */
export function outcomeOfShift(
  log: Log,
  { release, service }: ShiftJob,
  { shift, moved, failed, isOver }: ShiftVerdict,
): WaitForShiftOutput {
  if (!isOver) return { status: 'running', shift };
  log.info('a shift has ended', { releaseId: release.id, service: service.path, moved, failed });
  if (failed.length === 0) return { status: 'done', shift, moved: [...moved] };
  const error = shiftFailed(shift, failed);
  if (shift.unit === 'service') throw error;
  return { status: 'done', shift, moved: [...moved], error: { Error: error.name, Cause: error.message } };
}

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
