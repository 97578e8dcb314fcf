import type { Reason } from '../../../lib/core/contracts/reasons';
import type { Plan } from '../../../lib/core/contracts/state';
import { fitPlan } from '../../../lib/core/plan/fit-plan';
import { executionsOf, refuseTooMany } from '../../../lib/core/plan/plan-output';
import { aRelease } from '../../builders';

const reasons: Reason[] = [
  { code: 'files-changed', message: `100 files of the service changed: ${'x'.repeat(200)}` },
  { code: 'shared-files-changed', message: '7 files of no service changed: package.json' },
];
const aPlan = (count: number, path = 'teams/platform/services/the-service'): Plan => ({
  phases: [Array.from({ length: count }, (_, index) => ({ path: `${path}-${index}`, reasons, phase: 0 }))],
  skip: [],
});
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('fitPlan', () => {
  it('keeps every word of a plan that fits', () => {
    const plan = aPlan(3);
    expect(fitPlan(plan, bytesOf(plan))).toBe(plan);
  });

  it('tells less and less of the reasons, as little less as will do', () => {
    const plan = aPlan(1);
    const told = [400, 260, 180, 0].map((bytes) => fitPlan(plan, bytes).phases[0]![0]!.reasons);
    expect(told).toEqual([
      [{ code: 'files-changed', message: expect.stringMatching(/^100 files .*x…$/) }, reasons[1]],
      [{ code: 'files-changed', message: expect.stringMatching(/^100 files .*x…, and 1 more$/) }],
      [{ code: 'files-changed', message: 'files changed, and 1 more' }],
      [],
    ]);
  });

  it('changes nothing but reasons', () => {
    const plan = { ...aPlan(2), skip: [{ path: 'b', reasons, phase: 1 }] };
    expect(fitPlan(plan, 0)).toEqual({
      phases: [plan.phases[0]!.map((service) => ({ ...service, reasons: [] }))],
      skip: [{ path: 'b', reasons: [], phase: 1 }],
    });
  });
});

describe('a plan of a thousand services that all deploy for several reasons', () => {
  it('fits into the payload of a state machine', () => {
    const release = aRelease({ app: 'a-rather-long-name-of-an-app', stage: 'a-stage-with-a-long-name' });
    const phases = executionsOf(release, aPlan(1_000));
    expect(phases[0]).toHaveLength(1_000);
    expect(bytesOf({ phases, parallel: 40, afterAll: true })).toBeLessThan(249 * 1024);
  });

  it('is refused if no execution can hold it, with a number of services that one can', () => {
    const paths = aPlan(2_500).phases[0]!.map(({ path }) => path);
    const refused =
      /^2500 services would be deployed at once, which are \d+ bytes, \d+ more than .* at most (\d+) at once/;
    expect(() => executionsOf(aRelease(), aPlan(2_500))).toThrow(refused);
    let most = 0;
    try {
      executionsOf(aRelease(), aPlan(2_500));
    } catch (error) {
      most = Number(refused.exec((error as Error).message)![1]);
    }
    expect(most).toBeGreaterThan(900);
    const only = paths.slice(0, most);
    expect(() => refuseTooMany(only)).not.toThrow();
    const release = aRelease({ only });
    const phases = executionsOf(release, { phases: [aPlan(2_500).phases[0]!.slice(0, most)], skip: [] });
    expect(bytesOf({ release, phases, parallel: 40, afterAll: true })).toBeLessThan(262_144);
  });
});

describe('services that somebody asks for', () => {
  it('are refused if their names do not fit beside each service, with how many do', () => {
    const only = Array.from({ length: 3_000 }, (_, index) => `teams/platform/services/${index}`);
    expect(() => refuseTooMany(only)).toThrow(
      /^the names of the 3000 services .* have \d+ bytes, and a release may have 60000; name fewer at once \(about 1\d{3}\)/,
    );
    expect(() => refuseTooMany(only.slice(0, 1_000))).not.toThrow();
  });
});
