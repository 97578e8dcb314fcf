import { DeployedPackage } from '../../../lib/core/contracts/manifest';
import { codeOf, nameOf, serviceWorld } from './service-world';

const A = { functions: { List: 'list A', Create: 'create A' } };
const B = { functions: { List: 'list B', Create: 'create A' } };
const OTHER = { environment: 'other' };
const [LIST, CREATE] = [nameOf('List'), nameOf('Create')];

/** A, then B directly. */
async function afterB() {
  const world = serviceWorld();
  await world.release(A);
  await world.release(B);
  const list = () => world.functions.all.get(LIST)!;
  const recorded = async () => world.artifacts.readJson((await world.state())!.deployedPackage!, DeployedPackage);
  const since = world.invocations.length;
  return { ...world, list, recorded, invokedSince: () => world.invocations.slice(since) };
}

describe('a rollback of one service', () => {
  it('moves aliases to the versions of then, and publishes nothing', async () => {
    const world = await afterB();
    const { decision, record } = await world.rollBack(1);
    expect(decision).toMatchObject({ kind: 'incremental', changedFunctions: ['List'] });
    expect(record.functions).toEqual([
      { logicalId: 'List', name: LIST, version: '1', updated: true },
      { logicalId: 'Create', name: CREATE, version: '1', updated: false },
    ]);
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list A'), codeOf('create A')]);
    expect(world.list().versions).toHaveLength(2);
  });

  it('puts the code of then back into $LATEST, after the aliases have moved', async () => {
    const world = await afterB();
    let during: string | undefined;
    const look = () => {
      during = world.list().codeSha256;
    };
    await world.rollBack(1, { after: { 'Move aliases': look } });
    expect(during).toBe(codeOf('list B'));
    expect(world.list().codeSha256).toBe(codeOf('list A'));
  });

  it('records what it returned to as what is deployed', async () => {
    const world = await afterB();
    await world.rollBack(1);
    expect((await world.recorded())!.functions.List).toEqual({
      name: LIST,
      version: '1',
      codeSha256: codeOf('list A'),
    });
    expect((await world.recorded())!.manifest.releaseId).toBe((await world.state())!.releaseId);
    expect((await world.release(A)).decision!.kind).toBe('skip');
    expect((await world.release(B)).decision).toMatchObject({ kind: 'incremental', changedFunctions: ['List'] });
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });

  it('leads forward again as well as back', async () => {
    const world = await afterB();
    await world.rollBack(1);
    await world.rollBack(2);
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
    expect(world.list()).toMatchObject({ codeSha256: codeOf('list B'), aliases: { live: '2' } });
    expect(world.list().versions).toHaveLength(2);
  });

  it('does the same if every worker is run twice', async () => {
    const world = await afterB();
    const { error } = await world.rollBack(1, { repeat: true });
    expect(error).toBeUndefined();
    expect(world.list()).toMatchObject({ codeSha256: codeOf('list A'), aliases: { live: '1' } });
    expect(world.list().versions).toHaveLength(2);
  });

  it('does not mind code that was changed by hand: what served then serves again', async () => {
    const world = await afterB();
    world.functions.put(LIST, { codeSha256: codeOf('by hand') });
    expect((await world.rollBack(1)).decision!.kind).toBe('incremental');
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
    expect(world.list().codeSha256).toBe(codeOf('list A'));
  });

  it('does not ask whether the app wants its new code to be deployed directly', async () => {
    const world = serviceWorld();
    const manifest = { incremental: { enabled: false, disabledFor: [] } };
    await world.release({ ...A, manifest });
    await world.release(B);
    const { decision } = await world.rollBack(1);
    // B was deployed in full, or directly: in either case nothing but aliases may have to move back.
    expect(decision!.reasons.map(({ code }) => code)).toEqual(['function-code-changed']);
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });

  it('finds nothing to do where the package is the same', async () => {
    const world = await afterB();
    await world.release(A);
    const { decision, record } = await world.rollBack(1);
    expect([decision!.kind, record.status]).toEqual(['skip', 'skipped']);
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });
});

describe('a rollback across a stack update', () => {
  it('deploys the stored package in full, from the bundles of then', async () => {
    const world = await afterB();
    await world.release({ functions: { List: 'list C', Create: 'create C' }, ...OTHER });
    const { decision, record } = await world.rollBack(2);
    expect(decision!.kind).toBe('full');
    expect(record.status).toBe('deployed');
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list B'), codeOf('create A')]);
    expect(world.list().configuration).not.toContain('other');
  });

  it('makes new versions if the template is the same again: the old ones may hold what is there no more', async () => {
    const world = await afterB();
    await world.release({ ...B, ...OTHER });
    await world.release(B);
    const versions = world.list().versions.length;
    const { decision } = await world.rollBack(1);
    expect(decision!.kind).toBe('incremental');
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
    expect(world.list().versions).toHaveLength(versions + 1);
  });
});

