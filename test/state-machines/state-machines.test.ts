import type { Json } from '../../lib/core/text/canonical-json';
import { answerOfCase, CASES, type Case, CHILD, callBack, definitionOf, FUNCTIONS } from './cases';
import type { State } from './definition';
import { ownDefinitions } from './definitions';
import { functionArn, stateMachines } from './state-machines';
import { virtualClock } from './virtual-clock';

/** Runs one case. `took`: milliseconds of its own clock. */
async function run(given: Case) {
  const clock = virtualClock();
  const entered: string[] = [];
  const machines = stateMachines({
    definitions: { Case: definitionOf(given), Child: CHILD },
    functions: FUNCTIONS,
    putItem: async (item) => {
      const answer = answerOfCase(item);
      if (answer) await callBack(machines.callbacks, answer);
    },
    now: clock.now,
    sleep: clock.sleep,
    entered: (state, execution) => void (execution === 'case' && entered.push(state)),
  });
  const { status, ...end } = await machines.run('Case', { name: 'case', input: given.input ?? null });
  return {
    status,
    end,
    took: clock.now(),
    enters: entered.filter((state) => Object.hasOwn(given.states, state)),
    entered,
  };
}

const aCase = (states: Case['states'], input: Json = {}): Case => ({
  name: '',
  states,
  input,
  ends: { output: null },
  enters: [],
});
const task = (more: object): State => ({ Type: 'Task', Resource: functionArn('flaky'), End: true, ...more }) as State;
const pass = (more: object): State => ({ Type: 'Pass', End: true, ...more }) as State;

describe('an execution comes to what it comes to on AWS', () => {
  it.each(CASES)('$name', async (given) => {
    const { end, enters } = await run(given);
    expect(end).toMatchObject(given.ends);
    expect(enters).toEqual(given.enters);
  });
});

interface Written {
  readonly token: { readonly S: string };
}

describe('the time that an execution takes', () => {
  const Arguments = { retries: '{% $states.context.State.RetryCount %}', failures: 3 };

  it.each([
    ['grows by the rate', { BackoffRate: 2 }, (1 + 2 + 4) * 1_000],
    ['grows no further than it may', { BackoffRate: 2, MaxDelaySeconds: 2 }, (1 + 2 + 2) * 1_000],
    ['is half of that on average with full jitter', { BackoffRate: 1, JitterStrategy: 'FULL' }, 1_500],
  ])('between attempts %s', async (_, more, took) => {
    const retrier = { ErrorEquals: ['Throttled'], IntervalSeconds: 1, MaxAttempts: 3, ...more };
    expect(await run(aCase({ Call: task({ Arguments, Retry: [retrier] }) }))).toMatchObject({
      end: { output: { retries: 3 } },
      took,
    });
  });

  it('is that of the longest item where all are worked on at once, and their sum where it is one by one', async () => {
    const waits = {
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: '{% $states.input %}', End: true } as State },
    };
    const map = (MaxConcurrency: number): State => ({
      Type: 'Map',
      Items: [3, 1, 2],
      MaxConcurrency,
      ItemProcessor: waits,
      End: true,
    });
    expect((await run(aCase({ Each: map(0) }))).took).toBe(3_000);
    expect((await run(aCase({ Each: map(2) }))).took).toBe(3_000);
    expect((await run(aCase({ Each: map(1) }))).took).toBe(6_000);
  });

  it('ends at the moment at which it has timed out', async () => {
    const wait: State = { Type: 'Wait', Seconds: 3_600, End: true };
    const { status, took } = await run({ ...aCase({ Wait: wait }), timeoutSeconds: 60 });
    expect(status).toBe('TIMED_OUT');
    expect(took).toBeLessThanOrEqual(60_001);
  });

  it('goes on until a heartbeat has not come for as long as it may, counted from the last one', async () => {
    const item = { pk: { S: 'CASE' }, token: { S: '{% $states.context.Task.Token %}' }, subject: { S: '{}' } };
    const wait = {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken',
      HeartbeatSeconds: 90,
      Arguments: { TableName: 'State', Item: item },
      End: true,
    } satisfies State;
    expect((await run(aCase({ Wait: wait }))).took).toBe(90_000);
    const clock = virtualClock();
    const machines = stateMachines({
      definitions: { Beaten: definitionOf(aCase({ Wait: wait })) },
      functions: {},
      putItem: async (item) => {
        void clock.sleep(60_000).then(() => machines.callbacks.beat((item as unknown as Written).token.S));
      },
      ...clock,
    });
    const end = await machines.run('Beaten', { name: 'beaten', input: {} });
    expect([end, clock.now()]).toEqual([expect.objectContaining({ error: 'States.HeartbeatTimeout' }), 150_000]);
  });

  it('is what expressions see as $millis', async () => {
    const states = {
      Wait: { Type: 'Wait', Seconds: 5, Next: 'See' } as State,
      See: pass({ Output: '{% $millis() %}' }),
    };
    expect(await run(aCase(states))).toMatchObject({ end: { output: 5_000 } });
  });
});

