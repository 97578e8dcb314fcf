import type { Json } from '../../lib/core/text/canonical-json';
import type { Names } from './expressions';
import type { Variables } from './variables';

/** What states of one execution share. */
interface Surroundings {
  /** Milliseconds. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0 to 1; what full jitter makes of an interval. */
  random(): number;
  /** Does what the resource of a task does, for the state of that name. @throws StateError */
  runTask(resource: string, given: Json, state: string): Promise<Json>;
  /** @returns what a state waits with until it is called back */
  callback(): Callback;
  /** Is told each state that is entered. */
  entered(name: string): void;
  /** When the execution must have ended, in milliseconds. */
  readonly deadline: number;
}

/** A state that waits to be called back. */
export interface Callback {
  readonly token: string;
  /** What it was told. @throws StateError if that was an error */
  readonly called: Promise<Json>;
  /** When it heard something last, in milliseconds. */
  heard(): number;
  /** Whoever calls it back from now on is told that it waits no more. */
  close(): void;
}

/** Where a state is: its execution, its scope, and whether all around it goes on. */
export interface Frame {
  readonly around: Surroundings;
  readonly variables: Variables;
  /** `$states.context`, but for `State`. */
  readonly context: Readonly<Record<string, Json>>;
  /** Whether an item beside this one has failed, or one further out. */
  readonly isStopped: () => boolean;
}

/** Ends what runs beside an item that has failed: no state catches it. */
class Stopped extends Error {}

/** Ends an execution that takes longer than it may: no state catches it. */
export class TimedOut extends Error {}

/** @throws Stopped or TimedOut if no further state may be entered */
export function checkOn({ around, isStopped }: Frame): void {
  if (isStopped()) throw new Stopped();
  if (around.now() > around.deadline) throw new TimedOut();
}

/** Waits within an execution. @throws Stopped or TimedOut */
export async function pause(frame: Frame, milliseconds: number, signal?: AbortSignal): Promise<void> {
  const { now, sleep, deadline } = frame.around;
  await sleep(Math.min(milliseconds, Math.max(0, deadline - now()) + 1), signal);
  checkOn(frame);
}

/** What the expressions of a state may name as `$states`, beside `context`. */
export interface Data {
  readonly input: Json;
  readonly result?: Json;
  readonly errorOutput?: Json;
}

/** One visit to a state. */
export interface Visit {
  readonly frame: Frame;
  readonly name: string;
  readonly input: Json;
  /** @returns what its expressions may name. `token`: that of a state which waits to be called back */
  readonly names: (data?: Omit<Data, 'input'>, token?: string) => Names;
}

/**
 * @param state as `$states.context.State` tells of it
 * @returns all that expressions of a state may name
 */
export function namesIn({ around, variables, context }: Frame, state: Json, data: Data, token?: string): Names {
  const Task = token !== undefined && { Task: { Token: token } };
  return {
    ...variables.all(),
    states: { ...data, context: { ...context, State: state, ...Task } },
    millis: () => around.now(),
  };
}
