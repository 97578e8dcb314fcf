import { RateLimits } from '../../../lib/local/gateway/rate-limits';
import { AccountQuotas, type QuotaSettings } from '../../../lib/local/quotas/account-quotas';
import { RATES, type RateQuota, rateOf } from '../../../lib/local/quotas/rates';

const CALLER = { accountId: '111122223333', region: 'us-east-1' };
const GET_ALIAS = { ...CALLER, service: 'lambda', operation: 'GetAlias' };

/** Rates on a clock that stands still, and a way to see how many calls they take. */
function aLimit(settings?: QuotaSettings) {
  const limits = new RateLimits(new AccountQuotas(settings), () => 0);
  /** @returns how many calls are taken before the first that is refused; `most` if none is. */
  const takes = (call: typeof GET_ALIAS, most = 1000): number => {
    for (let count = 0; count < most; count += 1) {
      try {
        limits.take(call);
      } catch {
        return count;
      }
    }
    return most;
  };
  return { limits, takes };
}

it("shares Lambda's 15 calls a second between all operations that have no rate of their own", () => {
  const { limits, takes } = aLimit();
  for (const operation of ['UpdateAlias', 'UpdateFunctionCode', 'GetFunctionConfiguration'])
    limits.take({ ...GET_ALIAS, operation });
  expect(takes(GET_ALIAS)).toBe(12);
  expect(takes({ ...GET_ALIAS, operation: 'GetFunction' })).toBe(100);
  expect(takes({ ...GET_ALIAS, operation: 'GetPolicy' })).toBe(15);
});

it('takes any number of invocations', () => {
  expect(aLimit().takes({ ...GET_ALIAS, operation: 'Invoke' })).toBe(1000);
});

it('has a bucket for each account and region', () => {
  const { takes } = aLimit();
  expect(takes(GET_ALIAS)).toBe(15);
  expect(takes({ ...GET_ALIAS, accountId: '444455556666' })).toBe(15);
  expect(takes({ ...GET_ALIAS, region: 'eu-west-1' })).toBe(15);
});

it.each([
  ['GetExecutionHistory', 'us-east-1', 400],
  ['GetExecutionHistory', 'eu-central-1', 400],
  ['ListExecutions', 'us-east-1', 200],
  ['ListExecutions', 'eu-central-1', 100],
])('takes the burst of %s in %s, as Step Functions publishes it', (operation, region, burst) => {
  expect(aLimit().takes({ ...CALLER, service: 'states', operation, region })).toBe(burst);
});

it('takes what is set for all accounts, or for one', () => {
  const { takes } = aLimit({
    figures: { 'lambda-calls': { burst: 40, perSecond: 1 } },
    accounts: { '444455556666': { 'lambda-calls': { burst: 7, perSecond: 1 } } },
  });
  expect(takes(GET_ALIAS)).toBe(40);
  expect(takes({ ...GET_ALIAS, accountId: '444455556666' })).toBe(7);
});

it.each([
  ['lambda', 'TooManyRequestsException', 429],
  ['states', 'ThrottlingException', 400],
  ['cloudformation', 'Throttling', 400],
])('refuses a call of %s with %s', (service, code, status) => {
  const { limits, takes } = aLimit();
  const operation = { lambda: 'GetAlias', states: 'ListExecutions', cloudformation: 'DescribeStacks' }[service]!;
  const call = { ...CALLER, service, operation };
  takes(call);
  expect(() => limits.take(call)).toThrow(expect.objectContaining({ code, status, message: 'Rate exceeded' }));
});

it('limits no call twice', () => {
  const named = Object.values(RATES).flatMap(({ service, operations }: RateQuota) =>
    operations === 'others' ? [] : operations.map((operation) => `${service} ${operation}`),
  );
  expect(new Set(named).size).toBe(named.length);
});

it('limits no service that has no quota', () => {
  expect(rateOf('s3', 'GetObject')).toBeUndefined();
});

it('counts the calls of each second, taken and refused', () => {
  let now = 0;
  const limits = new RateLimits(
    new AccountQuotas({ figures: { 'lambda-calls': { burst: 2, perSecond: 2 } } }),
    () => now,
  );
  for (const at of [100, 200, 300, 1900, 5000]) {
    now = at;
    try {
      limits.take(GET_ALIAS);
    } catch {
      // counted below
    }
  }
  const second = (at: number, taken: number, refused: number) => ({
    ...CALLER,
    quota: 'lambda-calls',
    at,
    taken,
    refused,
  });
  expect(limits.seconds()).toEqual([second(0, 2, 1), second(1000, 1, 0), second(5000, 1, 0)]);
});
