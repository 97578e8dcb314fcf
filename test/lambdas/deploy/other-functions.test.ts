import { createHash } from 'node:crypto';
import { LIVE_ALIAS } from '../../../lib/core/contracts/live-alias';
import type { Resource } from '../../../lib/core/template/template';
import type { JsonObject } from '../../../lib/core/text/canonical-json';
import { type Commit, codeOf, nameOf, serviceWorld } from './service-world';

type World = ReturnType<typeof serviceWorld>;

describe('a function that only a custom resource invokes', () => {
  const hurdle: Resource = { Type: 'Custom::Hurdle', Properties: { ServiceToken: { 'Fn::GetAtt': ['Setup', 'Arn'] } } };
  const commit = (list: string, setup: string, more: Partial<Commit> = {}): Commit => ({
    functions: { List: list, Setup: setup },
    resources: { Hurdle: hurdle },
    ...more,
  });
  const A = commit('list A', 'setup A');
  const setup = (world: World) => {
    const { codeSha256, versions, aliases } = world.functions.all.get(nameOf('Setup'))!;
    return { codeSha256, versions, aliases };
  };
  const unversioned = (code: string) => ({ codeSha256: codeOf(code), versions: [], aliases: {} });
  const deployed = async () => {
    const world = serviceWorld();
    const end = await world.release(A);
    return { world, end };
  };

  it('is left to CloudFormation: it gets no version, no alias and no record', async () => {
    const { world, end } = await deployed();
    expect(end.record.functions.map(({ logicalId }) => logicalId)).toEqual(['List']);
    expect(setup(world)).toEqual(unversioned('setup A'));
    expect((await world.release(A)).decision!.kind).toBe('skip');
  });

  it('stands in the way of no direct update of the others', async () => {
    const { world } = await deployed();
    const { decision, record } = await world.release(commit('list B', 'setup A'));
    expect(decision).toMatchObject({ kind: 'incremental', changedFunctions: ['List'] });
    expect(record.functions.map(({ logicalId }) => logicalId)).toEqual(['List']);
    expect(setup(world)).toEqual(unversioned('setup A'));
  });

  it('makes a release with a change of its code a full one', async () => {
    const { world } = await deployed();
    const { decision, error } = await world.release(commit('list B', 'setup B'));
    expect(error).toBeUndefined();
    expect(decision!.kind).toBe('full');
    expect(decision!.reasons).toContainEqual({
      code: 'function-not-aliased',
      message: 'only CloudFormation updates a function that has no alias: Setup',
    });
    expect(setup(world)).toEqual(unversioned('setup B'));
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });

  it('is rolled back by CloudFormation and not touched by us when a release fails', async () => {
    const { world } = await deployed();
    await world.release(commit('list A', 'setup B'));
    world.stacks.fail('Broken', 'the name is taken');
    const broken = { Hurdle: hurdle, Broken: { Type: 'AWS::SNS::Topic' } };
    const { error } = await world.release(commit('list C', 'setup C', { resources: broken }));
    expect(error).toMatchObject({ name: 'StackFailed' });
    expect(setup(world)).toEqual(unversioned('setup B'));
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });

  it('stops a release, before anything is touched, that finds it deleted', async () => {
    const { world } = await deployed();
    world.functions.all.delete(nameOf('Setup'));
    const { error } = await world.release(commit('list B', 'setup B'));
    expect(error).toMatchObject({ name: 'FunctionMissing', message: expect.stringContaining(nameOf('Setup')) });
    expect(world.functions.all.get(nameOf('List'))!.codeSha256).toBe(codeOf('list A'));
  });

  it('gets no version of the framework’s either, whose id may change where its content does not', async () => {
    const version = (hash: string) => ({
      [`SetupVersion${hash}`]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Setup' } } },
    });
    const world = serviceWorld();
    await world.release({ ...A, resources: { Hurdle: hurdle, ...version('0123456789') } });
    const other = { Other: { Type: 'AWS::SNS::Topic' } };
    const { decision, error } = await world.release({
      ...A,
      resources: { Hurdle: hurdle, ...version('9876543210'), ...other },
    });
    expect(decision!.kind).toBe('full');
    expect(error).toBeUndefined();
    expect(setup(world)).toEqual(unversioned('setup A'));
  });

  it('gets the alias, from what it runs, once something else invokes it too, and loses it again', async () => {
    const { world } = await deployed();
    const rule: Resource = {
      Type: 'AWS::Events::Rule',
      Properties: { Targets: [{ Id: 'setup', Arn: { 'Fn::GetAtt': ['Setup', 'Arn'] } }] },
    };
    const both = { Hurdle: hurdle, Rule: rule };
    const { error, record } = await world.release(commit('list A', 'setup B', { resources: both }));
    expect(error).toBeUndefined();
    expect(record.functions.map(({ logicalId }) => logicalId).sort()).toEqual(['List', 'Setup']);
    expect((await world.resource('SetupAliasLive'))!.Properties!.FunctionVersion).toBe('1');
    expect(await world.serving('Setup')).toEqual([codeOf('setup B')]);
    const after = await world.release(commit('list A', 'setup B'));
    expect(after.record.functions.map(({ logicalId }) => logicalId)).toEqual(['List']);
    expect(setup(world).aliases).toEqual({});
    expect((await world.release(commit('list A', 'setup C'))).decision!.kind).toBe('full');
  });
});

