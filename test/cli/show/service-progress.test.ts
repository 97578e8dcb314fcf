import { serviceProgress, shownDurations, stepTimes } from '../../../lib/cli/show/service-progress';

const newestFirst = (...states: readonly (readonly [string, number])[]) =>
  states.map(([name, at]) => ({ name, at })).reverse();

const PUSH = {};
const ROLLBACK = { rollback: { to: '01HZZZZZZZZZZZZZZZZZZZZZZA' } };

describe('the progress of a service', () => {
  it('is the step that began last, with the time of those before it', () => {
    const progress = serviceProgress(
      'orders',
      newestFirst(['Begin build', 1_000], ['Start build', 1_001], ['Begin deploy', 3_000], ['Decide', 3_010]),
      { release: PUSH },
    );
    expect(progress.state).toBe('Decide');
    expect(stepTimes(progress)).toEqual({ current: { step: 'deploy', since: 3_000 }, done: { build: 2_000 } });
  });

  it('remembers steps that have left the history', () => {
    const before = serviceProgress('orders', newestFirst(['Begin build', 1_000], ['Begin deploy', 3_000]), {
      release: PUSH,
    });
    const after = serviceProgress('orders', newestFirst(['Prepare functions', 3_400], ['Begin shift', 3_500]), {
      release: PUSH,
      before,
    });
    expect(stepTimes(after)).toEqual({ current: { step: 'shift', since: 3_500 }, done: { build: 2_000, deploy: 500 } });
  });

  it('is no step before the execution of the service has begun', () => {
    expect(stepTimes(serviceProgress('orders', [], { release: PUSH }))).toEqual({ current: undefined, done: {} });
  });

  it('goes from build to record when nothing is to be deployed', () => {
    const progress = serviceProgress('orders', newestFirst(['Begin build', 0], ['Begin deploy', 5], ['Record', 9]), {
      release: PUSH,
    });
    expect(stepTimes(progress)).toEqual({ current: { step: 'record', since: 9 }, done: { build: 5, deploy: 4 } });
  });

  it('of a rollback is deploy from the first state on, for it builds nothing', () => {
    const first = serviceProgress('orders', newestFirst(['Begin build', 0]), { release: ROLLBACK });
    expect(first.state).toBeUndefined();
    expect(stepTimes(first)).toEqual({ current: { step: 'deploy', since: 0 }, done: {} });

    const taking = newestFirst(['Begin build', 0], ['Build, reuse or remove?', 1], ['Use stored package', 2]);
    const second = serviceProgress('orders', taking, { release: ROLLBACK, before: first });
    expect(second.state).toBe('Use stored package');

    const later = newestFirst(['Begin deploy', 7], ['Begin shift', 9]);
    const third = serviceProgress('orders', later, { release: ROLLBACK, before: second });
    expect(stepTimes(third)).toEqual({ current: { step: 'shift', since: 9 }, done: { deploy: 9 } });
  });
});

describe('the durations of a service', () => {
  it('are shown as they are where something was built', () => {
    expect(shownDurations({ build: 5, deploy: 4 }, PUSH)).toEqual({ build: 5, deploy: 4 });
  });

  it('count to deploy what a rollback did in place of a build', () => {
    expect(shownDurations({ build: 5, deploy: 4, record: 1 }, ROLLBACK)).toEqual({ deploy: 9, record: 1 });
    expect(shownDurations({ build: 5 }, ROLLBACK)).toEqual({ deploy: 5 });
    expect(shownDurations({ deploy: 5 }, ROLLBACK)).toEqual({ deploy: 5 });
  });
});
