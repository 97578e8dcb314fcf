import type { Release } from '../../core/contracts/release';
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

/** Tells whether a release builds: a rollback takes stored packages, and a removal needs none. */
export type ReleaseKind = Pick<Release, 'rollback' | 'remove'>;

/** The states before the state machine tells releases that build from those that do not. */
const BEFORE_THE_FORK: ReadonlySet<string> = new Set(['Begin build', 'Build, reuse or remove?']);

const buildsNothing = ({ rollback, remove }: ReleaseKind): boolean => rollback !== undefined || remove !== undefined;

/**
 * All releases go through one state machine, so all of them begin with its step `build`. What one that builds nothing
 * does there, as a rollback takes a stored package, is shown as part of its deploy.
 *
 * @returns the step that begins with a state; undefined if none does
 */
export function stepThatBegins(state: string, release: ReleaseKind): Step | undefined {
  const step = STEP_BEGINS[state];
  return step === 'build' && buildsNothing(release) ? 'deploy' : step;
}

/** @returns what each step took, with the steps that `stepThatBegins` shows. */
export function shownDurations(durations: Durations, release: ReleaseKind): Durations {
  const { build, ...others } = durations;
  if (build === undefined || !buildsNothing(release)) return durations;
  return { ...others, deploy: build + (others.deploy ?? 0) };
}

/** The states of `ServiceRelease` whose output tells how a stack update or a shift is coming along. */
export const TELLING_STATES = { stack: 'Wait for stack', shiftBegins: 'Start shift', shift: 'Wait for shift' } as const;

/** The state of `Watcher` whose output tells the same of all services. */
export const WATCHING_STATE = 'Watch';

/** Where a service that is being released stands. */
export interface ServiceProgress {
  readonly path: string;
  /** Epoch milliseconds at which each step began; empty until its execution begins. */
  readonly began: Partial<Readonly<Record<Step, number>>>;
  /** The state of the state machine it is in; absent before its first, and while that would say what it does not do. */
  readonly state?: string;
}

/** What the progress of a service is read from, besides the states that it has entered. */
export interface ProgressOptions {
  readonly release: ReleaseKind;
  /** The reading before: it knows of steps that have left the history. */
  readonly before?: ServiceProgress;
}

/** @param entered the states that the service's execution has entered, newest first, as far back as is known */
export function serviceProgress(
  path: string,
  entered: readonly EnteredState[],
  { release, before }: ProgressOptions,
): ServiceProgress {
  const began: Partial<Record<Step, number>> = { ...before?.began };
  for (const { name, at } of entered) {
    const step = stepThatBegins(name, release);
    if (step) began[step] = Math.min(began[step] ?? at, at);
  }
  const state = entered[0]?.name ?? before?.state;
  const isTelling = state !== undefined && !(buildsNothing(release) && BEFORE_THE_FORK.has(state));
  return { path, began, ...(isTelling && { state }) };
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
