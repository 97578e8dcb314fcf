import type { Resource } from '../../../lib/core/template/template';
import type { ForeseenChanges } from '../../../lib/ports/stacks';
import type { Commit } from './a-package';
import { codeOf } from './a-package';
import { nameOf, STACK, serviceWorld } from './service-world';

const table = (TableName = 'orders', more: Partial<Resource> = {}): Record<string, Resource> => ({
  Orders: { Type: 'AWS::DynamoDB::Table', Properties: { TableName }, ...more },
});
const url = (): Record<string, Resource> => ({
  ListUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['List', 'Arn'] } } },
  ListUrlPermission: {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunctionUrl', FunctionName: { 'Fn::GetAtt': ['List', 'Arn'] }, Principal: '*' },
  },
});
const commit = (code: string, resources: Record<string, Resource> = {}): Commit => ({
  functions: { List: `list ${code}` },
  resources,
});
const PROTECTED = { guard: { protect: true } };
type World = ReturnType<typeof serviceWorld>;

/** Counts what CloudFormation is asked beforehand. */
function counted(world: World): { asked: number } {
  const count = { asked: 0 };
  const { foresee } = world.stacks;
  world.stacks.foresee = (request) => {
    count.asked += 1;
    return foresee(request);
  };
  return count;
}
const versions = (world: World) => world.functions.all.get(nameOf('List'))!.versions.length;

