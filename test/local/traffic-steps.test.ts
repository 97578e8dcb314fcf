import { type TrafficRouting, trafficSteps } from '../../lib/local/codedeploy/traffic-steps';

const linear = (linearPercentage: number, linearInterval: number): TrafficRouting => ({
  type: 'TimeBasedLinear',
  timeBasedLinear: { linearPercentage, linearInterval },
});
const canary = (canaryPercentage: number, canaryInterval: number): TrafficRouting => ({
  type: 'TimeBasedCanary',
  timeBasedCanary: { canaryPercentage, canaryInterval },
});

describe('the steps in which CodeDeploy moves traffic', () => {
  it.each<[string, TrafficRouting, readonly string[]]>([
    ['all at once', { type: 'AllAtOnce' }, ['0 min: 100 %']],
    ['a canary', canary(10, 5), ['0 min: 10 %', '5 min: 100 %']],
    ['a linear shift', linear(50, 3), ['0 min: 50 %', '3 min: 100 %']],
    [
      'a linear shift that does not divide',
      linear(30, 2),
      ['0 min: 30 %', '2 min: 60 %', '2 min: 90 %', '2 min: 100 %'],
    ],
  ])('are those of %s', (_, routing, expected) => {
    expect(trafficSteps(routing).map(({ waitMinutes, percent }) => `${waitMinutes} min: ${percent} %`)).toEqual(
      expected,
    );
  });

  it('are ten for 10 % every minute, with nine minutes between the first and the last', () => {
    const steps = trafficSteps(linear(10, 1));
    expect(steps).toHaveLength(10);
    expect(steps.reduce((sum, { waitMinutes }) => sum + waitMinutes, 0)).toBe(9);
  });
});
