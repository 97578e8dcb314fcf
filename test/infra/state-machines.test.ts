import { Template } from 'aws-cdk-lib/assertions';
import { errorCodes, retryableCodes } from '../../lib/core/contracts/errors';
import { OPERATIONS } from '../../lib/core/contracts/operations';
import { WAIT_WORKER_TIMEOUT } from '../../lib/core/contracts/worker-declaration';
import { pollUntil } from '../../lib/release/poll-until';
import { documents } from '../docs/markdown';
import { allStates, type Machine, onErrorIn, stateMachine, successors, watchedWaits } from './state-machine';
import { aPlatform } from './synthesise';

const template = Template.fromStack(aPlatform().platform);
const release = stateMachine(template, 'Seedbed-Release');
const serviceRelease = stateMachine(template, 'Seedbed-ServiceRelease');
const tasks = (machine: Machine) => allStates(machine).filter(([, { Type }]) => Type === 'Task');

it('are drawn in docs/architecture.md with the names that their states have', () => {
  const { text } = documents().find(({ path }) => path === 'docs/architecture.md')!;
  const [, picture] = /^```mermaid\n(flowchart TB\n {2}push.*?)^```/ms.exec(text)!;
  const drawn = [...picture!.matchAll(/\w(?:\[{1,2}|\(\[)"?([A-Z][^\]"]+)/g)].map(([, name]) => name);
  expect(drawn.length).toBeGreaterThan(20);
  const names = [...allStates(release), ...allStates(serviceRelease)].map(([name]) => name);
  expect(drawn.filter((name) => !names.includes(name!))).toEqual([]);
});

describe('both state machines', () => {
  it.each([
    ['Release', release],
    ['ServiceRelease', serviceRelease],
  ])('%s runs every worker again after faults of Lambda and errors that may pass, with jitter', (_, machine) => {
    const workers = tasks(machine).filter(([, { Resource }]) => Resource === '<token>');
    expect(workers.length).toBeGreaterThan(1);
    for (const [name, { Retry }] of workers) {
      const errors = Retry?.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect([name, errors]).toEqual([
        name,
        expect.arrayContaining(['Lambda.TooManyRequestsException', 'Lambda.ServiceException', ...retryableCodes()]),
      ]);
      expect([name, Retry?.map(({ JitterStrategy }) => JitterStrategy)]).toEqual([
        name,
        ['FULL', 'FULL', 'FULL', 'NONE', 'FULL', 'FULL'],
      ]);
    }
  });

  it.each([
    ['Release', release],
    ['ServiceRelease', serviceRelease],
  ])('%s waits longer than an hour for a host of repositories that has enough of our calls', (_, machine) => {
    for (const [name, { Retry }] of tasks(machine).filter(([, { Resource }]) => Resource === '<token>')) {
      const [retry] = Retry!.filter(({ ErrorEquals }) => ErrorEquals.includes('SourceUnavailable'));
      expect([name, retry?.ErrorEquals]).toEqual([name, ['SourceUnavailable']]);
      const { IntervalSeconds = 0, BackoffRate = 1, MaxAttempts = 0, MaxDelaySeconds = 0 } = retry!;
      const waits = Array.from({ length: MaxAttempts }, (_, attempt) =>
        Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds),
      );
      expect(waits[0]).toBeLessThanOrEqual(10);
      expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(70 * 60);
    }
  });

  it.each([
    ['Release', release],
    ['ServiceRelease', serviceRelease],
  ])('%s says in each state that it fails in where to read what to do', (_, machine) => {
    const failed = allStates(machine).filter(([, { Type }]) => Type === 'Fail');
    expect(failed.length).toBeGreaterThan(0);
    for (const [name, { Comment }] of failed) {
      expect([name, Comment]).toEqual([name, `What to do: ${OPERATIONS.failed}`]);
    }
  });

  it.each([
    ['Release', release],
    ['ServiceRelease', serviceRelease],
  ])('%s has no state that nothing leads to', (_, machine) => {
    const unreachable = (inner: Machine): string[] => {
      const reached = new Set([inner.StartAt]);
      for (const name of reached) for (const next of successors(inner.States[name]!)) reached.add(next);
      const maps = Object.values(inner.States).flatMap(({ ItemProcessor }) => (ItemProcessor ? [ItemProcessor] : []));
      return [...Object.keys(inner.States).filter((name) => !reached.has(name)), ...maps.flatMap(unreachable)];
    };
    expect(unreachable(machine)).toEqual([]);
  });

  it.each([
    ['Release', release],
    ['ServiceRelease', serviceRelease],
  ])('%s runs a worker again that died or ran out of time, or for which a service was too busy', (_, machine) => {
    const LOST = ['Runtime.ExitError', 'Sandbox.Timedout', 'Lambda.Unknown'];
    // As workers call what AWS calls otherwise in each service: lib/aws/worker-handler.ts.
    const PASSING = ['Throttled', 'ServiceUnavailable'];
    for (const [name, { Retry }] of tasks(machine).filter(([, { Resource }]) => Resource === '<token>')) {
      const errors = Retry?.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect([name, errors]).toEqual([name, expect.arrayContaining([...LOST, ...PASSING])]);
      expect(new Set(errors).size).toBe(errors?.length); // the first retrier that names an error decides
    }
  });

  it('are traced and log all they do', () => {
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
    });
  });
});

