import type { Json } from '../../lib/core/text/canonical-json';
import { CALLED_BACK } from './check-definition';
import type { ChoiceState, Flow, Leaves, State, TaskState } from './definition';
import { evaluate, evaluateTo } from './expressions';
import { checkOn, type Data, type Frame, namesIn, pause, type Visit } from './frame';
import { asPayload } from './payload';
import { nextTry, type Tries } from './retries';
import { runMap } from './run-map';
import { matches, StateError } from './state-error';

/** What the next state is given, and which one it is; none if the flow has ended. */
interface Left {
  readonly output: Json;
  readonly next?: string;
}

/**
 * Takes an input from state to state.
 *
 * @returns the output of the last one
 * @throws StateError that no state has caught
 */
export async function runFlow({ StartAt, States }: Flow, input: Json, frame: Frame): Promise<Json> {
  let left: Left = { output: input, next: StartAt };
  while (left.next !== undefined) {
    checkOn(frame);
    const name: string = left.next;
    frame.around.entered(name);
    left = await runState(States[name]!, { frame, name, input: left.output });
    asPayload(`the output of "${name}"`, left.output);
  }
  return left.output;
}

function runState(state: State, at: Omit<Visit, 'names'>): Promise<Left> {
  let retries = 0;
  const entered = new Date(at.frame.around.now()).toISOString();
  const names = (data: Omit<Data, 'input'> = {}, token?: string) => {
    const own = { Name: at.name, EnteredTime: entered, RetryCount: retries };
    return namesIn(at.frame, own, { input: at.input, ...data }, token);
  };
  const visit: Visit = { ...at, names };
  switch (state.Type) {
    case 'Pass':
      return leave(visit, state, at.input);
    case 'Wait':
      return wait(visit, state);
    case 'Choice':
      return choose(visit, state);
    case 'Succeed':
      return Promise.resolve({ output: at.input });
    case 'Fail':
      return fail(visit, state);
    case 'Task':
    case 'Map':
      return caught(visit, state, {
        again: () => {
          retries += 1;
        },
        attempt: async () => {
          const result = state.Type === 'Map' ? await runMap(visit, state, runFlow) : await runTask(visit, state);
          return leave(visit, state, result, { result });
        },
      });
  }
}

/**
 * Sets variables and gives an output. Both are made of the variables that were there when the state was entered: what
 * it sets is to be seen from the next state on.
 *
 * @param otherwise the output if the state says nothing of it
 */
async function leave(
  { frame, name, names }: Visit,
  state: Leaves & { readonly Next?: string },
  otherwise: Json,
  data?: Omit<Data, 'input'>,
): Promise<Left> {
  const assigned = await evaluate(state.Assign ?? {}, names(data));
  const output = state.Output === undefined ? otherwise : await evaluate(state.Output, names(data));
  frame.variables.set(asPayload(`what "${name}" assigns`, assigned) as Readonly<Record<string, Json>>);
  return { output, next: state.Next };
}

/** "Seconds" is a whole number from 0 to 99,999,999: https://states-language.net/spec.html#wait-state. */
async function wait(visit: Visit, state: Extract<State, { Type: 'Wait' }>): Promise<Left> {
  const seconds = await evaluateTo('number', state.Seconds, visit.names());
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 99_999_999) {
    throw new StateError('States.Runtime', `"${visit.name}" cannot wait ${seconds} seconds`);
  }
  await pause(visit.frame, seconds * 1_000);
  return leave(visit, state, visit.input);
}

async function choose({ name, input, names }: Visit, { Choices, Default }: ChoiceState): Promise<Left> {
  for (const { Condition, Next } of Choices) {
    if (await evaluateTo('boolean', Condition, names())) return { output: input, next: Next };
  }
  if (Default === undefined) throw new StateError('States.NoChoiceMatched', `no rule of "${name}" matches`);
  return { output: input, next: Default };
}

async function fail({ names }: Visit, state: Extract<State, { Type: 'Fail' }>): Promise<never> {
  throw new StateError(
    await evaluateTo('string', state.Error ?? '', names()),
    await evaluateTo('string', state.Cause ?? '', names()),
  );
}

async function runTask(visit: Visit, state: TaskState): Promise<Json> {
  const { frame, name, input, names } = visit;
  const { Resource, Arguments } = state;
  if (Resource.endsWith(CALLED_BACK)) return waitForCall(visit, state);
  const given = Arguments === undefined ? input : await evaluate(Arguments, names());
  const result = await frame.around.runTask(Resource, asPayload(`what "${name}" gives`, given), name);
  return asPayload(`the result of "${name}"`, result);
}

/**
 * Asks for something to be done, and waits until somebody calls back who was given the token:
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 */
async function waitForCall({ frame, name, input, names }: Visit, state: TaskState): Promise<Json> {
  const { Resource, Arguments, HeartbeatSeconds = Number.POSITIVE_INFINITY } = state;
  const callback = frame.around.callback();
  const over = new AbortController();
  const silence = async (): Promise<never> => {
    for (;;) {
      const left = callback.heard() + HeartbeatSeconds * 1_000 - frame.around.now();
      if (left <= 0) throw new StateError('States.HeartbeatTimeout');
      await pause(frame, left, over.signal);
    }
  };
  try {
    const given = Arguments === undefined ? input : await evaluate(Arguments, names({}, callback.token));
    const resource = Resource.slice(0, -CALLED_BACK.length);
    await frame.around.runTask(resource, asPayload(`what "${name}" gives`, given), name);
    const quiet = silence();
    quiet.catch(() => {});
    return asPayload(`the result of "${name}"`, await Promise.race([callback.called, quiet]));
  } finally {
    callback.close();
    over.abort();
  }
}

/** Attempts what a state does, again as its retriers say, and goes where its catchers say if that does not help. */
async function caught(
  visit: Visit,
  { Retry = [], Catch = [] }: Extract<State, { Type: 'Task' | 'Map' }>,
  { attempt, again }: { readonly attempt: () => Promise<Left>; readonly again: () => void },
): Promise<Left> {
  const { random } = visit.frame.around;
  const tries: Tries = new Map();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      const delay = nextTry(Retry, error.error, { tries, random });
      if (delay !== undefined) {
        await pause(visit.frame, delay);
        again();
        continue;
      }
      const catcher = Catch.find(({ ErrorEquals }) => matches(ErrorEquals, error.error));
      if (!catcher) throw error;
      return leave(visit, catcher, error.output, { errorOutput: error.output });
    }
  }
}
