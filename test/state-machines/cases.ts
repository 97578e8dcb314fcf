import type { Json, JsonObject } from '../../lib/core/text/canonical-json';
import type { Callbacks } from '../../lib/ports/callbacks';
import type { Definition, State, States } from './definition';
import { STATE_TABLE } from './definitions';
import { functionArn, type LambdaFunction, stateMachineArn } from './state-machines';

/** An execution, and what it comes to on AWS. */
export interface Case {
  readonly name: string;
  readonly states: States;
  /** The first state is where it starts. */
  readonly timeoutSeconds?: number;
  readonly input?: Json;
  readonly ends: { readonly output: Json } | { readonly error: string; readonly cause?: string };
  /** The states that it enters, in order, but for those within Maps. */
  readonly enters: readonly string[];
  /** What the emulator does instead, and who says what AWS does. */
  readonly notInTheEmulator?: string;
  /** What moto does instead. */
  readonly notInMoto?: string;
}

const DOCS = 'https://docs.aws.amazon.com/step-functions/latest/dg';

/**
 * What somebody answers who reads in the table what is waited for.
 * @param item as a state of a case writes it
 * @returns nothing if nobody answers it, or no case has written it
 */
export function answerOfCase(item: Json): WaitAnswer | undefined {
  const { pk, token, subject } = item as Readonly<Record<string, { readonly S: string }>>;
  if (pk!.S !== 'CASE') return undefined;
  const { succeeds, fails } = JSON.parse(subject!.S) as JsonObject;
  if (succeeds === undefined && fails === undefined) return undefined;
  return { token: token!.S, answer: fails === undefined ? (succeeds as JsonObject) : { fails: String(fails) } };
}

/** How a state that waits is called back: with an output, or with an error of that name. */
export interface WaitAnswer {
  readonly token: string;
  readonly answer: JsonObject | { readonly fails: string };
}

/** Calls back a state, as the answer says. */
export const callBack = ({ succeed, fail }: Callbacks, { token, answer }: WaitAnswer) =>
  'fails' in answer ? fail(token, { name: String(answer.fails), message: SO_IT_SHOULD }) : succeed(token, answer);

/** The message of all errors that are made up. */
const SO_IT_SHOULD = 'so it should';

/** The functions that the cases call. */
export const FUNCTIONS = {
  echo: async (event: Json) => event,
  nothing: async () => undefined,
  /** Fails with the name that it is given. */
  fail: async (event: Json) => {
    const { name, message } = event as { readonly name: string; readonly message: string };
    throw Object.assign(new Error(message), { name });
  },
  /** Fails until it was tried again so often. */
  flaky: async (event: Json) => {
    const { retries, failures } = event as { readonly retries: number; readonly failures: number };
    if (retries < failures) throw Object.assign(new Error(`attempt ${retries + 1}`), { name: 'Throttled' });
    return { retries };
  },
} satisfies Record<string, LambdaFunction>;

/** What the cases run as an execution of its own: it fails if it is told an error. */
export const CHILD: Definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Told to fail?',
  States: {
    'Told to fail?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $exists($states.input.error) %}', Next: 'Child failed' }],
      Default: 'Child answers',
    },
    'Child answers': { Type: 'Pass', Output: { answer: '{% $states.input.question & "!" %}' }, End: true },
    'Child failed': { Type: 'Fail', Error: '{% $states.input.error %}', Cause: 'told to' },
  },
};

const call = (name: string, more: Partial<State> & object): State =>
  ({ Type: 'Task', Resource: functionArn(name), ...more }) as State;
const pass = (more: object): State => ({ Type: 'Pass', ...more }) as State;
const child = (Name: string, Input: Json, more: object = { End: true }): State =>
  ({
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Arguments: { StateMachineArn: stateMachineArn('Child'), Name, Input },
    ...more,
  }) as State;
const catchAll = (Next: string, more: object = {}) => ({ Catch: [{ ErrorEquals: ['States.ALL'], Next, ...more }] });
const each = (States: States) => ({ ProcessorConfig: { Mode: 'INLINE' as const }, StartAt: first(States), States });
/** Waits for what somebody answers who reads the table: that, an error of that name, or nothing. */
const waitFor = (answer: JsonObject, more: object): State =>
  ({
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken',
    Arguments: {
      TableName: STATE_TABLE,
      Item: {
        pk: { S: 'CASE' },
        sk: { S: '{% $states.context.Task.Token %}' },
        token: { S: '{% $states.context.Task.Token %}' },
        subject: { S: `{% $string(${asJsonata(answer)}) %}` },
      },
    },
    Next: 'See',
    ...more,
  }) as State;