it('an item that fails stops its neighbours at their next state', async () => {
  const each = {
    StartAt: 'Wait',
    States: {
      Wait: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'Ask' },
      Ask: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'Fail' }], Default: 'After' },
      Fail: { Type: 'Fail', Error: 'Bad' },
      After: { Type: 'Succeed' },
    } satisfies Record<string, State>,
  };
  const states = { Each: { Type: 'Map', Items: [2, 1, 0], ItemProcessor: each, End: true } satisfies State };
  const { end, entered } = await run(aCase(states));
  expect(end).toMatchObject({ error: 'Bad' });
  expect(entered.filter((state) => state === 'After')).toHaveLength(1);
});

it('a state that was told something, or has given up, cannot be told anything any more', async () => {
  const clock = virtualClock();
  const tokens: string[] = [];
  const told: string[] = [];
  const machines = stateMachines({
    definitions: { Case: definitionOf(CASES.find(({ name }) => name.includes('goes on with what it is told'))!) },
    functions: {},
    putItem: async (item) => {
      const { token } = answerOfCase(item)!;
      tokens.push(token);
      told.push(await machines.callbacks.succeed(token, { n: 2 }), await machines.callbacks.succeed(token, { n: 3 }));
    },
    ...clock,
  });
  expect(await machines.run('Case', { name: 'case', input: { n: 1 } })).toMatchObject({ output: [{ n: 2 }, 2] });
  expect([...told, await machines.callbacks.beat(tokens[0]!)]).toEqual(['told', 'gone', 'gone']);
});

it('an execution is not started twice under one name', async () => {
  const start = (Next: object) =>
    ({
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: {
        StateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:Child',
        Name: 'a',
        Input: {},
      },
      ...Next,
    }) as State;
  const { end } = await run(aCase({ One: start({ Output: 1, Next: 'Two' }), Two: start({ End: true }) }));
  expect(end).toMatchObject({ error: 'StepFunctions.ExecutionAlreadyExistsException' });
});

describe('what is not interpreted', () => {
  const refused = (states: object) => () => run(aCase(states as Case['states']));

  it.each([
    ['a state of another type', { A: { Type: 'Parallel', Branches: [], End: true } }, 'type "Parallel"'],
    ['a field of a state', { A: task({ TimeoutSeconds: 5 }) }, 'field "TimeoutSeconds"'],
    ['a heartbeat of a task that waits for no call', { A: task({ HeartbeatSeconds: 5 }) }, 'hears no heartbeat'],
    ['a field of JSONPath', { A: pass({ ResultPath: '$.a' }) }, 'field "ResultPath"'],
    ['another language', { A: pass({ QueryLanguage: 'JSONPath' }) }, 'not in JSONata'],
    ['a field of a retrier', { A: task({ Retry: [{ ErrorEquals: ['A'], Other: 1 }] }) }, 'field "Other"'],
    [
      'a field of a catcher',
      { A: task({ Catch: [{ ErrorEquals: ['A'], Next: 'A', ResultPath: '$' }] }) },
      '"ResultPath"',
    ],
    ['a rule of JSONPath', { A: { Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'A' }] } }, 'field "Variable"'],
    [
      'a distributed Map',
      {
        A: {
          Type: 'Map',
          Items: [],
          End: true,
          ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'B', States: { B: pass({}) } },
        },
      },
      'not inline',
    ],
  ])('is refused before anything runs: %s', async (_, states, message) => {
    await expect(refused(states)).rejects.toThrow(message);
  });

  it.each([
    ['a state that is not there', { A: pass({ End: undefined, Next: 'B' }) }, 'no state "B"'],
    ['a state that goes nowhere', { A: pass({ End: undefined }) }, 'either Next or End'],
    ['an expression that is none', { A: pass({ Output: '{% a b %}' }) }, 'no expression'],
    [
      'an operator that Step Functions does not have',
      { A: pass({ Output: '{% $states.input.a ?? 1 %}' }) },
      'no expression',
    ],
    [
      'a wildcard that is not the last',
      {
        A: task({
          Catch: [
            { ErrorEquals: ['States.ALL'], Next: 'A' },
            { ErrorEquals: ['B'], Next: 'A' },
          ],
        }),
      },
      'alone, and last',
    ],
    [
      'a variable that is set in a Map and around it',
      {
        A: {
          Type: 'Map',
          Items: [],
          Assign: { a: 1 },
          End: true,
          ItemProcessor: { StartAt: 'B', States: { B: pass({ Assign: { a: 2 } }) } },
        },
      },
      'the variable "a"',
    ],
  ])('is what AWS refuses too: %s', async (_, states, message) => {
    await expect(refused(states)).rejects.toThrow(message);
  });

  it.each(['$eval("1")', '$uuid()', '$parse("1")', '$now()'])('is a function that we do not use: %s', async (call) => {
    await expect(refused({ A: pass({ Output: `{% ${call} %}` }) })).rejects.toThrow('not interpreted');
  });

  it('is a resource that is no function of the test', async () => {
    await expect(refused({ A: task({ Resource: 'arn:aws:states:::sns:publish' }) })).rejects.toThrow('sns:publish');
  });
});

it('our own definitions are interpreted in full', () => {
  const props = { functions: {}, now: () => 0, sleep: async () => {} };
  expect(Object.keys(ownDefinitions()).sort()).toEqual([
    'Seedbed-Release',
    'Seedbed-ServiceRelease',
    'Seedbed-Watcher',
  ]);
  expect(() => stateMachines({ definitions: ownDefinitions(), ...props })).not.toThrow();
});
