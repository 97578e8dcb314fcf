import { createHash } from 'node:crypto';
import { DeployedPackage } from '../../../lib/core/contracts/manifest';
import { codeOf, nameOf, serviceWorld } from './service-world';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const anImage = (text: string, repository = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop'): string =>
  `${repository}@sha256:${digestOf(text)}`;
const commit = (image: string, list = 'list A') => ({ functions: { List: list }, images: { Render: anImage(image) } });
const NAME = nameOf('Render');

/** The first release of a function of a zip and one of an image, then the image B, directly. */
async function afterB() {
  const world = serviceWorld();
  await world.release(commit('A'));
  const end = await world.release(commit('B'));
  const recorded = async () => world.artifacts.readJson((await world.state())!.deployedPackage!, DeployedPackage);
  return { ...world, end, recorded, render: () => world.functions.all.get(NAME)! };
}

describe('a function of a container image', () => {
  it('is skipped while its digest is the same', async () => {
    const world = serviceWorld();
    await world.release(commit('A'));
    expect((await world.release(commit('A'))).decision!.kind).toBe('skip');
    expect(await world.serving('Render')).toEqual([digestOf('A')]);
  });

  it('is updated directly when only its digest changed', async () => {
    const { end, serving, render, recorded } = await afterB();
    expect(end.decision).toMatchObject({
      kind: 'incremental',
      changedFunctions: ['Render'],
      reasons: [{ code: 'function-code-changed', message: 'code changed: Render' }],
    });
    expect(end.record.functions).toContainEqual({ logicalId: 'Render', name: NAME, version: '2', updated: true });
    expect(await serving('Render', 'List')).toEqual([digestOf('B'), codeOf('list A')]);
    expect(render().codeSha256).toBe(digestOf('B'));
    expect((await recorded())!.manifest.images).toEqual({ Render: { image: anImage('B') } });
  });

  it('is updated beside a function of a zip', async () => {
    const world = await afterB();
    const { decision } = await world.release(commit('C', 'list C'));
    expect(decision).toMatchObject({ kind: 'incremental', changedFunctions: ['List', 'Render'] });
    expect(await world.serving('Render', 'List')).toEqual([digestOf('C'), codeOf('list C')]);
  });

  it('is updated the same way if every worker is run twice', async () => {
    const world = await afterB();
    const { error } = await world.release(commit('C'), { repeat: true });
    expect(error).toBeUndefined();
    expect(await world.serving('Render')).toEqual([digestOf('C')]);
    expect(world.render().versions).toHaveLength(3);
  });

  it('is deployed in full when its image lies elsewhere, though it is the same image', async () => {
    const world = await afterB();
    const images = { Render: anImage('B', '210987654321.dkr.ecr.eu-central-1.amazonaws.com/other') };
    const { decision } = await world.release({ functions: { List: 'list A' }, images });
    expect(decision).toMatchObject({ kind: 'full', reasons: [{ code: 'template-changed' }] });
  });

  it('runs what its package says, also where CloudFormation sees no change of it', async () => {
    const world = await afterB();
    const { decision } = await world.release({ ...commit('A'), environment: 'other' });
    expect(decision!.kind).toBe('full');
    expect(await world.serving('Render')).toEqual([digestOf('A')]);
    expect(world.render().codeSha256).toBe(digestOf('A'));
  });

  it('is deployed in full when somebody changed it by hand', async () => {
    const world = await afterB();
    world.functions.put(NAME, { codeSha256: digestOf('by hand') });
    const { decision } = await world.release(commit('C'));
    expect(decision).toMatchObject({ kind: 'full' });
    expect(decision!.reasons.map(({ code }) => code)).toContain('function-changed-by-hand');
    expect(await world.serving('Render')).toEqual([digestOf('C')]);
  });

  it('goes back, alias and image, when a release fails', async () => {
    const world = await afterB();
    world.functions.failMoves(nameOf('List'), { to: '2' });
    const { error } = await world.release(commit('C', 'list C'));
    expect(error).toMatchObject({ name: 'ShiftFailed' });
    expect(await world.serving('Render', 'List')).toEqual([digestOf('B'), codeOf('list A')]);
    expect(world.render().codeSha256).toBe(digestOf('B'));
  });

  it('goes back to what was updated directly after a stack update that fails', async () => {
    const world = await afterB();
    world.stacks.fail('Broken', 'the name is taken');
    const { error } = await world.release({ ...commit('C'), resources: { Broken: { Type: 'AWS::SNS::Topic' } } });
    expect(error).toMatchObject({ name: 'StackFailed' });
    expect(world.render().codeSha256).toBe(digestOf('B'));
    expect(await world.serving('Render')).toEqual([digestOf('B')]);
  });

  it('is rolled back by its version, and $LATEST by its digest', async () => {
    const world = await afterB();
    const { decision } = await world.rollBack(1);
    expect(decision).toMatchObject({ kind: 'incremental', changedFunctions: ['Render'] });
    expect(await world.serving('Render')).toEqual([digestOf('A')]);
    expect(world.render()).toMatchObject({ codeSha256: digestOf('A'), aliases: { live: '1' } });
    expect(world.render().versions).toHaveLength(2);
  });

  it('is rolled back by its digest where the version is gone', async () => {
    const world = await afterB();
    delete (world.render().versions as unknown[])[0];
    await world.rollBack(1);
    expect(await world.serving('Render')).toEqual([digestOf('A')]);
  });

  it('is all there is in a service without zips', async () => {
    const world = serviceWorld();
    await world.release({ ...commit('A'), functions: {} });
    const { decision } = await world.release({ ...commit('B'), functions: {} });
    expect(decision!.kind).toBe('incremental');
    expect(await world.serving('Render')).toEqual([digestOf('B')]);
  });
});

describe('a package of before images were in manifests', () => {
  const old = (image: string, templateHash: string) => ({
    ...commit(image),
    manifest: { images: undefined, templateHash: digestOf(templateHash) },
  });

  it('is followed by a stack update, which calls nothing new that is there', async () => {
    const world = serviceWorld();
    await world.release(old('A', 'with the digest in it'));
    const { decision, error } = await world.release(commit('B'));
    expect(error).toBeUndefined();
    expect(decision).toMatchObject({ kind: 'full', changedFunctions: ['Render'] });
    expect(decision!.reasons.map(({ code }) => code)).toEqual(['template-changed', 'function-code-changed']);
    expect(await world.serving('Render')).toEqual([digestOf('B')]);
    expect((await world.release(commit('C'))).decision!.kind).toBe('incremental');
  });

  it('is what a rollback can return to', async () => {
    const world = serviceWorld();
    await world.release(old('A', 'with the digest in it'));
    await world.release(commit('B'));
    const { error, decision } = await world.rollBack(1);
    expect(error).toBeUndefined();
    expect(decision!.kind).toBe('full');
    expect(await world.serving('Render')).toEqual([digestOf('A')]);
  });
});
