import fc from 'fast-check';
import type { AppConfig } from '../../../lib/core/contracts/app-config';
import { readStoredApp, storeApp } from '../../../lib/core/contracts/stored-app';
import '../../runs';

const targetOf = (account: string, role = 'seedbed-deploy') => ({
  account,
  region: 'eu-central-1',
  deployRoleArn: `arn:aws:iam::${account}:role/${role}`,
  executionRoleArn: `arn:aws:iam::${account}:role/seedbed-cloudformation`,
  codeDeployRoleArn: `arn:aws:iam::${account}:role/seedbed-codedeploy`,
  externalId: `seedbed-${account}`,
});
const aStage = fc.record({
  branches: fc.array(fc.string({ minLength: 1 }), { maxLength: 2 }),
  tags: fc.array(fc.string({ minLength: 1 }), { maxLength: 1 }),
  target: fc
    .record({ account: fc.constantFrom('111122223333', '444455556666'), role: fc.constantFrom('a', 'b') })
    .map(({ account, role }) => targetOf(account, role)),
  shift: fc.record({
    shift: fc.constantFrom({ kind: 'all-at-once' as const }, { kind: 'canary' as const, percent: 10, minutes: 5 }),
    mustBeGradual: fc.boolean(),
  }),
});
const anApp: fc.Arbitrary<AppConfig> = fc.record({
  app: fc.constant('shop'),
  repository: fc.constant({ provider: 'github' as const, name: 'acme/shop' }),
  stages: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/), aStage),
  branchStages: fc.constant([]),
});

describe('an app in its parameter', () => {
  it('is what it was when it is read', () => {
    fc.assert(fc.property(anApp, (app) => expect(readStoredApp(storeApp(app))).toEqual(app)));
  });

  it('is read as versions before stored it, in full', () => {
    fc.assert(fc.property(anApp, (app) => expect(readStoredApp(JSON.stringify(app))).toEqual(app)));
  });

  it('has the settings that stages share once, whichever account they live in', () => {
    const stages = Array.from({ length: 100 }, (_, index) => [
      `stage-${index}`,
      {
        branches: [`branch-${index}`],
        tags: [],
        target: targetOf(String(200_000_000_000 + index)),
        shift: { shift: { kind: 'all-at-once' as const }, mustBeGradual: false },
      },
    ]);
    const app: AppConfig = {
      app: 'shop',
      repository: { provider: 'codecommit', name: 'shop' },
      stages: Object.fromEntries(
        stages.map(([name, stage]) => [
          name,
          { ...(stage as object), target: { ...(stage as { target: object }).target, externalId: 'seedbed' } },
        ]),
      ),
      branchStages: [],
    };
    expect(JSON.stringify(app).length).toBeGreaterThan(40_000);
    expect(storeApp(app).length).toBeLessThan(8_192);
    expect(readStoredApp(storeApp(app))).toEqual(app);
  });

  it('is refused if it is neither form', () => {
    expect(() => readStoredApp('{"app":"shop"}')).toThrow(/repository/);
    expect(() => readStoredApp('{"settings":[],"app":"shop"}')).toThrow(/stages/);
  });
});