describe('a function whose code is in the template', () => {
  const hashOf = (code: string) => createHash('sha256').update(code).digest('base64');
  const inline = (code: string, more: JsonObject = {}): Resource => ({
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: nameOf('Inline'), Handler: 'index.main', Code: { ZipFile: code }, ...more },
  });
  const commit = (list: string, resource: Resource, more: Partial<Commit> = {}): Commit => ({
    functions: { List: list },
    resources: { Inline: resource },
    ...more,
  });
  const A = commit('list A', inline('inline A'));
  const versionOf = async (world: World) => (await world.functions.read(nameOf('Inline'), LIVE_ALIAS))?.version;

  it('has the alias and is recorded like the others', async () => {
    const world = serviceWorld();
    const { record } = await world.release(A);
    const own = { logicalId: 'Inline', name: nameOf('Inline'), version: '1' };
    expect(record.functions).toContainEqual({ ...own, updated: true });
    expect(await world.serving('Inline')).toEqual([hashOf('inline A')]);
    expect((await world.release(A)).decision!.kind).toBe('skip');
    const next = await world.release(commit('list B', inline('inline A')));
    expect(next.decision).toMatchObject({ kind: 'incremental', changedFunctions: ['List'] });
    expect(next.record.functions).toContainEqual({ ...own, updated: false });
  });

  it.each([
    ['code', inline('inline B'), hashOf('inline B')],
    ['configuration', inline('inline A', { Timeout: 9 }), hashOf('inline A')],
  ])('is published, and its alias moved, after its %s changed', async (_, changed, serving) => {
    const world = serviceWorld();
    await world.release(A);
    let during: unknown;
    const { decision, record } = await world.release(commit('list A', changed), {
      after: {
        'Wait for stack': async () => {
          during = await versionOf(world);
        },
      },
    });
    expect(decision!.kind).toBe('full');
    expect(during).toBe('1');
    const updated = { logicalId: 'Inline', name: nameOf('Inline'), version: '2', updated: true };
    expect(record.functions).toContainEqual(updated);
    expect(await world.serving('Inline')).toEqual([serving]);
    expect(await versionOf(world)).toBe('2');
  });

  it('goes back with the others when an alias cannot be moved', async () => {
    const world = serviceWorld();
    await world.release(A);
    world.functions.failMoves(nameOf('List'), { to: '2' });
    const { error } = await world.release(commit('list B', inline('inline B')));
    expect(error).toMatchObject({ name: 'ShiftFailed' });
    expect(await world.serving('List', 'Inline')).toEqual([codeOf('list A'), hashOf('inline A')]);
  });

  it('is all there is in a service without code of its own', async () => {
    const world = serviceWorld();
    await world.release({ ...A, functions: {} });
    const { error } = await world.release({ functions: {}, resources: { Inline: inline('inline B') } });
    expect(error).toBeUndefined();
    expect(await world.serving('Inline')).toEqual([hashOf('inline B')]);
  });
});
