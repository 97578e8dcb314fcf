import { LIVE_ALIAS } from '../../../lib/core/contracts/live-alias';
import type { Resource, Template } from '../../../lib/core/template/template';
import type { Json } from '../../../lib/core/text/canonical-json';
import { type Commit, codeOf, nameOf, STACK, serviceWorld } from './service-world';

/** A schedule that invokes a function, as the framework packages it. */
const schedule = (functionId: string): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    ScheduleExpression: 'rate(1 hour)',
    Targets: [{ Id: functionId, Arn: { 'Fn::GetAtt': [functionId, 'Arn'] } }],
  },
});
/** The version that a framework makes of each code: its logical id ends in a hash. */
const versionOf = (functionId: string, hash: string): Record<string, Resource> => ({
  [`${functionId}Version${hash}`]: {
    Type: 'AWS::Lambda::Version',
    DeletionPolicy: 'Retain',
    Properties: { FunctionName: { Ref: functionId } },
  },
});
const commit = (code: string, hash: string, more: Partial<Commit> = {}): Commit => ({
  functions: { List: code },
  resources: { ...versionOf('List', hash), Hourly: schedule('List') },
  ...more,
});
const A = commit('list A', '0123456789');
const B = commit('list B', '9876543210');

const live = (world: ReturnType<typeof serviceWorld>) => world.functions.all.get(nameOf('List'))!.aliases[LIVE_ALIAS];
const targetOf = async (world: ReturnType<typeof serviceWorld>, id = 'Hourly') =>
  (await world.resource(id))!.Properties!.Targets;

describe('a service that its framework deployed before the platform', () => {
  it.each([
    ['has versions', A],
    ['has no versions', { ...A, resources: { Hourly: schedule('List') } }],
  ])('is taken over with its code unchanged, if it %s: what invokes it goes to the alias', async (_, before) => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(before);
    expect(await targetOf(world)).toEqual([{ Id: 'List', Arn: { 'Fn::GetAtt': ['List', 'Arn'] } }]);
    const { error, record } = await world.release(A);
    expect(error).toBeUndefined();
    expect(record.functions).toEqual([{ logicalId: 'List', name: nameOf('List'), version: '1', updated: true }]);
    expect(await targetOf(world)).toEqual([{ Id: 'List', Arn: { Ref: 'ListAliasLive' } }]);
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
    expect(world.functions.all.get(nameOf('List'))!.versions).toHaveLength(1);
  });

  it('gets its alias when Lambda has made the version of what serves, which may take minutes', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform({ ...A, resources: { Hourly: schedule('List') } });
    world.functions.delayUpdates(40);
    const { error, record, faults } = await world.release(A);
    expect(error).toBeUndefined();
    expect(record.status).toBe('deployed');
    expect(faults.map(({ message }) => message)).toEqual([
      `Lambda is still at work on version 1 of function List ("${nameOf('List')}")`,
    ]);
  });

  it('serves its old code until the shift, though CloudFormation has put the new code in place', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(A);
    let during: unknown;
    await world.release(B, {
      after: {
        'Wait for stack': async () => {
          during = [world.functions.all.get(nameOf('List'))!.codeSha256, ...(await world.serving('List'))];
        },
      },
    });
    expect(during).toEqual([codeOf('list B'), codeOf('list A')]);
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
    expect((await world.release(B)).decision!.kind).toBe('skip');
  });

  it('starts from what serves also where that was put there by hand and never published', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(A);
    world.functions.put(nameOf('List'), { codeSha256: codeOf('made by hand') });
    let during: unknown;
    await world.release(A, {
      after: {
        'Wait for stack': async () => {
          during = await world.serving('List');
        },
      },
    });
    expect(during).toEqual([codeOf('made by hand')]);
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });

  it('comes to the same when every worker is run twice', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(A);
    expect((await world.release(B, { repeat: true })).error).toBeUndefined();
    expect(world.functions.all.get(nameOf('List'))!.versions).toHaveLength(2);
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });

  it('is left as it was when the take-over fails, and taken over by the next release', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(A);
    world.stacks.fail('Broken', 'the name is taken');
    const broken = { Broken: { Type: 'AWS::SNS::Topic' } };
    const failed = await world.release({ ...B, resources: { ...B.resources, ...broken } });
    expect(failed.error).toMatchObject({ name: 'StackFailed' });
    expect(live(world)).toBeUndefined();
    expect(await targetOf(world)).toEqual([{ Id: 'List', Arn: { 'Fn::GetAtt': ['List', 'Arn'] } }]);
    expect((await world.release(B)).error).toBeUndefined();
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });

  it('is taken over once more after its framework deployed it again', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(A);
    await world.release(A);
    await world.deployWithoutPlatform(B);
    expect(live(world)).toBeUndefined();
    const { error } = await world.release(B, { force: true });
    expect(error).toBeUndefined();
    expect(await targetOf(world)).toEqual([{ Id: 'List', Arn: { Ref: 'ListAliasLive' } }]);
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });

  it('may have a template that nobody here can read', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(A);
    const template = world.stacks.template;
    world.stacks.template = async () => undefined;
    expect((await world.release(B)).error).toBeUndefined();
    world.stacks.template = template;
    expect(await targetOf(world)).toEqual([{ Id: 'List', Arn: { Ref: 'ListAliasLive' } }]);
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });

  it('stops before anything is touched when a function is changed at that moment', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(A);
    const { publish } = world.functions;
    world.functions.publish = async (name, codeSha256) => {
      world.functions.put(name, { codeSha256: codeOf('made by hand') });
      return publish(name, codeSha256);
    };
    const { error } = await world.release(B);
    expect(error).toMatchObject({ name: 'FunctionChangedByHand', message: expect.stringContaining(nameOf('List')) });
    expect(await world.stacks.describe(STACK)).toMatchObject({ status: 'CREATE_COMPLETE' });
  });
});

