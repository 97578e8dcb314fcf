import type { HookOutcome, HookRun } from '../contracts/hook-run';
import type { ShiftStatus } from '../contracts/shift-status';
import { HOOK_MOMENTS, type HookMoment, type ShiftingFunction, type StartedShift } from '../contracts/started-shift';

/** What is known about a shift at one moment. */
export interface ShiftSighting {
  readonly statuses: readonly ShiftStatus[];
  readonly runs: readonly HookRun[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A hook that CodeDeploy is to be told has passed. */
interface HookReport {
  readonly deploymentId: string;
  readonly executionId: string;
}

/** A function whose shift failed. */
export interface FailedShift {
  readonly logicalId: string;
  readonly deploymentId: string;
  /** What went wrong, as a sentence without its full stop. */
  readonly problem: string;
}

/** What to do about a shift, and how it stands. */
export interface ShiftVerdict {
  /** Hooks to report as passed; then CodeDeploy goes on. */
  readonly reports: readonly HookReport[];
  /** Deployments to stop: those of failed functions that CodeDeploy has not given up itself. */
  readonly stops: readonly string[];
  /** The shift with what is reported now. */
  readonly shift: StartedShift;
  readonly moved: readonly string[];
  readonly failed: readonly FailedShift[];
  /** Whether nothing is left to wait for. */
  readonly isOver: boolean;
}

/** CodeDeploy gives up a hook that could not be called after 5 minutes; should it not, we do. */
const CALL_PATIENCE = 6 * 60_000;
/**
 * CodeDeploy fails a hook that nobody reports on for an hour. Of functions that shift at different paces, one that has
 * arrived is let go before that; should another one fail later, `Restore functions` takes its alias back.
 */
const HELD_AT_MOST = 45 * 60_000;

/**
 * Judges a shift by what has been observed. As a unit, its functions pass each moment together: no traffic moves before
 * the hooks of all have passed, and none has ended before all have (as long as CodeDeploy waits for that); one that
 * fails makes the shift fail. Otherwise each function is judged for itself.
 *
 * @returns what to report and stop, and who has moved or failed
 */
export function watchShift(shift: StartedShift, { statuses, runs, now }: ShiftSighting): ShiftVerdict {
  const views = shift.functions.map((one): View => {
    const status = statuses.find(({ deploymentId }) => deploymentId === one.deploymentId);
    const moments = runs.find(({ group }) => group === one.group)?.moments ?? {};
    const problem = problemOf(one, { status, moments, now, hookTimeout: shift.hookTimeout });
    return { one, status, moments, problem };
  });
  const failed = views.flatMap(({ one: { logicalId, deploymentId }, problem }) =>
    problem === undefined ? [] : [{ logicalId, deploymentId, problem }],
  );
  const moved = views.filter(isThrough).map(({ one }) => one.logicalId);
  const isOneUnit = shift.unit === 'service';

  const passing = isOneUnit && failed.length > 0 ? [] : views.filter(({ problem }) => problem === undefined);
  const reports: HookReport[] = [];
  const allowed = new Map(shift.functions.map(({ deploymentId, allowed }) => [deploymentId, allowed]));
  for (const moment of HOOK_MOMENTS) {
    const waiting = passing.filter((view) => hasPassed(view, moment) && !view.one.allowed.includes(moment));
    const isDue = !isOneUnit || passing.every((view) => hasPassed(view, moment) || isThrough(view));
    for (const { one, moments } of waiting.filter((view) => isDue || isHeldTooLong(view, moment, now))) {
      reports.push({ deploymentId: one.deploymentId, executionId: moments[moment]!.executionId });
      allowed.set(one.deploymentId, [...allowed.get(one.deploymentId)!, moment]);
    }
  }
  return {
    reports,
    stops: views.filter(({ status, problem }) => problem !== undefined && status?.status === 'running').map(idOf),
    shift: {
      ...shift,
      functions: shift.functions.map((one) => ({ ...one, allowed: allowed.get(one.deploymentId)! })),
    },
    moved,
    failed,
    isOver: moved.length + failed.length === views.length || (isOneUnit && failed.length > 0),
  };
}

interface View {
  readonly one: ShiftingFunction;
  readonly status: ShiftStatus | undefined;
  readonly moments: HookRun['moments'];
  readonly problem: string | undefined;
}

const idOf = ({ one }: View): string => one.deploymentId;
const isThrough = ({ status }: View): boolean => status?.status === 'succeeded';

/** The result of an earlier deployment of the group says nothing about this one. */
const outcomeOf = ({ deploymentId }: ShiftingFunction, moments: HookRun['moments'], moment: HookMoment) =>
  moments[moment]?.deploymentId === deploymentId ? moments[moment] : undefined;

const hasPassed = ({ one, moments }: View, moment: HookMoment): boolean =>
  one.allowed.includes(moment) || outcomeOf(one, moments, moment)?.status === 'passed';

function isHeldTooLong({ one, moments }: View, moment: HookMoment, now: number): boolean {
  const outcome = outcomeOf(one, moments, moment);
  return outcome !== undefined && now - Date.parse(outcome.at) > HELD_AT_MOST;
}

interface Judged {
  readonly status: ShiftStatus | undefined;
  readonly moments: HookRun['moments'];
  readonly now: number;
  readonly hookTimeout: number;
}

function problemOf(one: ShiftingFunction, { status, moments, now, hookTimeout }: Judged): string | undefined {
  if (status === undefined) return `CodeDeploy no longer knows deployment ${one.deploymentId}`;
  if (status.status === 'succeeded') return undefined;
  for (const moment of HOOK_MOMENTS) {
    const problem = hookProblem(moment, outcomeOf(one, moments, moment), { now, hookTimeout });
    if (problem !== undefined) return problem;
  }
  if (status.status !== 'running') return deploymentProblem(status);
  const waited = now - Date.parse(status.createdAt);
  const isUncalled = one.allowed.length === 0 && outcomeOf(one, moments, 'BeforeAllowTraffic') === undefined;
  return isUncalled && waited > CALL_PATIENCE ? 'CodeDeploy did not call its hook' : undefined;
}

const HOOK_NAMES: Readonly<Record<HookMoment, string>> = {
  BeforeAllowTraffic: 'the pre-traffic hook',
  AfterAllowTraffic: 'the post-traffic hook',
};

function hookProblem(
  moment: HookMoment,
  outcome: HookOutcome | undefined,
  { now, hookTimeout }: Pick<Judged, 'now' | 'hookTimeout'>,
): string | undefined {
  if (outcome?.status === 'failed') return `${HOOK_NAMES[moment]} failed: ${outcome.reason ?? 'it gave no reason'}`;
  if (outcome?.status === 'running' && now - Date.parse(outcome.at) > hookTimeout * 1_000)
    return `${HOOK_NAMES[moment]} did not end within ${hookTimeout} s`;
  return undefined;
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/error-codes.html */
function deploymentProblem({ deploymentId, status, error }: ShiftStatus): string {
  const words = error?.message ? `: ${error.message}` : '';
  if (error?.code === 'ALARM_ACTIVE') return `an alarm stopped it${words}`;
  if (status === 'stopped') return `deployment ${deploymentId} was stopped${words}`;
  return `deployment ${deploymentId} failed${error ? ` (${error.code})` : ''}${words}`;
}