/** An object whose expressions are evaluated within the one expression that it becomes. */
const asJsonata = (value: JsonObject): string => JSON.stringify(value).replaceAll(/"\{% (.*?) %\}"/g, '$1');
const first = (states: States): string => Object.keys(states)[0]!;

const VARIABLES: readonly Case[] = [
  {
    name: 'a variable is seen from the next state on, and a state hands on its input',
    states: {
      Set: pass({ Assign: { a: 1, nothing: null, b: { twice: '{% $states.input.n * 2 %}' } }, Next: 'See' }),
      See: pass({
        Output: { a: '{% $a %}', b: '{% $b %}', isNull: '{% $nothing = null %}', in: '{% $states.input %}' },
        End: true,
      }),
    },
    input: { n: 21 },
    ends: { output: { a: 1, b: { twice: 42 }, isNull: true, in: { n: 21 } } },
    enters: ['Set', 'See'],
  },
  {
    name: 'what a state assigns is made of the variables that it found',
    states: {
      Set: pass({ Assign: { a: 1 }, Next: 'Swap' }),
      Swap: pass({ Assign: { a: 2, b: '{% $a %}' }, Next: 'See' }),
      See: pass({ Output: ['{% $a %}', '{% $b %}'], End: true }),
    },
    ends: { output: [2, 1] },
    enters: ['Set', 'Swap', 'See'],
    notInTheEmulator: `assigns one after the other; AWS all at once: ${DOCS}/workflow-variables.html`,
  },
  {
    name: 'the context tells of the execution',
    states: {
      See: pass({ Output: ['{% $states.context.Execution.Input.n %}', '{% $states.context.State.Name %}'], End: true }),
    },
    input: { n: 1 },
    ends: { output: [1, 'See'] },
    enters: ['See'],
  },
  {
    name: 'an expression that yields nothing is an error',
    states: { See: pass({ Output: '{% $states.input.missing %}', End: true }) },
    input: {},
    ends: { error: 'States.QueryEvaluationError' },
    enters: ['See'],
  },
  {
    name: 'a variable that was never set is an error that a state can catch',
    states: {
      Call: call('echo', { Arguments: { a: '{% $missing %}' }, ...catchAll('Caught'), End: true }),
      Caught: pass({ Output: '{% $states.input.Error %}', End: true }),
    },
    ends: { output: 'States.QueryEvaluationError' },
    enters: ['Call', 'Caught'],
  },
  {
    name: 'what is absent from an object is left out of it, and $exists tells of it',
    states: {
      See: pass({ Output: '{% {"a": $states.input.missing, "b": $exists($states.input.missing)} %}', End: true }),
    },
    input: {},
    ends: { output: { b: false } },
    enters: ['See'],
  },
  {
    name: 'brackets make an array of one value, of many and of none',
    states: {
      See: pass({
        Output: ['{% [$states.input.one.n] %}', '{% [$states.input.many.n] %}', '{% [$states.input.none.n] %}'],
        End: true,
      }),
    },
    input: { one: { n: 1 }, many: [{ n: 1 }, { n: 2 }], none: [] },
    ends: { output: [[1], [1, 2], []] },
    enters: ['See'],
  },
];

