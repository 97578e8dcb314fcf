import type { FunctionShift, StageShift } from '../../../lib/core/contracts/settings';
import type { Shift } from '../../../lib/core/contracts/shift';
import { gradualOnes, planShifts, type ShiftPlanInput } from '../../../lib/core/shift/plan-shifts';
import type { Resource, Template } from '../../../lib/core/template/template';

const CANARY: Shift = { kind: 'canary', percent: 10, minutes: 5 };
const SLOWER: Shift = { kind: 'canary', percent: 10, minutes: 30 };
const AT_ONCE: Shift = { kind: 'all-at-once' };

const aFunction = (more: object = {}): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Role: 'arn:aws:iam::123456789012:role/orders', ...more },
});
const template = (more: Record<string, Resource> = {}): Template => ({
  Resources: {
    List: aFunction(),
    Get: aFunction(),
    ListRule: {
      Type: 'AWS::Events::Rule',
      Properties: { Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['List', 'Arn'] } }] },
    },
    GetRule: {
      Type: 'AWS::Events::Rule',
      Properties: { Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Get', 'Arn'] } }] },
    },
    ...more,
  },
});
const wish = (more: Partial<FunctionShift>): FunctionShift => ({ alarms: [], triggers: [], ...more });
const plan = ({
  floor = AT_ONCE,
  mustBeGradual = false,
  functions = {},
  ...more
}: Partial<Omit<ShiftPlanInput, 'functions'>> &
  Partial<StageShift> & { readonly floor?: Shift; readonly functions?: Record<string, Partial<FunctionShift>> } = {}) =>
  planShifts({
    settings: {
      unit: 'service',
      hookTimeout: 60,
      functions: Object.fromEntries(Object.entries(functions).map(([id, one]) => [id, wish(one)])),
    },
    stage: { name: 'prod', shift: { shift: floor, mustBeGradual } },
    functions: ['List', 'Get'].map((logicalId) => ({ logicalId, isDeployed: true })),
    before: template(),
    after: template(),
    alias: 'live',
    isRollback: false,
    ...more,
  });
const reasons = ({ shifts }: ReturnType<typeof plan>) =>
  Object.fromEntries(shifts.map(({ logicalId, because }) => [logicalId, because?.code]));

describe('planShifts', () => {
  it('asks for nothing where nobody does', () => {
    expect(plan()).toEqual({ shifts: [], problems: [] });
  });

  it('shifts every function as the stage demands', () => {
    expect(plan({ floor: CANARY }).shifts).toEqual([
      { logicalId: 'List', shift: CANARY },
      { logicalId: 'Get', shift: CANARY },
    ]);
  });

  it('lets an app be more careful than the stage, and no less', () => {
    expect(plan({ floor: CANARY, functions: { List: { shift: SLOWER } } }).shifts[0]).toMatchObject({ shift: SLOWER });
    const { problems } = plan({ floor: SLOWER, functions: { List: { shift: CANARY } } });
    expect(problems).toEqual([expect.stringMatching(/10 % for 5 minutes.*stage "prod".*10 % for 30 minutes/)]);
  });

  it.each([
    ['a hook', { preTrafficHook: 'Get' }],
    ['an alarm', { alarms: [{ name: 'errors' }] }],
    ['a trigger', { triggers: [{ name: 'told', events: ['DeploymentFailure'], topic: { name: 'arn:topic' } }] }],
  ] as const)('has CodeDeploy move a function at once that asks for %s', (_what, asked) => {
    expect(gradualOnes(plan({ functions: { List: { ...asked } as Partial<FunctionShift> } }).shifts)).toEqual([
      { logicalId: 'List', shift: AT_ONCE },
    ]);
  });

  it('moves hooks of the service at once, whatever the stage demands', () => {
    const { shifts, problems } = plan({
      floor: CANARY,
      mustBeGradual: true,
      functions: { List: { preTrafficHook: 'Get' } },
    });
    expect(problems).toEqual([]);
    expect(reasons({ shifts, problems })).toEqual({ List: undefined, Get: 'hook-of-the-service' });
  });

  it('moves a function at once that is new', () => {
    const functions = [{ logicalId: 'List', isDeployed: false }];
    const planned = planShifts({
      settings: { unit: 'service', hookTimeout: 60, functions: {} },
      stage: { name: 'prod', shift: { shift: CANARY, mustBeGradual: true } },
      functions,
      before: undefined,
      after: template(),
      alias: 'live',
      isRollback: false,
    });
    expect(planned).toMatchObject({ problems: [], shifts: [{ because: { code: 'first-version' } }] });
  });

  it.each([
    ['role', { Role: 'arn:aws:iam::123456789012:role/other' }, 'role-changed'],
    ['dead-letter queue', { DeadLetterConfig: { TargetArn: 'arn:queue' } }, 'dead-letter-queue-changed'],
  ])('moves a function at once whose %s changes, or refuses to where the stage forbids that', (_what, more, code) => {
    const after = template({ List: aFunction(more) });
    expect(reasons(plan({ floor: CANARY, after }))).toEqual({ List: code, Get: undefined });
    const { problems } = plan({ floor: CANARY, after, mustBeGradual: true });
    expect(problems).toEqual([
      expect.stringMatching(/^function List cannot shift gradually .*"mustBeGradual" in seedbed.yml/),
    ]);
  });

  it('moves a function at once that nothing invokes, unless it has hooks or alarms to watch it', () => {
    const after: Template = { Resources: { List: aFunction(), Get: aFunction() } };
    const functions = { Get: { alarms: [{ name: 'errors' }] } };
    expect(reasons(plan({ floor: CANARY, mustBeGradual: true, after, functions }))).toEqual({
      List: 'no-traffic-source',
      Get: undefined,
    });
  });

  it('moves everything at once on a rollback, also where the stage has become more careful since', () => {
    const planned = plan({
      floor: SLOWER,
      mustBeGradual: true,
      isRollback: true,
      functions: { List: { shift: CANARY } },
    });
    expect(planned.problems).toEqual([]);
    expect(gradualOnes(planned.shifts)).toEqual([]);
  });
});

