import { codeOf, nameOf, serviceWorld } from './service-world';

const A = { functions: { List: 'list A', Create: 'create A' } };
const B = { functions: { List: 'list B', Create: 'create A' } };

describe('a release of one service', () => {
  it('deploys the first package in full and points the aliases at it', async () => {
    const world = serviceWorld();
    const { decision, record } = await world.release(A);
    expect(decision).toMatchObject({ kind: 'full', reasons: [{ code: 'first-release' }] });
    expect(record).toMatchObject({ status: 'deployed', outputs: { Table: 'orders-table' } });
    expect(record.functions).toEqual([
      { logicalId: 'List', name: nameOf('List'), version: '1', updated: true },
      { logicalId: 'Create', name: nameOf('Create'), version: '1', updated: true },
    ]);
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list A'), codeOf('create A')]);
    expect(await world.state()).toMatchObject({ status: 'deployed' });
  });

  it('names the hooks of seed.yml only if something is deployed', async () => {
    const world = serviceWorld();
    const withHooks = { ...A, manifest: { hooks: ['before_deploy' as const] } };
    expect((await world.release(withHooks)).hooks).toEqual(['before_deploy']);
    expect(await world.release(withHooks)).toMatchObject({ decision: { kind: 'skip' }, hooks: [] });
  });

  it('touches nothing when nothing changed', async () => {
    const world = serviceWorld();
    await world.release(A);
    const before = structuredClone([...world.functions.all]);
    const { decision, record } = await world.release(A);
    expect(decision!.kind).toBe('skip');
    expect(record.status).toBe('skipped');
    expect([...world.functions.all]).toEqual(before);
  });

  it('updates only the function whose code changed, and no stack', async () => {
    const world = serviceWorld();
    await world.release(A);
    const create = structuredClone(world.functions.all.get(nameOf('Create')));
    const { decision, record } = await world.release(B);
    expect(decision).toMatchObject({ kind: 'incremental', changedFunctions: ['List'] });
    expect(record.functions).toEqual([
      { logicalId: 'List', name: nameOf('List'), version: '2', updated: true },
      { logicalId: 'Create', name: nameOf('Create'), version: '1', updated: false },
    ]);
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list B'), codeOf('create A')]);
    expect(world.functions.all.get(nameOf('Create'))).toEqual(create);
    expect(world.invocations.filter((name) => name === 'Start stack update')).toHaveLength(1);
  });

  it('waits for updates that take a while', async () => {
    const world = serviceWorld();
    await world.release(A);
    world.functions.delayUpdates(100);
    const { record } = await world.release(B);
    expect(record.status).toBe('deployed');
    expect(world.invocations.filter((name) => name === 'Prepare functions').length).toBeGreaterThan(2);
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });

  it('runs A everywhere after A, a direct update to B, and A with another environment variable', async () => {
    const world = serviceWorld();
    await world.release(A);
    await world.release(B);
    let afterStack: string | undefined;
    const { decision, record } = await world.release(
      { ...A, environment: 'other' },
      {
        after: {
          'Wait for stack': () => {
            afterStack = world.functions.all.get(nameOf('List'))!.codeSha256;
          },
        },
      },
    );
    expect(decision!.kind).toBe('full');
    // The stack's template never said B, so CloudFormation leaves it running: this is what the reconciliation is for.
    expect(afterStack).toBe(codeOf('list B'));
    expect(record.status).toBe('deployed');
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list A'), codeOf('create A')]);
    for (const id of ['List', 'Create']) {
      const found = world.functions.all.get(nameOf(id))!;
      expect(found.codeSha256).toBe(codeOf(`${id.toLowerCase()} A`));
      expect(found.versions[Number(found.aliases.live) - 1]!.configuration).toContain('other');
    }
  });

  it('moves no traffic by a stack update: the aliases wait for the shift', async () => {
    const world = serviceWorld();
    await world.release(A);
    await world.release(B);
    let during: (string | undefined)[] = [];
    await world.release(
      { functions: { List: 'list C', Create: 'create C' }, environment: 'other' },
      {
        after: {
          'Prepare functions': async () => {
            during = await world.serving('List', 'Create');
          },
        },
      },
    );
    expect(during).toEqual([codeOf('list B'), codeOf('create A')]);
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list C'), codeOf('create C')]);
  });

  it('adds and removes functions', async () => {
    const world = serviceWorld();
    await world.release(A);
    const { record } = await world.release({ functions: { Create: 'create A', Delete: 'delete A' } });
    expect(record.functions.map(({ logicalId }) => logicalId).sort()).toEqual(['Create', 'Delete']);
    expect(world.functions.all.has(nameOf('List'))).toBe(false);
    expect(await world.serving('Delete')).toEqual([codeOf('delete A')]);
  });

  it('comes to the same when every worker is run twice', async () => {
    const once = serviceWorld();
    const twice = serviceWorld();
    for (const commit of [A, B, { ...A, environment: 'other' }]) {
      const first = await once.release(commit);
      const second = await twice.release(commit, { repeat: true });
      expect(second.error).toBeUndefined();
      expect(second.record.functions).toEqual(first.record.functions);
    }
    const versions = (world: typeof once) => [...world.functions.all.values()].map((found) => found.versions.length);
    expect(versions(twice)).toEqual(versions(once));
    expect(await twice.serving('List', 'Create')).toEqual(await once.serving('List', 'Create'));
  });
});
