import type { Json, JsonObject } from '../../lib/core/text/canonical-json';

/**
 * The part of Amazon States Language that our definitions use, all of it with JSONata:
 * https://states-language.net/spec.html. `check-definition.ts` refuses what is not here. A string between `{%` and
 * `%}` is an expression, wherever a `Json` stands.
 */
export interface Definition {
  readonly Comment?: string;
  readonly QueryLanguage: 'JSONata';
  /** How long an execution may take, in seconds. */
  readonly TimeoutSeconds?: number;
  readonly StartAt: string;
  readonly States: States;
}

export type States = Readonly<Record<string, State>>;

/** A whole machine, or what a Map runs for each item. */
export type Flow = Pick<Definition, 'StartAt' | 'States'>;

export type State = PassState | TaskState | ChoiceState | WaitState | MapState | SucceedState | FailState;

interface AnyState {
  readonly Comment?: string;
  readonly QueryLanguage?: 'JSONata';
}

/** What a state, or a catcher of it, leaves: variables, and what the next state is given. */
export interface Leaves {
  readonly Assign?: JsonObject;
  readonly Output?: Json;
}

interface GoesOn extends AnyState, Leaves {
  readonly Next?: string;
  readonly End?: true;
}

interface PassState extends GoesOn {
  readonly Type: 'Pass';
}

interface WaitState extends GoesOn {
  readonly Type: 'Wait';
  /** A number, or an expression that gives one. */
  readonly Seconds: number | string;
}

interface MayFail {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface TaskState extends GoesOn, MayFail {
  readonly Type: 'Task';
  /** ARN of a function, or of an integration. */
  readonly Resource: string;
  readonly Arguments?: Json;
  /** How long a state that waits to be called back goes without hearing anything, in seconds. */
  readonly HeartbeatSeconds?: number;
}

export interface MapState extends GoesOn, MayFail {
  readonly Type: 'Map';
  /** An array, or an expression that gives one. */
  readonly Items: Json;
  /** How many items may be worked on at once; 0, or none, for as many as there are. */
  readonly MaxConcurrency?: number | string;
  readonly ItemProcessor: Flow & { readonly ProcessorConfig?: { readonly Mode: 'INLINE' } };
}

export interface ChoiceState extends AnyState {
  readonly Type: 'Choice';
  readonly Choices: readonly { readonly Condition: string; readonly Next: string; readonly Comment?: string }[];
  readonly Default?: string;
}

interface SucceedState extends AnyState {
  readonly Type: 'Succeed';
}

interface FailState extends AnyState {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly Cause?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

interface Catcher extends Leaves {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}