describe('a stack of the same name that something else made', () => {
  const TABLE: Record<string, Resource> = { Ledger: { Type: 'AWS::DynamoDB::Table' } };
  const FOREIGN: Commit = { functions: {}, resources: TABLE };

  it('is not touched: the release fails and says what it is', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(FOREIGN, { team: 'billing' });
    const before = await world.stacks.describe(STACK);
    const { error, record } = await world.release(A);
    expect(error).toMatchObject({ name: 'StackNameTaken' });
    expect(record.error!.message).toContain(`Ledger (AWS::DynamoDB::Table "${STACK}-Ledger")`);
    expect(await world.stacks.describe(STACK)).toEqual(before);
    expect(await world.resource('Ledger')).toEqual(TABLE.Ledger);
  });

  it('is not deleted either, if its creation failed and left something', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(FOREIGN, { team: 'billing' });
    world.stacks.set(STACK, { status: 'ROLLBACK_FAILED' });
    expect((await world.release(A)).error).toMatchObject({ name: 'StackNameTaken' });
    expect(await world.stacks.describe(STACK)).toMatchObject({ status: 'ROLLBACK_FAILED' });
  });

  it('is taken over if the owner of the platform has named it', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform({ ...A, resources: { ...A.resources, ...TABLE } }, { team: 'billing' });
    const both = { ...A, resources: { ...A.resources, ...TABLE } };
    expect((await world.release(both)).error).toMatchObject({ name: 'StackNameTaken' });
    expect((await world.release(both, { guard: { adopt: [STACK] } })).error).toBeUndefined();
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });
});

describe('an export of a version that another stack imports', () => {
  const exporting = (code: string, hash: string) =>
    commit(code, hash, {
      outputs: { ListQualifiedArn: { Value: { Ref: `ListVersion${hash}` }, Export: { Name: 'sls-list-arn' } } },
    });
  const importing = (Value: Json): Template => ({ Resources: {}, Outputs: { Its: { Value } } });

  it('keeps its value until nobody imports it, and has the ARN of the alias from then on', async () => {
    const world = serviceWorld();
    const exported = async () => (await world.stacks.template(STACK))!.Outputs!.ListQualifiedArn!.Value;
    await world.deployWithoutPlatform(exporting('list A', '0123456789'));
    world.stacks.set('other', { template: importing({ 'Fn::ImportValue': 'sls-list-arn' }) });
    for (const [code, hash] of [
      ['list A', '0123456789'],
      ['list B', '9876543210'],
    ] as const) {
      const { record } = await world.release(exporting(code, hash), { force: true });
      expect(record.status).toBe('deployed');
      expect(record.warnings).toContainEqual(
        expect.stringMatching(/^export "sls-list-arn" goes on naming the version/),
      );
      expect(await exported()).toEqual({ Ref: 'ListVersion0123456789' });
    }
    world.stacks.set('other', { template: importing('nothing') });
    expect((await world.release(exporting('list C', '1111111111'), { force: true })).record.status).toBe('deployed');
    expect(await exported()).toEqual({ Ref: 'ListAliasLive' });
  });
});
