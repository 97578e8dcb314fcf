import { waitForShift } from '../../../lambdas/shift/wait-for-shift';
import { HOOK_MOMENTS, type HookMoment, type StartedShift } from '../../../lib/core/contracts/started-shift';
import { aRelease } from '../../builders';

/** CodeDeploy tells of at most 25 deployments a call; the table of hooks is one Query. */
const DEPLOYMENTS_PER_CALL = 25;

const aShift = (count: number, allowed: HookMoment[]): StartedShift => ({
  application: 'seedbed-shop-prod-orders',
  unit: 'service',
  hookTimeout: 300,
  functions: Array.from({ length: count }, (_, index) => ({
    logicalId: `F${index}`,
    name: `orders-F${index}`,
    group: `F${index}`,
    deploymentId: `d-${index}`,
    allowed,
  })),
});

/** @returns the AWS calls that watching costs in so many minutes in which nothing happens. */
async function callsOf(shift: StartedShift, minutes: number): Promise<number> {
  let calls = 0;
  let now = 0;
  const wait = waitForShift({
    log: { info: () => {}, warn: () => {} },
    pace: {
      now: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
    },
    target: () =>
      ({
        shifts: {
          statuses: async (ids: readonly string[]) => {
            calls += Math.ceil(ids.length / DEPLOYMENTS_PER_CALL);
            const running = { status: 'running', isRollback: false, createdAt: new Date(now).toISOString() };
            return ids.map((deploymentId) => ({
              deploymentId,
              application: '',
              group: '',
              description: '',
              ...running,
            }));
          },
        },
        hookRuns: {
          list: async () => {
            calls += 1;
            return [];
          },
        },
      }) as never,
  });
  const subject = { release: aRelease(), service: { path: 'orders', reasons: [] } };
  for (let minute = 0; minute < minutes; minute += 1) {
    const from = now;
    expect(await wait({ ...subject, shift })).toMatchObject({ status: 'running' });
    // The state machine calls it again; a minute is a minute.
    now = Math.max(now, from + 60_000);
  }
  return calls;
}

describe('watching a shift', () => {
  it.each([
    [1, 38],
    [25, 38],
    [50, 57],
  ])('of %d functions costs %d calls a minute while traffic moves', async (count, perMinute) => {
    expect(await callsOf(aShift(count, ['BeforeAllowTraffic']), 1)).toBe(perMinute);
  });

  it('costs the same in every minute, however long it takes', async () => {
    const shift = aShift(25, ['BeforeAllowTraffic']);
    expect(await callsOf(shift, 60)).toBe(60 * (await callsOf(shift, 1)));
  });

  it('looks each second while a hook is waited for', async () => {
    expect(await callsOf(aShift(25, []), 1)).toBe(112);
    expect(await callsOf(aShift(25, [...HOOK_MOMENTS]), 1)).toBe(112);
  });
});
