import { randomBytes } from 'node:crypto';
import { storedPlan, withPlan } from '../../../lib/aws/state/stored-plan';
import type { Plan } from '../../../lib/core/contracts/state';

const aPlan = (count: number, pathOf = (index: number) => `teams/platform/services/the-service-${index}`): Plan => ({
  phases: [[{ path: 'changed', reasons: [{ code: 'files-changed', message: '1 file of the service changed: a.ts' }] }]],
  skip: Array.from({ length: count }, (_, index) => ({
    path: pathOf(index),
    phase: 0,
    reasons: [
      {
        code: 'unchanged' as const,
        message: `nothing that concerns the service changed since it was last deployed (${index.toString(16).padStart(7, '0')})`,
      },
    ],
  })),
});
const back = (plan: Plan) => withPlan({ pk: 'stage', ...storedPlan(plan) });

describe('a plan in the state table', () => {
  it('is stored as it is if it is short', () => {
    expect(storedPlan(aPlan(10))).toEqual({ plan: aPlan(10) });
    expect(back(aPlan(10))).toEqual({ pk: 'stage', plan: aPlan(10) });
  });

  it('comes back with every word of 5,000 services, and fits into an item', () => {
    const stored = storedPlan(aPlan(5_000));
    expect('planPacked' in stored && stored.planPacked.length).toBeLessThan(250_000);
    expect(back(aPlan(5_000))).toEqual({ pk: 'stage', plan: aPlan(5_000) });
  });

  it('tells reasons more briefly before it is too long', () => {
    const noise = Array.from({ length: 5_000 }, () => randomBytes(60).toString('hex'));
    const plan = aPlan(5_000);
    const long = {
      ...plan,
      skip: plan.skip.map((one, index) => ({ ...one, reasons: [{ ...one.reasons[0]!, message: noise[index]! }] })),
    };
    const { plan: found } = back(long) as { plan: Plan };
    expect(found.skip.map(({ path }) => path)).toEqual(plan.skip.map(({ path }) => path));
    expect(found.skip[0]!.reasons).toEqual([{ code: 'unchanged', message: expect.stringMatching(/^[0-9a-f]{79}…$/) }]);
  });

  it('is refused if the paths alone are too long, with what to do', () => {
    const plan = aPlan(5_000, () => randomBytes(100).toString('hex'));
    expect(() => storedPlan(plan)).toThrow(/^the commit has 5001 services, .* list fewer under "services" in seed.yml/);
  });
});