const TASKS: readonly Case[] = [
  {
    name: 'a task gives its result on, and assigns of it',
    states: {
      Call: call('echo', {
        Arguments: { n: '{% $states.input.n %}' },
        Assign: { n: '{% $states.result.n %}' },
        Next: 'See',
      }),
      See: pass({ Output: ['{% $states.input %}', '{% $n %}'], End: true }),
    },
    input: { n: 1, m: 2 },
    ends: { output: [{ n: 1 }, 1] },
    enters: ['Call', 'See'],
  },
  {
    name: 'a task without arguments is given the input, and may say its output',
    states: { Call: call('echo', { Output: { got: '{% $states.result %}', in: '{% $states.input %}' }, End: true }) },
    input: 'hello',
    ends: { output: { got: 'hello', in: 'hello' } },
    enters: ['Call'],
  },
  {
    name: 'a function that answers nothing answers null',
    states: { Call: call('nothing', { End: true }) },
    input: {},
    ends: { output: null },
    enters: ['Call'],
  },
  {
    name: 'an error that nobody catches is the error of the execution',
    states: { Call: call('fail', { End: true }) },
    input: { name: 'StackFailed', message: 'no' },
    ends: { error: 'StackFailed' },
    enters: ['Call'],
  },
  {
    name: 'the first catcher that matches decides, and assigns of the error',
    states: {
      Call: call('fail', {
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Wrong' },
          { ErrorEquals: ['StackFailed'], Next: 'Right', Assign: { error: '{% $states.errorOutput.Error %}' } },
          { ErrorEquals: ['States.ALL'], Next: 'Wrong' },
        ],
        End: true,
      }),
      Right: pass({ Output: ['{% $error %}', '{% $contains($states.input.Cause, "because") %}'], End: true }),
      Wrong: pass({ End: true }),
    },
    input: { name: 'StackFailed', message: 'because' },
    ends: { output: ['StackFailed', true] },
    enters: ['Call', 'Right'],
  },
  {
    name: 'a catcher may say what is given on',
    states: {
      Call: call('fail', {
        ...catchAll('Caught', { Output: { was: '{% $states.errorOutput.Error %}', in: '{% $states.input.name %}' } }),
        End: true,
      }),
      Caught: pass({ End: true }),
    },
    input: { name: 'StackFailed', message: 'no' },
    ends: { output: { was: 'StackFailed', in: 'StackFailed' } },
    enters: ['Call', 'Caught'],
  },
  {
    name: 'States.TaskFailed catches what a function throws',
    states: {
      Call: call('fail', { Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }], End: true }),
      Caught: pass({ Output: 'caught', End: true }),
    },
    input: { name: 'StackFailed', message: 'no' },
    ends: { output: 'caught' },
    enters: ['Call', 'Caught'],
  },
  {
    name: 'a task is tried again, as often as its retrier says',
    states: {
      Call: call('flaky', {
        Arguments: { retries: '{% $states.context.State.RetryCount %}', failures: '{% $states.input.failures %}' },
        Retry: [{ ErrorEquals: ['Throttled'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }],
        End: true,
      }),
    },
    input: { failures: 2 },
    ends: { output: { retries: 2 } },
    enters: ['Call'],
  },
  {
    name: 'a task that was tried as often as it may is caught',
    states: {
      Call: call('flaky', {
        Arguments: { retries: '{% $states.context.State.RetryCount %}', failures: '{% $states.input.failures %}' },
        Retry: [{ ErrorEquals: ['Throttled'], IntervalSeconds: 1, MaxAttempts: 1 }],
        ...catchAll('Caught'),
        End: true,
      }),
      Caught: pass({ Output: '{% $contains($states.input.Cause, "attempt 2") %}', End: true }),
    },
    input: { failures: 2 },
    ends: { output: true },
    enters: ['Call', 'Caught'],
  },
  {
    name: 'the first retrier that names an error decides, also with no attempts',
    states: {
      Call: call('flaky', {
        Arguments: { retries: '{% $states.context.State.RetryCount %}', failures: '{% $states.input.failures %}' },
        Retry: [
          { ErrorEquals: ['Throttled'], MaxAttempts: 0 },
          { ErrorEquals: ['States.ALL'], MaxAttempts: 5, IntervalSeconds: 1 },
        ],
        End: true,
      }),
    },
    input: { failures: 1 },
    ends: { error: 'Throttled' },
    enters: ['Call'],
  },
  {
    name: 'what is too large is an error that no wildcard catches',
    states: {
      Call: call('echo', {
        Arguments: { text: '{% $join([1..5300].("fifty characters, of which 5300 make 265,000 bytes.")) %}' },
        ...catchAll('Caught'),
        End: true,
      }),
      Caught: pass({ Output: 'caught', End: true }),
    },
    input: {},
    ends: { error: 'States.DataLimitExceeded' },
    enters: ['Call'],
    notInMoto: 'lets a wildcard catch it',
  },
];

const CALLBACKS: readonly Case[] = [
  {
    name: 'a state that waits to be called back goes on with what it is told',
    states: {
      Wait: waitFor({ succeeds: { n: '{% $states.input.n + 1 %}' } }, { Assign: { got: '{% $states.result.n %}' } }),
      See: pass({ Output: ['{% $states.input %}', '{% $got %}'], End: true }),
    },
    input: { n: 1 },
    ends: { output: [{ n: 2 }, 2] },
    enters: ['Wait', 'See'],
  },
  {
    name: 'a state that waits fails with the error that it is told, which names a catcher',
    states: {
      Wait: waitFor(
        { fails: 'StackFailed' },
        {
          Catch: [
            { ErrorEquals: ['StackFailed'], Next: 'See' },
            { ErrorEquals: ['States.ALL'], Next: 'Wrong' },
          ],
        },
      ),
      See: pass({ Output: ['{% $states.input.Error %}', '{% $contains($states.input.Cause, "so it") %}'], End: true }),
      Wrong: pass({ End: true }),
    },
    ends: { output: ['StackFailed', true] },
    enters: ['Wait', 'See'],
  },
  {
    name: 'a state that hears no heartbeat fails, for which there is a name of its own',
    states: {
      Wait: waitFor(
        { isSilent: true },
        {
          HeartbeatSeconds: 1,
          Catch: [
            { ErrorEquals: ['Other'], Next: 'Wrong' },
            { ErrorEquals: ['States.HeartbeatTimeout'], Next: 'See' },
          ],
        },
      ),
      See: pass({ Output: '{% $states.input.Error %}', End: true }),
      Wrong: pass({ End: true }),
    },
    ends: { output: 'States.HeartbeatTimeout' },
    enters: ['Wait', 'See'],
    notInMoto: 'calls the error States.Timeout',
  },
  {
    name: 'a heartbeat that does not come is caught by States.ALL',
    states: {
      Wait: waitFor({ isSilent: true }, { HeartbeatSeconds: 1, ...catchAll('See') }),
      See: pass({ Output: 'silence', End: true }),
    },
    ends: { output: 'silence' },
    enters: ['Wait', 'See'],
  },
];