describe('a stage that protects what holds data', () => {
  it.each<[string, Commit, string]>([
    ['removed', commit('A'), 'Orders (AWS::DynamoDB::Table "orders-dev-Orders") removed'],
    ['replaced', commit('A', table('renamed')), 'Orders (AWS::DynamoDB::Table "orders-dev-Orders") replaced'],
  ])('stops a release before a table is %s, and leaves all as it was', async (_, next, words) => {
    const world = serviceWorld();
    await world.release(commit('A', table()), PROTECTED);
    const before = await world.stacks.describe(STACK);
    const { error, record } = await world.release(next, PROTECTED);
    expect(error).toMatchObject({ name: 'StatefulChange' });
    expect(record.error!.message).toContain(words);
    expect(record.error!.message).toContain(`replace: [${STACK}/Orders]`);
    expect(await world.stacks.describe(STACK)).toEqual(before);
    expect(await world.resource('Orders')).toEqual(table().Orders);
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });

  it('goes on when the owner has named the table, and the release says so', async () => {
    const world = serviceWorld();
    await world.release(commit('A', table()), PROTECTED);
    const guard = { protect: true, replace: [`${STACK}/Orders`] };
    const { error, record } = await world.release(commit('A'), { guard });
    expect(error).toBeUndefined();
    expect(record.warnings).toEqual([expect.stringMatching(/"replace" in seedbed.yml allows: Orders .* removed/)]);
    expect(await world.resource('Orders')).toBeUndefined();
  });

  it('lets a table go that is retained, and says so', async () => {
    const world = serviceWorld();
    await world.release(commit('A', table('orders', { DeletionPolicy: 'Retain' })), PROTECTED);
    const { error, record } = await world.release(commit('A'), PROTECTED);
    expect(error).toBeUndefined();
    expect(record.warnings).toEqual([expect.stringMatching(/retained as they are: Orders .* removed/)]);
  });

  it('asks CloudFormation nothing where no data is at risk', async () => {
    const world = serviceWorld();
    const count = counted(world);
    await world.release(commit('A', table()), PROTECTED);
    await world.release(commit('A', { ...table(), Topic: { Type: 'AWS::SNS::Topic' } }), PROTECTED);
    await world.release(commit('B', table()), PROTECTED);
    expect(count.asked).toBe(0);
    expect((await world.release(commit('B', table('renamed')), PROTECTED)).error).toBeDefined();
    expect(count.asked).toBe(1);
  });

  it('stops a rollback too', async () => {
    const world = serviceWorld();
    await world.release(commit('A'), PROTECTED);
    await world.release(commit('A', table()), PROTECTED);
    const { error } = await world.rollBack(1, PROTECTED);
    expect(error).toMatchObject({ name: 'StatefulChange' });
    expect(await world.resource('Orders')).toEqual(table().Orders);
  });

  it('comes to the same when every worker is run twice, and leaves no question behind', async () => {
    const world = serviceWorld();
    const options = { ...PROTECTED, repeat: true };
    await world.release(commit('A', table()), options);
    const changed = table('orders', { Properties: { TableName: 'orders', BillingMode: 'PAY_PER_REQUEST' } });
    expect((await world.release(commit('A', changed), options)).error).toBeUndefined();
    expect(await world.resource('Orders')).toEqual(changed.Orders);
    const { forgetForeseen } = world.stacks;
    const forgotten: string[] = [];
    world.stacks.forgetForeseen = (request) => {
      forgotten.push(request.name);
      return forgetForeseen(request);
    };
    await world.release(commit('A'), PROTECTED);
    expect(forgotten).toEqual([STACK]);
  });

  describe('with a nested stack', () => {
    const nested = (TemplateURL: string): Record<string, Resource> => ({
      Storage: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } },
    });
    /** CloudFormation says of all that the nested stack holds what is given here. */
    const holding = (answer: ForeseenChanges) => {
      const world = serviceWorld();
      const asked: (boolean | undefined)[] = [];
      const { foresee, foreseen } = world.stacks;
      world.stacks.foresee = (request) => {
        asked.push(request.nested);
        return foresee(request);
      };
      world.stacks.foreseen = async (request) => {
        const own = await foreseen(request);
        if (own.status !== 'foreseen' || answer.status !== 'foreseen') return asked.at(-1) ? answer : own;
        return { ...own, changes: [...own.changes, ...answer.changes] };
      };
      return { world, asked };
    };
    const loses = { logicalId: 'Storage/Orders', type: 'AWS::DynamoDB::Table', replaced: 'no', removed: true } as const;

    it('stops before a table in it goes, though nothing is written of that in the template', async () => {
      const { world, asked } = holding({ status: 'foreseen', changes: [loses], isUnchanged: false });
      await world.release(commit('A', nested('https://one')), PROTECTED);
      const { error, record } = await world.release(commit('B', { ...nested('https://one'), ...url() }), PROTECTED);
      expect(error).toMatchObject({ name: 'StatefulChange' });
      expect(record.error!.message).toContain(`replace: [${STACK}/Storage/Orders]`);
      expect(asked).toEqual([true]);
    });

    it('asks without it if CloudFormation can say nothing with it', async () => {
      const { world, asked } = holding({ status: 'refused', reason: 'Nested change set was not successful' });
      await world.release(commit('A', nested('https://one')), PROTECTED);
      expect(
        (await world.release(commit('B', { ...nested('https://one'), ...url() }), PROTECTED)).error,
      ).toBeUndefined();
      expect(asked).toEqual([true, false]);
    });
  });

  it('waits for CloudFormation to say what the update would do', async () => {
    const world = serviceWorld();
    await world.release(commit('A', table()), PROTECTED);
    const { foreseen } = world.stacks;
    let looks = 0;
    world.stacks.foreseen = async (request) => {
      looks += 1;
      return looks < 40 ? { status: 'pending' } : foreseen(request);
    };
    const { error, faults } = await world.release(commit('A'), PROTECTED);
    expect(faults[0]).toMatchObject({ name: 'Throttled', message: expect.stringContaining(STACK) });
    expect(error).toMatchObject({ name: 'StatefulChange' });
  });

  it('stops with the reason if CloudFormation refuses the update already', async () => {
    const world = serviceWorld();
    await world.release(commit('A', table()), PROTECTED);
    world.stacks.refuse('Taken', 'the name is taken');
    const { error } = await world.release(commit('A', { Taken: { Type: 'AWS::S3::Bucket' } }), PROTECTED);
    expect(error).toMatchObject({ name: 'TemplateInvalid', message: expect.stringContaining('the name is taken') });
    expect(await world.resource('Orders')).toEqual(table().Orders);
  });
});

describe('a stage that protects nothing', () => {
  it('lets a table go, and asks CloudFormation nothing', async () => {
    const world = serviceWorld();
    const count = counted(world);
    await world.release(commit('A', table()));
    expect((await world.release(commit('A'))).error).toBeUndefined();
    expect(await world.resource('Orders')).toBeUndefined();
    expect(count.asked).toBe(0);
  });
});