describe('a rollback of which something is gone', () => {
  /** Takes a version out of Lambda. */
  const loseVersion = (world: Awaited<ReturnType<typeof afterB>>, number: number) => {
    delete (world.list().versions as unknown[])[number - 1];
  };

  it('deploys the stored bundle if the version is gone', async () => {
    const world = await afterB();
    loseVersion(world, 1);
    await world.rollBack(1);
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
    expect(world.list().aliases.live).toBe('3');
    expect(world.invokedSince()).not.toContain('Restore code of earlier versions');
  });

  it('fails before any alias moves if the version goes between decision and preparation', async () => {
    const world = await afterB();
    const { error } = await world.rollBack(1, { after: { Decide: () => loseVersion(world, 1) } });
    expect(error).toMatchObject({
      code: 'VersionMissing',
      message: expect.stringContaining('version 1 of function List'),
    });
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
    expect(world.list().codeSha256).toBe(codeOf('list B'));
  });

  it('moves the alias though the bundle is gone, and leaves $LATEST to the next change, a full deploy', async () => {
    const world = await afterB();
    const bundle = [...world.artifacts.objects.keys()].find(
      (key) => key.startsWith('bundles/') && key.includes('/List/'),
    )!;
    const bytes = world.artifacts.objects.get(bundle)!;
    world.artifacts.objects.delete(bundle);
    const { record } = await world.rollBack(1);
    expect(record.status).toBe('deployed');
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
    expect(world.list().codeSha256).toBe(codeOf('list B'));

    world.artifacts.objects.set(bundle, bytes);
    const { decision } = await world.release({ functions: { List: 'list C', Create: 'create A' } });
    expect(decision).toMatchObject({ kind: 'full' });
    expect(decision!.reasons.map(({ code }) => code)).toContain('function-changed-by-hand');
    expect(await world.serving('List')).toEqual([codeOf('list C')]);
  });

  it('stops if the package is gone, and says which', async () => {
    const world = await afterB();
    for (const key of world.artifacts.objects.keys())
      if (key.endsWith('/deployed.json')) world.artifacts.objects.delete(key);
    const { error } = await world.rollBack(1);
    expect(error).toMatchObject({
      code: 'RollbackImpossible',
      message: expect.stringMatching(/the package of release 01HZ\w+1 was collected: .*deployed\.json/),
    });
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });
});

describe('a rollback that fails', () => {
  it('leaves the newer versions serving, all of them, if one alias does not move', async () => {
    const world = serviceWorld();
    await world.release(A);
    await world.release({ functions: { List: 'list B', Create: 'create B' } });
    world.functions.failMoves(CREATE, { to: '1' });
    const { error } = await world.rollBack(1);
    expect(error).toMatchObject({ code: 'ShiftFailed' });
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list B'), codeOf('create B')]);
    expect(world.functions.all.get(LIST)!.codeSha256).toBe(codeOf('list B'));
    expect(await world.state()).toMatchObject({ status: 'failed' });
  });

  it('keeps the old versions serving if only the code of $LATEST cannot be put back, and says so', async () => {
    const world = await afterB();
    const updateCode = world.functions.updateCode;
    const spoil = () => {
      world.functions.updateCode = async () => ({ outcome: 'refused', reason: 'no space left' });
    };
    const { error } = await world.rollBack(1, { after: { 'Move aliases': spoil } });
    expect(error).toMatchObject({ code: 'FunctionUpdateFailed', message: expect.stringContaining('no space left') });
    expect(world.invokedSince()).not.toContain('Restore functions');
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
    expect(await world.state()).toMatchObject({ status: 'failed' });
    expect((await world.recorded())!.functions.List!.version).toBe('1');

    // A release that fails now goes back to what serves, not to what was rolled back from.
    world.functions.failMoves(LIST, { to: '3' });
    world.functions.updateCode = updateCode;
    await world.release({ functions: { List: 'list C', Create: 'create A' } });
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });

  it('after a failed release, deploys in full: nobody knows what that one has touched', async () => {
    const world = await afterB();
    world.functions.failUpdates(CREATE, 'no');
    await world.release({ functions: { List: 'list C', Create: 'create C' } });
    world.functions.failUpdates(CREATE, undefined);
    const { decision } = await world.rollBack(2);
    expect(decision).toMatchObject({ kind: 'full', reasons: [{ code: 'previous-release-failed' }] });
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list B'), codeOf('create A')]);
    expect(await world.state()).toMatchObject({ status: 'deployed' });
  });
});