const WAYS: readonly Case[] = [
  {
    name: 'the first rule that is true decides',
    states: {
      Ask: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 5 %}', Next: 'Large' },
          { Condition: '{% $states.input.n > 1 %}', Next: 'Middle' },
        ],
        Default: 'Small',
      },
      Large: pass({ End: true }),
      Middle: pass({ Output: 'middle', End: true }),
      Small: pass({ End: true }),
    },
    input: { n: 3 },
    ends: { output: 'middle' },
    enters: ['Ask', 'Middle'],
  },
  {
    name: 'without a rule that is true it goes to the default',
    states: {
      Ask: {
        Type: 'Choice',
        Choices: [{ Condition: '{% "a" in $states.input %}', Next: 'There' }],
        Default: 'Missing',
      },
      There: pass({ End: true }),
      Missing: { Type: 'Succeed' },
    },
    input: ['b'],
    ends: { output: ['b'] },
    enters: ['Ask', 'Missing'],
  },
  {
    name: 'a choice that matches nothing fails',
    states: {
      Ask: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'There' }] },
      There: pass({ End: true }),
    },
    ends: { error: 'States.NoChoiceMatched' },
    enters: ['Ask'],
    notInMoto: 'calls the error States.Runtime',
  },
  {
    name: 'a condition must be true or false',
    states: {
      Ask: { Type: 'Choice', Choices: [{ Condition: '{% "yes" %}', Next: 'There' }], Default: 'There' },
      There: pass({ End: true }),
    },
    ends: { error: 'States.QueryEvaluationError' },
    enters: ['Ask'],
    notInTheEmulator: `takes any value; AWS a boolean only: ${DOCS}/state-choice.html`,
    notInMoto: 'calls the error States.Runtime',
  },
  {
    name: 'a wait takes as long as an expression says, and hands on its input',
    states: { Wait: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Next: 'Done' }, Done: { Type: 'Succeed' } },
    input: { seconds: 0 },
    ends: { output: { seconds: 0 } },
    enters: ['Wait', 'Done'],
  },
  {
    name: 'an execution that takes longer than it may has timed out',
    timeoutSeconds: 1,
    states: { Wait: { Type: 'Wait', Seconds: 2, Next: 'Late' }, Late: { Type: 'Succeed' } },
    input: {},
    ends: { error: 'States.Timeout' },
    enters: ['Wait'],
    notInTheEmulator: `knows no TimeoutSeconds; AWS: ${DOCS}/statemachine-structure.html`,
    notInMoto: 'times out, and names no error',
  },
  {
    name: 'an execution fails with what its last state says',
    states: {
      Set: pass({ Assign: { error: { Error: 'A', Cause: 'b' } }, Next: 'Fail' }),
      Fail: { Type: 'Fail', Error: '{% $error.Error %}', Cause: '{% $error.Cause %}' },
    },
    ends: { error: 'A', cause: 'b' },
    enters: ['Set', 'Fail'],
  },
];

