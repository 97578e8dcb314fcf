import { codeOf, serviceWorld } from './service-world';

const A = { functions: { List: 'list A' } };
const withHooks = (code: string) => ({
  functions: { List: code },
  manifest: { hooks: ['before_deploy' as const, 'after_deploy' as const] },
});
const LEFT = { code: 'HookFailed', message: 'command 1 of the hook failed' };

describe('hooks of seed.yml around a deployment', () => {
  it('run before anything is touched, and when all aliases have moved', async () => {
    const world = serviceWorld();
    const { states, error } = await world.release(withHooks('list A'));
    expect(error).toBeUndefined();
    expect(world.builds.requests.map(({ task }) => task)).toEqual(['package', 'before_deploy', 'after_deploy']);
    const order = [
      'Decide',
      'Start before_deploy',
      'Start stack update',
      'Move aliases',
      'Start after_deploy',
      'Record',
    ];
    expect(states.filter((state) => order.includes(state))).toEqual(order);
  });

  it('stop the release before anything is touched if the first one fails', async () => {
    const world = serviceWorld();
    await world.release(A);
    const before = world.invocations.length;
    const end = await world.release(withHooks('list B'), { failingBuilds: { before_deploy: LEFT } });
    expect(end.error).toMatchObject({ name: 'HookFailed', message: LEFT.message });
    expect(end.record).toMatchObject({ status: 'failed', error: LEFT });
    expect(world.invocations.slice(before)).toEqual(['Decide']);
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });

  it('fail the release and leave serving what serves if the second one fails', async () => {
    const world = serviceWorld();
    await world.release(A);
    const end = await world.release(withHooks('list B'), { failingBuilds: { after_deploy: LEFT } });
    expect(end.error).toMatchObject({ name: 'HookFailed' });
    expect(end.states).not.toContain('Restore functions');
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
    expect(end.record).toMatchObject({ status: 'failed', functions: [{ logicalId: 'List', version: '2' }] });
  });

  it('do not run for a rollback', async () => {
    const world = serviceWorld();
    await world.release(withHooks('list A'));
    await world.release(withHooks('list B'));
    const before = world.builds.requests.length;
    const end = await world.rollBack(1);
    expect(end).toMatchObject({ error: undefined, hooks: [] });
    expect(world.builds.requests).toHaveLength(before);
  });
});

describe('a build that fails', () => {
  it('fails the release with what the packager left, and nothing is decided', async () => {
    const world = serviceWorld();
    const left = { code: 'PackageFailed', message: 'no such file: src/list.ts' };
    const end = await world.release(A, { failingBuilds: { package: left } });
    expect(end.error).toMatchObject({ name: left.code, message: left.message });
    expect(end.record).toMatchObject({ status: 'failed', error: left });
    expect(world.invocations).toEqual([]);
  });
});

describe('functions that are prepared in batches', () => {
  const FUNCTIONS = Array.from({ length: 60 }, (_, index) => `F${index}`);
  const commit = (code: string) => ({ functions: Object.fromEntries(FUNCTIONS.map((id) => [id, code])) });

  it('are all prepared before the first alias moves', async () => {
    const world = serviceWorld();
    await world.release(commit('A'));
    const { states, error } = await world.release(commit('B'));
    expect(error).toBeUndefined();
    expect(states.filter((state) => state === 'Prepare functions').length).toBeGreaterThan(1);
    expect(states.lastIndexOf('Versions ready')).toBeLessThan(states.indexOf('Move aliases'));
    expect(new Set(await world.serving(...FUNCTIONS))).toEqual(new Set([codeOf('B')]));
  });

  it('of which one fails: no further batch begins, and all is put back', async () => {
    const world = serviceWorld();
    await world.release(commit('A'));
    world.functions.failUpdates('orders-dev-F3', 'no');
    const { states, error } = await world.release(commit('B'));
    expect(error).toMatchObject({ name: 'FunctionUpdateFailed' });
    const afterwards = states.slice(states.indexOf('Restore functions'));
    expect(afterwards).toEqual(['Restore functions', 'Record failure', 'Service failed']);
    expect(states).not.toContain('Move aliases');
    expect(new Set(await world.serving(...FUNCTIONS))).toEqual(new Set([codeOf('A')]));
    expect([...world.functions.all.values()].filter(({ codeSha256 }) => codeSha256 !== codeOf('A'))).toEqual([]);
  });
});
