import type { Durations } from '../../core/contracts/state';
import type { Step } from '../../core/contracts/steps';
import type { EnteredState } from '../../ports/execution-progress';

/** The states of `ServiceRelease` with which a step begins. */
export const STEP_BEGINS: Readonly<Record<string, Step>> = {
  'Begin build': 'build',
  'Begin deploy': 'deploy',
  'Begin shift': 'shift',
  'Begin removal': 'deploy',
  Record: 'record',
  'Record removal': 'record',
  'Record failure': 'record',
};

/** The states of `ServiceRelease` that tell with what they leave behind how a stack or a shift came on. */
export const TELLING_STATES = { stack: 'Wait for stack', shiftBegins: 'Start shift', shift: 'Wait for shift' } as const;

/** Where a service that is being released stands. */
export interface ServiceProgress {
  readonly path: string;
  /** Epoch milliseconds at which each step began; empty until its execution begins. */
  readonly began: Partial<Readonly<Record<Step, number>>>;
  /** The state of the state machine it is in. */
  readonly state?: string;
}

/**
 * @param entered the states that the service's execution has entered, newest first, as far back as is known
 * @param before what was known before, for steps that have left the history
 */
export function serviceProgress(
  path: string,
  entered: readonly EnteredState[],
  before?: ServiceProgress,
): ServiceProgress {
  const steps = entered.flatMap(({ name, at }) => (STEP_BEGINS[name] ? [[STEP_BEGINS[name], at]] : []));
  return { path, began: { ...before?.began, ...Object.fromEntries(steps) }, state: entered[0]?.name ?? before?.state };
}

/** The step a service is in, and how long those before it took. */
export interface StepTimes {
  readonly current?: { readonly step: Step; readonly since: number };
  readonly done: Durations;
}

/** @returns the steps of a service in the order in which they began, as times. */
export function stepTimes({ began }: ServiceProgress): StepTimes {
  const begun = (Object.entries(began) as [Step, number][]).sort(([, a], [, b]) => a - b);
  const done = begun.slice(0, -1).map(([step, at], index) => [step, begun[index + 1]![1] - at]);
  const [step, since] = begun.at(-1) ?? [];
  return {
    current: step !== undefined && since !== undefined ? { step, since } : undefined,
    done: Object.fromEntries(done),
  };
}