const MAPS: readonly Case[] = [
  {
    name: 'a Map gives the outputs in the order of its items, and assigns of them',
    states: {
      Each: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        MaxConcurrency: '{% $states.input.atOnce %}',
        ItemProcessor: each({
          Turn: { Type: 'Wait', Seconds: '{% $states.input = 1 ? 1 : 0 %}', Next: 'Call' },
          Call: call('echo', {
            Arguments: { n: '{% $states.input %}', at: '{% $states.context.Map.Item.Index %}' },
            End: true,
          }),
        }),
        Assign: { sum: '{% $sum($states.result.n) %}' },
        Next: 'See',
      },
      See: pass({ Output: ['{% $states.input %}', '{% $sum %}'], End: true }),
    },
    input: { items: [1, 2], atOnce: 2 },
    ends: {
      output: [
        [
          { n: 1, at: 0 },
          { n: 2, at: 1 },
        ],
        3,
      ],
    },
    enters: ['Each', 'See'],
    notInMoto: 'does not tell the states of an item which one it is',
  },
  {
    name: 'a Map of no items gives none',
    states: { Each: { Type: 'Map', Items: [], ItemProcessor: each({ Item: pass({ End: true }) }), End: true } },
    ends: { output: [] },
    enters: ['Each'],
  },
  {
    name: 'items read the variables around them',
    states: {
      Set: pass({ Assign: { a: 10 }, Next: 'Each' }),
      Each: {
        Type: 'Map',
        Items: '{% $states.input %}',
        ItemProcessor: each({ Add: pass({ Output: '{% $a + $states.input %}', End: true }) }),
        End: true,
      },
    },
    input: [1, 2],
    ends: { output: [11, 12] },
    enters: ['Set', 'Each'],
  },
  {
    name: 'an item has variables of its own',
    states: {
      Each: {
        Type: 'Map',
        Items: '{% $states.input %}',
        ItemProcessor: each({
          Set: pass({ Assign: { own: '{% $states.input %}' }, Next: 'Let others' }),
          'Let others': { Type: 'Wait', Seconds: 1, Next: 'See' },
          See: pass({ Output: '{% $own %}', End: true }),
        }),
        Next: 'Outside',
      },
      Outside: pass({ Output: ['{% $states.input %}', '{% $exists($own) %}'], End: true }),
    },
    input: ['a', 'b'],
    ends: { output: [['a', 'b'], false] },
    enters: ['Each', 'Outside'],
  },
  {
    name: 'an item that fails fails the Map, which can be caught',
    states: {
      Each: {
        Type: 'Map',
        Items: ['good', 'bad'],
        MaxConcurrency: 1,
        ItemProcessor: each({
          Ask: {
            Type: 'Choice',
            Choices: [{ Condition: '{% $states.input = "good" %}', Next: 'Good' }],
            Default: 'Bad',
          },
          Good: { Type: 'Succeed' },
          Bad: { Type: 'Fail', Error: 'Bad', Cause: 'one of them' },
        }),
        ...catchAll('Caught', { Assign: { error: '{% $states.errorOutput %}' } }),
        Next: 'Fine',
      },
      Fine: pass({ End: true }),
      Caught: pass({ Output: '{% $error %}', End: true }),
    },
    ends: { output: { Error: 'Bad', Cause: 'one of them' } },
    enters: ['Each', 'Caught'],
  },
  {
    name: 'items must be an array',
    states: {
      Each: {
        Type: 'Map',
        Items: '{% $states.input %}',
        ItemProcessor: each({ Item: pass({ End: true }) }),
        End: true,
      },
    },
    input: 'no array',
    ends: { error: 'States.QueryEvaluationError' },
    enters: ['Each'],
  },
];

const EXECUTIONS: readonly Case[] = [
  {
    name: 'an execution that is waited for gives its output as JSON',
    states: {
      Run: child(
        '{% "asks-" & $states.context.Execution.Name %}',
        { question: 'how' },
        { Output: '{% [$states.result.Status, $states.result.Output] %}', End: true },
      ),
    },
    ends: { output: ['SUCCEEDED', { answer: 'how!' }] },
    enters: ['Run'],
  },
  {
    name: 'an execution that fails fails its task, with what became of it as the cause',
    states: {
      Run: child(
        '{% "fails-" & $states.context.Execution.Name %}',
        { error: 'Told' },
        { ...catchAll('Caught'), End: true },
      ),
      Caught: pass({
        Output: ['{% $states.input.Error %}', '{% $contains($states.input.Cause, "Told") %}'],
        End: true,
      }),
    },
    ends: { output: ['States.TaskFailed', true] },
    enters: ['Run', 'Caught'],
    notInTheEmulator: `gives the inner error itself; AWS States.TaskFailed: ${DOCS}/connect-stepfunctions.html`,
  },
];

export const CASES: readonly Case[] = [...VARIABLES, ...TASKS, ...CALLBACKS, ...WAYS, ...MAPS, ...EXECUTIONS];

export const definitionOf = ({ states, timeoutSeconds }: Case): Definition => ({
  QueryLanguage: 'JSONata',
  StartAt: first(states),
  States: states,
  ...(timeoutSeconds === undefined ? {} : { TimeoutSeconds: timeoutSeconds }),
});
