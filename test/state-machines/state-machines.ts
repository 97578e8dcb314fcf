import type { Json, JsonObject } from '../../lib/core/text/canonical-json';
import type { Callbacks, Told } from '../../lib/ports/callbacks';
import { checkDefinition } from './check-definition';
import type { Definition } from './definition';
import { type Callback, type Frame, TimedOut } from './frame';
import { asPayload } from './payload';
import { runFlow } from './run-flow';
import { StateError } from './state-error';
import { variables } from './variables';

/** What a Lambda function does; throws as it does. The state that calls it is for the test to know. */
export type LambdaFunction = (event: Json, state: string) => Promise<unknown>;

export interface StateMachinesProps {
  /** By name. */
  readonly definitions: Readonly<Record<string, Definition>>;
  /** What the functions do that they call, by the function's name. */
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** Writes an item to DynamoDB, as the state of that name asks for. */
  readonly putItem?: (item: Json, state: string) => Promise<void>;
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1, see `nextTry`; half the interval if not given, as is the average. */
  readonly random?: () => number;
  /** Is told each state that an execution of a machine enters. */
  readonly entered?: (state: string, execution: string, machine: string) => void;
}

/** How an execution has ended. */
export type ExecutionEnd =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | { readonly status: 'FAILED' | 'TIMED_OUT'; readonly error: string; readonly cause: string };

export interface StateMachines {
  /** Runs an execution to its end. */
  run(machine: string, execution: { readonly name: string; readonly input: unknown }): Promise<ExecutionEnd>;
  readonly callbacks: Callbacks;
  /** Resolves when the executions have ended that others have started and not waited for. */
  settled(): Promise<void>;
}

const PLACE = 'eu-central-1:111122223333';
export const functionArn = (name: string): string => `arn:aws:lambda:${PLACE}:function:${name}`;
export const stateMachineArn = (name: string): string => `arn:aws:states:${PLACE}:stateMachine:${name}`;
const executionArn = (machine: string, name: string) => `arn:aws:states:${PLACE}:execution:${machine}:${name}`;