describe('ServiceRelease', () => {
  const onError = onErrorIn(serviceRelease);

  it.each([
    ...['Start build', 'Wait for build', 'Use stored package', 'Decide', 'Restore code of earlier versions', 'Record'],
    ...['Start before_deploy', 'Wait for before_deploy', 'Start after_deploy', 'Wait for after_deploy'],
  ])('records the failure when "%s" fails', (name) => {
    expect(onError(name)).toEqual([[['States.ALL'], 'Record failure']]);
  });

  it.each([
    'Start stack update',
    'Wait for stack',
    'Compare functions',
    'Prepare versions',
    'Move aliases',
    'Stop shift',
  ])('puts functions back before it records the failure when "%s" fails', (name) => {
    expect(onError(name)).toEqual([[['States.ALL'], 'Restore functions']]);
    expect(serviceRelease.States['Restore functions']).toMatchObject({ Next: 'Record failure' });
  });

  it.each(['Start shift', 'Wait for shift'])(
    'stops CodeDeploy before it puts functions back when "%s" fails',
    (name) => {
      expect(onError(name)).toEqual([[['States.ALL'], 'Stop shift']]);
      expect(serviceRelease.States['Stop shift']).toMatchObject({ Next: 'Shift stopped?' });
      expect(successors(serviceRelease.States['Shift stopped?']!).sort()).toEqual(['Restore functions', 'Stop shift']);
    },
  );

  it('moves what CodeDeploy cannot move only after all that has shifted well', () => {
    expect(successors(serviceRelease.States['Shift finished?']!).sort()).toEqual([
      'All functions shifted?',
      'Wait for shift without watcher',
    ]);
    expect(successors(serviceRelease.States['All functions shifted?']!).sort()).toEqual(['Move aliases', 'Stop shift']);
    expect(serviceRelease.States['Move aliases']).toMatchObject({ Next: 'All aliases moved?' });
    expect(successors(serviceRelease.States['All aliases moved?']!).sort()).toEqual([
      'Move aliases',
      'Moved back to earlier versions?',
    ]);
  });

  it('records the failure even if functions could not be put back', () => {
    expect(onError('Restore functions')).toEqual([[['States.ALL'], 'Record failure']]);
  });

  it('fails with the error that stopped it', () => {
    expect(serviceRelease.States['Service failed']).toMatchObject({
      Type: 'Fail',
      Error: '{% $error.Error %}',
      Cause: '{% $error.Cause %}',
    });
  });

  it('moves no alias before every version is prepared', () => {
    const before = Object.entries(serviceRelease.States).filter(([, state]) =>
      successors(state).includes('Begin shift'),
    );
    expect(before.map(([name]) => name)).toEqual(['Prepare versions']);
    expect(successors(serviceRelease.States['How to shift?']!).sort()).toEqual(['Move aliases', 'Start shift']);
  });

  it('builds nothing for a rollback, and then goes the same way', () => {
    expect(serviceRelease.States['Begin build']).toMatchObject({ Next: 'Build, reuse or remove?' });
    expect(successors(serviceRelease.States['Build, reuse or remove?']!)).toEqual([
      'Start build',
      'Use stored package',
      'Begin removal',
    ]);
    expect(serviceRelease.States['Use stored package']).toMatchObject({ Next: 'Begin deploy' });
  });

  it('puts code back only when aliases have moved back to versions of before', () => {
    expect(successors(serviceRelease.States['Moved back to earlier versions?']!)).toEqual([
      'Has after_deploy?',
      'Restore code of earlier versions',
    ]);
    expect(serviceRelease.States['Restore code of earlier versions']).toMatchObject({ Next: 'Record' });
  });

  it('runs before_deploy, if there is one, between the decision and all that touches the service', () => {
    expect(serviceRelease.States.Decide).toMatchObject({ Next: 'Has before_deploy?' });
    expect(successors(serviceRelease.States['Has before_deploy?']!)).toEqual(['How to deploy?', 'Start before_deploy']);
    expect(successors(serviceRelease.States['before_deploy finished?']!)).toEqual([
      'How to deploy?',
      'Wait for before_deploy without watcher',
    ]);
  });

  it('runs after_deploy, if there is one, when all aliases have moved, and keeps them there if it fails', () => {
    expect(successors(serviceRelease.States['Has after_deploy?']!)).toEqual(['Record', 'Start after_deploy']);
    for (const name of ['Start after_deploy', 'Wait for after_deploy', 'Wait for after_deploy without watcher']) {
      expect(serviceRelease.States[name]!.Catch![0]).toMatchObject({ Assign: { kept: '{% [$prepared.logicalId] %}' } });
    }
  });

  it('prepares at most 40 batches at once', () => {
    expect(serviceRelease.States['Prepare versions']).toMatchObject({ Type: 'Map', MaxConcurrency: 40 });
  });
});