describe('an event source on an alias of its own', () => {
  const rule = (Arn: object): Template =>
    template({
      Blue: {
        Type: 'AWS::Lambda::Alias',
        Properties: { FunctionName: { Ref: 'List' }, FunctionVersion: '1', Name: 'blue' },
      },
      OtherRule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: 'a', Arn }] } },
    } as Record<string, Resource>);
  const problems = (Arn: object, more: Parameters<typeof plan>[0] = {}) =>
    plan({ floor: CANARY, after: rule(Arn), mustBeGradual: true, ...more }).problems;
  const BY_ARN = { 'Fn::Sub': `${'$'}{List.Arn}:blue` };

  it.each([
    ['by its resource', { Ref: 'Blue' }],
    ['by its name', BY_ARN],
    ['that is $LATEST', { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['List', 'Arn'] }, '$LATEST']] }],
    ['that only a deployment tells', { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['List', 'Arn'] }, { Ref: 'Stage' }]] }],
  ])('is refused where functions must shift gradually, %s', (_, arn) => {
    expect(problems(arn)).toEqual([
      expect.stringMatching(
        /^Resources\.OtherRule\.Properties\.Targets\[0\]\.Arn invokes .* of function List, .*"mustBeGradual" in seedbed\.yml/,
      ),
    ]);
  });

  it('is refused in a first release too, and not in a rollback', () => {
    const functions = [{ logicalId: 'List', isDeployed: false }];
    const first = { settings: { unit: 'service', hookTimeout: 60, functions: {} } as const };
    expect(
      planShifts({
        ...first,
        stage: { name: 'prod', shift: { shift: CANARY, mustBeGradual: true } },
        functions,
        before: undefined,
        after: rule(BY_ARN),
        alias: 'live',
        isRollback: false,
      }).problems,
    ).toHaveLength(1);
    expect(problems(BY_ARN, { isRollback: true })).toEqual([]);
  });

  it('is let be where nothing is demanded, and where it is our alias or one exact version', () => {
    expect(problems(BY_ARN, { mustBeGradual: false })).toEqual([]);
    expect(problems({ 'Fn::Sub': `${'$'}{List.Arn}:live` })).toEqual([]);
    expect(problems({ 'Fn::Sub': `${'$'}{List.Arn}:7` })).toEqual([]);
  });
});