/** State machines over functions in memory. @throws Error if a definition has what is not interpreted */
export function stateMachines(props: StateMachinesProps): StateMachines {
  const { definitions, functions, now, sleep, random = () => 0.5, entered = () => {} } = props;
  const taken = new Set<string>();
  const waiting = new Map<string, Waiting>();
  const apart: Promise<unknown>[] = [];
  let tokens = 0;
  for (const definition of Object.values(definitions)) checkDefinition(definition);

  async function run(
    machine: string,
    { name, input }: { readonly name: string; readonly input: unknown },
  ): Promise<ExecutionEnd> {
    const definition = definitions[machine];
    if (!definition) throw new Error(`there is no state machine "${machine}"`);
    const arn = executionArn(machine, name);
    taken.add(arn);
    const given = asPayload('the input', input);
    const started = now();
    const frame: Frame = {
      variables: variables(),
      isStopped: () => false,
      context: {
        Execution: { Id: arn, Input: given, Name: name, StartTime: new Date(started).toISOString() },
        StateMachine: { Id: stateMachineArn(machine), Name: machine },
      },
      around: {
        now,
        sleep,
        random,
        runTask,
        callback,
        entered: (state) => entered(state, name, machine),
        deadline: started + (definition.TimeoutSeconds ?? Number.POSITIVE_INFINITY) * 1_000,
      },
    };
    try {
      return { status: 'SUCCEEDED', output: await runFlow(definition, given, frame) };
    } catch (error) {
      if (error instanceof TimedOut) return { status: 'TIMED_OUT', error: 'States.Timeout', cause: '' };
      if (!(error instanceof StateError)) throw error;
      return { status: 'FAILED', error: error.error, cause: error.cause };
    }
  }

  function runTask(resource: string, given: Json, state: string): Promise<Json> {
    const called = Object.entries(functions).find(([name]) => functionArn(name) === resource)?.[1];
    if (called) return invoke(() => called(given, state));
    if (resource === 'arn:aws:states:::states:startExecution.sync:2') return startAndWait(given as JsonObject);
    if (resource === 'arn:aws:states:::states:startExecution') return startApart(given as JsonObject);
    if (resource === 'arn:aws:states:::aws-sdk:dynamodb:putItem' && props.putItem) {
      return props.putItem((given as JsonObject).Item!, state).then(() => ({}));
    }
    throw new Error(`the resource "${resource}" is not interpreted`);
  }

  /**
   * Runs an execution as a task: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html. Its
   * output is JSON and not text; if it fails the task has failed with `States.TaskFailed`, and the cause is what
   * DescribeExecution says.
   */
  async function startAndWait(given: JsonObject): Promise<Json> {
    const { machine, Name, Input, arn } = toStart(given);
    const startDate = now();
    const end = await run(machine, { name: Name, input: Input });
    const described = {
      ExecutionArn: arn,
      Input: JSON.stringify(Input),
      Name,
      StartDate: startDate,
      StateMachineArn: stateMachineArn(machine),
      Status: end.status,
      StopDate: now(),
    };
    if (end.status === 'SUCCEEDED') return { ...described, Output: end.output };
    const cause = JSON.stringify({ ...described, Error: end.error, Cause: end.cause });
    throw new StateError('States.TaskFailed', cause);
  }

  /** Starts an execution and goes on: the task is over as soon as that has begun. */
  async function startApart(given: JsonObject): Promise<Json> {
    const { machine, Name, Input, arn } = toStart(given);
    const startDate = now();
    const running = run(machine, { name: Name, input: Input });
    running.catch(() => {}); // Whoever asks whether all have settled is told.
    apart.push(running);
    return { ExecutionArn: arn, StartDate: startDate };
  }

  function toStart({ StateMachineArn, Name, Input, ...more }: JsonObject) {
    const [unknown] = Object.keys(more);
    if (unknown) throw new Error(`the argument "${unknown}" of startExecution is not interpreted`);
    const machine = Object.keys(definitions).find((name) => stateMachineArn(name) === StateMachineArn);
    if (!machine || typeof Name !== 'string') throw new Error(`no execution "${Name}" of ${StateMachineArn}`);
    const arn = executionArn(machine, Name);
    // Step Functions would answer the same execution once more while it runs with the same input; ours never ask twice.
    if (taken.has(arn)) {
      throw new StateError('StepFunctions.ExecutionAlreadyExistsException', `Execution Already Exists: '${arn}'`);
    }
    return { machine, Name, Input: Input ?? null, arn };
  }

  function callback(): Callback {
    tokens += 1;
    const token = `token-${tokens}`;
    let heard = now();
    const called = new Promise<Json>((tell, fail) => {
      waiting.set(token, {
        tell: (output) => tell(JSON.parse(JSON.stringify(output) ?? 'null')),
        fail,
        beat: () => {
          heard = now();
        },
      });
    });
    called.catch(() => {});
    return { token, called, heard: () => heard, close: () => void waiting.delete(token) };
  }

  /** Tells a state that waits. What has ended its wait is the first thing that it was told. */
  async function tell(token: string, what: (state: Waiting) => void, isOver = true): Promise<Told> {
    const state = waiting.get(token);
    if (!state) return 'gone';
    if (isOver) waiting.delete(token);
    what(state);
    return 'told';
  }

  return {
    run,
    callbacks: {
      succeed: (token, output) => tell(token, (state) => state.tell(output)),
      fail: (token, { name, message }) =>
        tell(token, (state) => {
          state.fail(new StateError(name, JSON.stringify({ errorType: name, errorMessage: message })));
        }),
      beat: (token) => tell(token, (state) => state.beat(), false),
    },
    async settled() {
      await Promise.all(apart.splice(0));
    },
  };
}

/** How a state that waits to be called back is told something. */
interface Waiting {
  tell(output: unknown): void;
  fail(error: StateError): void;
  beat(): void;
}

/**
 * A function that throws fails its task with the error's name; the cause is what Lambda's runtime makes of the error.
 */
async function invoke(call: () => Promise<unknown>): Promise<Json> {
  let result: unknown;
  try {
    result = await call();
  } catch (error) {
    const { name, message } = error as Error;
    throw new StateError(name, JSON.stringify({ errorType: name, errorMessage: message }));
  }
  return JSON.parse(JSON.stringify(result) ?? 'null');
}