describe('a state that waits to be called back', () => {
  const waits = [serviceRelease, release].flatMap(watchedWaits);

  it('is there for every build, stack and shift', () => {
    expect(waits.map(([name]) => name).sort()).toEqual([
      ...['Wait for after_all', 'Wait for after_deploy', 'Wait for after_remove', 'Wait for before_deploy'],
      ...['Wait for before_remove', 'Wait for build', 'Wait for shift', 'Wait for stack', 'Wait for stack deletion'],
    ]);
  });

  it.each(waits)('%s goes on and fails as the wait worker does that takes its place', (_, watched, alone) => {
    expect(watched.Next).toBe(alone.Next);
    const [ofJob, ofWatching, ...more] = watched.Catch!;
    expect(more).toEqual([]);
    expect(alone.Catch).toEqual([{ ...ofJob, ErrorEquals: ['States.ALL'] }]);
    expect(ofWatching).toEqual({ ErrorEquals: ['States.ALL'], Next: expect.stringMatching(/ without watcher$/) });
    expect(watched.Assign).toEqual(alone.Assign);
    expect(watched.Retry).toBeUndefined();
  });

  it.each(waits)('%s takes all of our errors for the job’s, but for those that may pass', (_, { Catch }) => {
    const lasting = errorCodes().filter((code) => !retryableCodes().includes(code));
    expect([...Catch![0]!.ErrorEquals].sort()).toEqual([...lasting].sort());
  });

  it.each(waits)('%s waits for three heartbeats, and for one more call of the watcher than may fail', (_, watched) => {
    expect(watched.HeartbeatSeconds).toBe(90);
    expect(watched.HeartbeatSeconds).toBeGreaterThan(WAIT_WORKER_TIMEOUT);
  });
});