describe('the first release of a stack that the framework deployed', () => {
  it('stops before a table goes, and publishes nothing', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(commit('A', table()));
    const before = await world.stacks.describe(STACK);
    const { error } = await world.release(commit('A'));
    expect(error).toMatchObject({ name: 'StatefulChange', message: expect.stringContaining('a stack that was there') });
    expect(await world.stacks.describe(STACK)).toEqual(before);
    expect(versions(world)).toBe(0);
  });

  it('stops so as well if the owner has named the stack in "adopt", until the table is named too', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(commit('A', table()), { team: 'billing' });
    const adopt = [STACK];
    expect((await world.release(commit('A'), { guard: { adopt } })).error).toMatchObject({ name: 'StatefulChange' });
    expect(await world.resource('Orders')).toEqual(table().Orders);
    const replace = [`${STACK}/Orders`];
    expect((await world.release(commit('A'), { guard: { adopt, replace } })).error).toBeUndefined();
    expect(await world.resource('Orders')).toBeUndefined();
  });

  it('stops before a public address goes', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(commit('A', { Api: { Type: 'AWS::ApiGatewayV2::Api' } }));
    const { error } = await world.release(commit('A'));
    expect(error).toMatchObject({
      name: 'AddressChange',
      message: expect.stringContaining('Api (AWS::ApiGatewayV2::Api'),
    });
    expect(await world.resource('Api')).toBeDefined();
  });

  it('tells what else goes', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(commit('A', { Topic: { Type: 'AWS::SNS::Topic' } }));
    const { error, record } = await world.release(commit('A'));
    expect(error).toBeUndefined();
    expect(record.warnings).toEqual([expect.stringMatching(/taken over from other means, and so: Topic .* removed/)]);
  });

  it('keeps its function URL, and so does every later one; each says that it bypasses the alias', async () => {
    const world = serviceWorld();
    const framework = url();
    await world.deployWithoutPlatform(commit('A', framework));
    const told = [expect.stringMatching(/^function URL ListUrl keeps its address.*replace: \[orders-dev\/ListUrl\]/)];
    const first = await world.release(commit('A', framework));
    expect(first.error).toBeUndefined();
    expect(first.record.warnings).toEqual(told);
    expect(await world.resource('ListUrl')).toEqual(framework.ListUrl);
    expect(await world.resource('ListUrlPermission')).toEqual(framework.ListUrlPermission);
    const second = await world.release(commit('B', { ...framework, Topic: { Type: 'AWS::SNS::Topic' } }));
    expect(second.record.warnings).toEqual(told);
    expect(await world.resource('ListUrl')).toEqual(framework.ListUrl);
  });

  it('points a function URL at the alias if the owner has named it', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(commit('A', url()));
    const { error, record } = await world.release(commit('A', url()), { guard: { replace: [`${STACK}/ListUrl`] } });
    expect(error).toBeUndefined();
    expect(record.warnings).toEqual([expect.stringMatching(/allows: ListUrl .* replaced by a new one/)]);
    expect((await world.resource('ListUrl'))!.Properties!.TargetFunctionArn).toEqual({ Ref: 'ListAliasLive' });
    expect((await world.resource('ListUrlPermission'))!.Properties!.FunctionName).toEqual({ Ref: 'ListAliasLive' });
  });

  it('stops before anything is touched where all traffic must shift gradually, for which the URL is to move', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(commit('A', url()));
    const stage = { shift: { kind: 'canary', percent: 10, minutes: 5 }, mustBeGradual: true } as const;
    const { error } = await world.release(commit('A', url()), { stage });
    expect(error).toMatchObject({ name: 'ShiftRefused', message: expect.stringContaining('function URL ListUrl') });
    expect(versions(world)).toBe(0);
    const moved = await world.release(commit('A', url()), { stage, guard: { replace: [`${STACK}/ListUrl`] } });
    expect(moved.error).toBeUndefined();
  });

  it('comes to the same, and tells the same, when every worker is run twice', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(commit('A', url()));
    const { error, record } = await world.release(commit('A', url()), { repeat: true });
    expect(error).toBeUndefined();
    expect(record.warnings).toHaveLength(1);
  });
});

describe('a function URL that the platform made', () => {
  it('invokes the alias from the beginning', async () => {
    const world = serviceWorld();
    const { record } = await world.release(commit('A', url()));
    expect(record.warnings).toBeUndefined();
    expect((await world.resource('ListUrl'))!.Properties!.TargetFunctionArn).toEqual({ Ref: 'ListAliasLive' });
    await world.release(commit('A', { ...url(), Topic: { Type: 'AWS::SNS::Topic' } }));
    expect((await world.resource('ListUrl'))!.Properties!.TargetFunctionArn).toEqual({ Ref: 'ListAliasLive' });
  });
});
