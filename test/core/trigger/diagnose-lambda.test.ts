import { type AccountSettings, diagnoseLambda } from '../../../lib/core/trigger/diagnose-lambda';

const GIB = 1024 ** 3;
const target = { account: '111122223333', region: 'eu-central-1' };
const settings = (concurrent: number, more: Partial<AccountSettings> = {}): AccountSettings => ({
  concurrent,
  unreserved: concurrent,
  code: { used: 3 * GIB, limit: 75 * GIB },
  ...more,
});
const reading = (used: number, account = target.account) => ({
  ...target,
  account,
  used: used * GIB,
  limit: 75 * GIB,
  at: '2026-01-02T03:04:05.678Z',
});
const of = (services: Readonly<Record<string, number>>, one: AccountSettings | undefined = settings(1_000)) =>
  diagnoseLambda({ settings: one, services: new Map(Object.entries(services)), targets: [target], storages: [] });

describe('what the doctor says of Lambda', () => {
  it('is well where a release of the largest stage finds what it takes', () => {
    expect(of({ dev: 12, prod: 8 })[0]).toEqual({
      check: 'lambda',
      level: 'ok',
      message:
        "the platform's account may run 1000 functions at once; a release of all of stage dev (12 services) takes up to 17",
    });
  });

  it('is, of a new account, that services wait for each other, and how to have more', () => {
    const [finding] = of({ dev: 30 }, settings(10));
    expect(finding).toMatchObject({ level: 'warn', fix: expect.stringContaining('--quota-code L-B99A9384') });
    expect(finding!.message).toBe(
      "the platform's account may run 10 functions at once; a release of all of stage dev (30 services) takes up to 35: " +
        'its services wait for each other, and it takes longer',
    );
  });

  it('counts no more services than go side by side, and what others have reserved', () => {
    expect(of({ dev: 500 }, settings(50))[0]).toMatchObject({
      level: 'ok',
      message: expect.stringMatching(/up to 45$/),
    });
    expect(of({ dev: 500 }, settings(1_000, { unreserved: 30 }))[0]).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(/1000 functions at once, 30 of them unreserved; .*: its services wait/),
    });
  });

  it('is what a service takes, where nothing is deployed yet, and what to look at, where it may not look', () => {
    expect(of({})[0]!.message).toMatch(
      /a release takes up to one for each service that it deploys, 40 at most, and 5 more$/,
    );
    const [finding] = diagnoseLambda({ settings: undefined, services: new Map(), targets: [target], storages: [] });
    expect(finding).toMatchObject({ level: 'warn', fix: expect.stringContaining('Service Quotas') });
  });

  it('tells how full the code storage of the targets is, or else of its own account', () => {
    const storages = [reading(61), reading(70, '999999999999')];
    const findings = diagnoseLambda({ settings: settings(1_000), services: new Map(), targets: [target], storages });
    expect(findings.slice(1)).toEqual([
      {
        check: 'lambda',
        level: 'warn',
        message: expect.stringMatching(
          /^of the code storage of 111122223333 in eu-central-1 61.0 of 75.0 GB are used \(81 %\)/,
        ),
        fix: expect.stringContaining('docs/operations.md#code-storage'),
      },
    ]);
    expect(of({})[1]).toMatchObject({
      level: 'ok',
      message: expect.stringMatching(/platform's account 3.0 of 75.0 GB/),
    });
  });
});