describe('Watcher', () => {
  const watcher = stateMachine(template, 'Seedbed-Watcher');

  it('is started once something is to be released, and neither waited for nor needed', () => {
    expect(successors(release.States['Anything to do?']!).sort()).toEqual(['Finish', 'Start watcher']);
    expect(release.States['Start watcher']).toMatchObject({
      Resource: expect.stringMatching(/states:startExecution$/),
      Next: 'Phases',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Phases' }],
    });
  });

  it('watches until the release has ended', () => {
    expect(successors(watcher.States.Watch!)).toEqual(['Release ended?']);
    expect(successors(watcher.States['Release ended?']!).sort()).toEqual(['Release has ended', 'Watch']);
  });
});

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MOST_EVENTS = 25_000;
/** Of a state that runs a worker: entered, scheduled, started, succeeded, exited; and a Choice, entered and exited. */
const EVENTS_OF_A_LOOP = 7;
/** What CodeDeploy gives a deployment: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const LONGEST_SHIFT = 50 * 3_600;

describe('the history of an execution has room for', () => {
  const eventsOf = async (seconds: number): Promise<number> => {
    let now = 0;
    const sleep = async (milliseconds: number) => {
      now += milliseconds;
    };
    await pollUntil({ now: () => now, sleep }, async () => undefined);
    return Math.ceil((seconds * 1_000) / now) * EVENTS_OF_A_LOOP;
  };
  const longest = (machine: Machine): number => machine.TimeoutSeconds!;
  const watcher = stateMachine(template, 'Seedbed-Watcher');
  /** Each state once, with two tries of each worker. */
  const all = (machine: Machine): number => allStates(machine).length * 10;

  it('all calls of a watcher', async () => {
    expect((await eventsOf(longest(watcher))) + all(watcher)).toBeLessThan(MOST_EVENTS);
  });

  it('the longest shift, also if no watcher ever looks', async () => {
    expect((await eventsOf(LONGEST_SHIFT)) + all(serviceRelease)).toBeLessThan(MOST_EVENTS);
  });

  it('a service that takes as long as it may, where a watcher looks', async () => {
    const alone = longest(serviceRelease) - longest(watcher);
    expect((await eventsOf(alone)) + all(serviceRelease)).toBeLessThan(MOST_EVENTS);
    expect(longest(watcher)).toBeGreaterThan(LONGEST_SHIFT);
  });
});

describe('Release', () => {
  it('finishes on success and on failure', () => {
    expect(successors(release.States['Has after_all?']!)).toEqual(['Finish', 'Start after_all']);
    for (const name of ['Plan', 'Phases', 'Start after_all', 'Wait for after_all']) {
      expect(onErrorIn(release)(name)).toEqual([[['States.ALL'], 'Finish failed release']]);
    }
  });

  it('runs after_all, if there is one, when all phases have succeeded', () => {
    expect(release.States.Phases).toMatchObject({ Next: 'Has after_all?' });
    expect(successors(release.States['after_all finished?']!)).toEqual([
      'Finish',
      'Wait for after_all without watcher',
    ]);
  });

  it('runs as many services of a phase side by side as the plan says', () => {
    expect(release.States.Phases!.ItemProcessor!.States.Services).toMatchObject({ MaxConcurrency: '{% $parallel %}' });
    expect(release.States.Plan).toMatchObject({ Assign: { parallel: '{% $states.result.parallel %}' } });
  });

  it('runs phases one after the other, and lets the services of a phase end before it fails', () => {
    expect(release.States.Phases).toMatchObject({ Type: 'Map', MaxConcurrency: 1 });
    const services = release.States.Phases!.ItemProcessor!.States.Services!.ItemProcessor!;
    expect(services.States['Release service']).toMatchObject({
      Resource: expect.stringMatching(/states:startExecution\.sync:2$/),
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Service did not succeed' }],
    });
  });
});
