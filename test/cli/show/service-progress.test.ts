import { serviceProgress, stepTimes } from '../../../lib/cli/show/service-progress';

const newestFirst = (...states: readonly (readonly [string, number])[]) =>
  states.map(([name, at]) => ({ name, at })).reverse();

describe('the progress of a service', () => {
  it('is the step that began last, with the time of those before it', () => {
    const progress = serviceProgress(
      'orders',
      newestFirst(['Begin build', 1_000], ['Start build', 1_001], ['Begin deploy', 3_000], ['Decide', 3_010]),
    );
    expect(progress.state).toBe('Decide');
    expect(stepTimes(progress)).toEqual({ current: { step: 'deploy', since: 3_000 }, done: { build: 2_000 } });
  });

  it('remembers steps that have left the history', () => {
    const before = serviceProgress('orders', newestFirst(['Begin build', 1_000], ['Begin deploy', 3_000]));
    const after = serviceProgress('orders', newestFirst(['Prepare functions', 3_400], ['Begin shift', 3_500]), before);
    expect(stepTimes(after)).toEqual({ current: { step: 'shift', since: 3_500 }, done: { build: 2_000, deploy: 500 } });
  });

  it('is no step before the execution of the service has begun', () => {
    expect(stepTimes(serviceProgress('orders', []))).toEqual({ current: undefined, done: {} });
  });

  it('goes from build to record when nothing is to be deployed', () => {
    const progress = serviceProgress('orders', newestFirst(['Begin build', 0], ['Begin deploy', 5], ['Record', 9]));
    expect(stepTimes(progress)).toEqual({ current: { step: 'record', since: 9 }, done: { build: 5, deploy: 4 } });
  });
});
