import type { Manifest } from '../../../lib/core/contracts/manifest';
import type { Resource } from '../../../lib/core/template/template';
import { aHash } from '../../builders';
import { type Commit, codeOf, nameOf, serviceWorld } from './service-world';

type World = ReturnType<typeof serviceWorld>;

const hourly: Resource = {
  Type: 'AWS::Events::Rule',
  Properties: {
    ScheduleExpression: 'rate(1 hour)',
    Targets: [{ Id: 'List', Arn: { 'Fn::GetAtt': ['List', 'Arn'] } }],
  },
};
/** A commit whose service calls its alias so; the packager has the name in the configuration's hash. */
const commit = (code: string, alias: string, more: Partial<Commit> = {}): Commit => ({
  functions: { List: code },
  resources: { Hourly: hourly },
  manifest: { alias, configHash: aHash(alias) } satisfies Partial<Manifest>,
  ...more,
});

const list = (world: World) => world.functions.all.get(nameOf('List'))!;
const aliasOf = async (world: World, id: string) => (await world.resource(id))?.Properties;

/** @returns the aliases of the function, and what its event source invokes, when the stack has just been updated. */
async function afterStackUpdate(world: World, next: Commit, options: Parameters<World['release']>[1] = {}) {
  let seen: unknown;
  const { error } = await world.release(next, {
    ...options,
    after: {
      'Compare functions': async () => {
        seen = { aliases: { ...list(world).aliases }, targets: (await world.resource('Hourly'))!.Properties!.Targets };
      },
    },
  });
  expect(error).toBeUndefined();
  return seen;
}

const target = (aliasId: string) => [{ Id: 'List', Arn: { Ref: aliasId } }];

describe('a service whose alias gets another name', () => {
  it.each([
    ['Live', 'ListAliasLive'],
    ['blue', 'ListAliasBlue'],
  ])('%s is replaced by the stack update, and what invokes it follows', async (alias, aliasId) => {
    const world = serviceWorld();
    await world.release(commit('list A', 'live'));
    expect(list(world).aliases).toEqual({ live: '1' });
    const seen = await afterStackUpdate(world, commit('list B', alias));
    // The new alias starts from what the old one named: no traffic moves before the shift.
    expect(seen).toEqual({ aliases: { [alias]: '1' }, targets: target(aliasId) });
    expect(await aliasOf(world, aliasId)).toMatchObject({ Name: alias });
    expect(list(world).aliases).toEqual({ [alias]: '2' });
    // Direct updates go on under the new name.
    expect((await world.release(commit('list C', alias))).decision!.kind).toBe('incremental');
    expect(list(world).aliases).toEqual({ [alias]: '3' });
  });

  it('starts from what served, also where $LATEST is ahead of it', async () => {
    const world = serviceWorld();
    await world.release(commit('list A', 'live'));
    // As a direct update that failed before its shift leaves it.
    world.functions.put(nameOf('List'), { codeSha256: codeOf('list B') });
    expect(await afterStackUpdate(world, commit('list C', 'Live'))).toMatchObject({ aliases: { Live: '1' } });
  });

  it('comes to the same when every worker is run twice', async () => {
    const world = serviceWorld();
    await world.release(commit('list A', 'live'));
    expect(await afterStackUpdate(world, commit('list B', 'Live'), { repeat: true })).toMatchObject({
      aliases: { Live: '1' },
    });
    expect(list(world).aliases).toEqual({ Live: '2' });
  });

  it('may get its old name back when the release that renamed it failed afterwards', async () => {
    const world = serviceWorld();
    await world.release(commit('list A', 'live'));
    const failing = await world.release(commit('list B', 'Live'), {
      after: {
        'Compare functions': () => {
          throw new Error('stopped here');
        },
      },
    });
    expect(failing.error).toBeDefined();
    const seen = await afterStackUpdate(world, commit('list C', 'live'), { force: true });
    expect(seen).toEqual({ aliases: { live: '1' }, targets: target('ListAliasLive') });
    expect(list(world).aliases).toEqual({ live: String(list(world).versions.length) });
  });

  it('is put back under its new name when the shift of the release that renamed it failed', async () => {
    const world = serviceWorld();
    await world.release(commit('list A', 'live'));
    const failed = await world.release(commit('list B', 'Live'), {
      after: {
        // As a shift leaves it whose worker died.
        'Prepare functions': () => {
          list(world).weights.Live = { 2: 0.1 };
          throw new Error('stopped here');
        },
      },
    });
    expect(failed.error).toMatchObject({ message: 'stopped here' });
    expect(await world.functions.alias(nameOf('List'), 'Live')).toEqual({ version: '1', weights: {} });
  });

  it('can have a template that nobody here can read', async () => {
    const world = serviceWorld();
    await world.release(commit('list A', 'live'));
    const { template } = world.stacks;
    world.stacks.template = async () => undefined;
    const { error } = await world.release(commit('list B', 'Live'), {
      after: {
        'Wait for stack': () => {
          world.stacks.template = template;
        },
      },
    });
    expect(error).toBeUndefined();
    expect(await aliasOf(world, 'ListAliasLive')).toMatchObject({ Name: 'Live', FunctionVersion: '1' });
    expect(list(world).aliases).toEqual({ Live: '2' });
  });
});

describe('a service that serverless-plugin-canary-deployments shifted before the platform', () => {
  /** The alias as the plug-in makes it: its logical id has the alias's name as it is. */
  const byThePlugin = (alias: string): Commit => ({
    functions: { List: 'list A' },
    resources: {
      Hourly: { ...hourly, Properties: { ...hourly.Properties, Targets: target(`ListAlias${alias}`) } },
      ListLambdaVersionabc: {
        Type: 'AWS::Lambda::Version',
        DeletionPolicy: 'Retain',
        Properties: { FunctionName: { Ref: 'List' } },
      },
      [`ListAlias${alias}`]: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'List' },
          FunctionVersion: { 'Fn::GetAtt': ['ListLambdaVersionabc', 'Version'] },
          Name: alias,
        },
        UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: 'a', DeploymentGroupName: 'b' } },
      } as Resource,
    },
  });

  it.each(['Live', 'live'])('keeps its alias %s where it is, and what it names', async (alias) => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(byThePlugin(alias));
    expect(list(world).aliases).toEqual({ [alias]: '1' });
    const seen = await afterStackUpdate(world, commit('list B', alias));
    expect(seen).toEqual({ aliases: { [alias]: '1' }, targets: target(`ListAlias${alias}`) });
    expect(await world.resource(`ListAlias${alias}`)).not.toHaveProperty('UpdatePolicy');
  });

  it('may rename it at the same time: the new one starts from what the old one named', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(byThePlugin('Live'));
    world.functions.put(nameOf('List'), { codeSha256: codeOf('made by hand') });
    expect(await afterStackUpdate(world, commit('list B', 'blue'))).toEqual({
      aliases: { blue: '1' },
      targets: target('ListAliasBlue'),
    });
  });
});
