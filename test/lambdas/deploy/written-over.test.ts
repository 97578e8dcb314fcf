import { manifestKey } from '../../../lib/core/contracts/keys';
import type { StageShift } from '../../../lib/core/contracts/settings';
import { aManifest } from '../../builders';
import { codeOf, nameOf, STACK, serviceWorld } from './service-world';
import type { WorkerState } from './state-names';

/** Invokes a function, so that there is traffic to shift. */
const resources = {
  Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['List', 'Arn'] } }] } },
};
const A = { functions: { List: 'list A', Create: 'create A' }, resources };
const B = { functions: { List: 'list B', Create: 'create A' }, resources };
const OTHER = { ...B, environment: 'other' };
const GRADUAL: StageShift = { shift: { kind: 'canary', percent: 10, minutes: 5 }, mustBeGradual: true };
const STAGE = { app: 'shop', stage: 'dev' };
/** What somebody puts into a template who may write where builds of the stage write. */
const ROLE = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'of-somebody-else' } };

type World = ReturnType<typeof serviceWorld>;

/** Writes another manifest over that of the release under way, as a hook's build or another one of the stage could. */
async function writeOverManifest(world: World, id: string): Promise<void> {
  const { artifacts } = world;
  const key = manifestKey(STAGE, 'orders', id);
  const manifest = JSON.parse(Buffer.from(artifacts.objects.get(key)!).toString('utf8')) as object;
  await artifacts.writeJson(key, { ...manifest, ...aManifest({ List: 'evil' }), releaseId: id });
}

/** Puts a role into a stored template, and leaves all else of it. */
async function writeOverTemplate({ artifacts }: World, key: string): Promise<void> {
  const template = JSON.parse(Buffer.from(artifacts.objects.get(key)!).toString('utf8')) as { Resources: object };
  await artifacts.writeJson(key, { ...template, Resources: { ...template.Resources, Role: ROLE } });
}

const idOf = async (world: World): Promise<string> => (await world.state())!.releaseId;
const templateOf = (world: World) => world.stacks.template(STACK);

describe('a manifest that is written over after the decision', () => {
  it.each<[string, WorkerState, { readonly commit: typeof OTHER | typeof B; readonly stage?: StageShift }]>([
    ['before a stack update', 'Decide', { commit: OTHER }],
    ['while a stack update starts', 'Start stack update', { commit: OTHER }],
    ['after a stack update', 'Wait for stack', { commit: OTHER }],
    ['before a gradual shift', 'Decide', { commit: B, stage: GRADUAL }],
  ])('%s stops the release, and what served serves', async (_, state, { commit, stage }) => {
    const world = serviceWorld();
    await world.release(A);
    const tamper = async () => writeOverManifest(world, await idOf(world));
    const { error, record } = await world.release(commit, { stage, after: { [state]: tamper } });
    expect(error).toMatchObject({
      code: 'ManifestInvalid',
      message: expect.stringContaining('is not what this release'),
    });
    expect(record.status).toBe('failed');
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list A'), codeOf('create A')]);
  });

  it('has no part in what is updated directly: its hashes were decided on', async () => {
    const world = serviceWorld();
    await world.release(A);
    const tamper = async () => writeOverManifest(world, await idOf(world));
    const { error } = await world.release(B, { after: { Decide: tamper } });
    expect(error).toMatchObject({ code: 'ManifestInvalid' });
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });

  it('is not what a decision that is made again decides on', async () => {
    const world = serviceWorld();
    await world.release(A);
    const twice = async () => {
      await writeOverManifest(world, await idOf(world));
      await expect(world.again('decide')).rejects.toMatchObject({ code: 'ManifestInvalid' });
    };
    await world.release(B, { after: { Decide: twice } });
    expect.assertions(1);
  });
});

describe('a template that is written over', () => {
  it.each([
    ['of its bytes', {}],
    ['of its content, if its package is old', { templateSha256: undefined }],
  ])('is not what a rollback gives CloudFormation: the manifest has the hash %s', async (_, manifest) => {
    const world = serviceWorld();
    await world.release({ ...A, manifest });
    const first = await idOf(world);
    await world.release(OTHER);
    const before = await templateOf(world);
    await writeOverTemplate(world, `packages/shop/dev/orders/${first}/template.json`);
    const { error } = await world.rollBack(1);
    expect(error).toMatchObject({ code: 'TemplateInvalid', message: expect.stringContaining('written over') });
    expect(await templateOf(world)).toEqual(before);
  });

  it('is not what the release itself gives CloudFormation', async () => {
    const world = serviceWorld();
    await world.release(A);
    const before = await templateOf(world);
    const tamper = async () => writeOverTemplate(world, `packages/shop/dev/orders/${await idOf(world)}/template.json`);
    const { error } = await world.release(OTHER, { after: { Decide: tamper } });
    expect(error).toMatchObject({ code: 'TemplateInvalid' });
    expect(await templateOf(world)).toEqual(before);
  });

  it('of an old package serves a rollback as it is, if nobody has', async () => {
    const world = serviceWorld();
    await world.release({ ...A, manifest: { templateSha256: undefined } });
    await world.release(OTHER);
    expect((await world.rollBack(1)).error).toBeUndefined();
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });
});

describe('on a rollback', () => {
  it('a manifest that is put in the place of the recorded one is not deployed', async () => {
    const world = serviceWorld();
    await world.release(A);
    await world.release(B);
    const key = () => [...world.artifacts.objects.keys()].filter((one) => one.endsWith('/manifest.json')).at(-1)!;
    const tamper = () => writeOverManifest(world, key().split('/').at(-2)!);
    const { error } = await world.rollBack(1, { after: { 'Use stored package': tamper } });
    expect(error).toMatchObject({ code: 'ManifestInvalid', message: expect.stringContaining('was recorded') });
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });

  it('packages from before stages had folders are found where they were recorded', async () => {
    const world = serviceWorld();
    const old = {
      template: 'packages/shop/orders/old/template.json',
      templateSha256: undefined,
      bundle: (id: string) => `bundles/shop/orders/${id}/${'a'.repeat(64)}.zip`,
    };
    await world.release(A);
    await world.release(OTHER);
    // As an older version of the platform has left the first package.
    const { objects } = world.artifacts;
    const [deployed] = [...objects.keys()].filter((key) => key.endsWith('/deployed.json'));
    const text = Buffer.from(objects.get(deployed!)!).toString('utf8');
    const recorded = JSON.parse(text) as { manifest: ReturnType<typeof aManifest> };
    const { manifest } = recorded;
    objects.set(old.template, objects.get(manifest.template)!);
    const functions = Object.entries(manifest.functions).map(([id, one]) => {
      objects.set(old.bundle(id), objects.get(one.bundle)!);
      objects.delete(one.bundle);
      return [id, { ...one, bundle: old.bundle(id) }] as const;
    });
    objects.delete(manifest.template);
    const { template, templateSha256 } = old;
    await world.artifacts.writeJson(deployed!, {
      ...recorded,
      manifest: { ...manifest, template, templateSha256, functions: Object.fromEntries(functions) },
    });
    expect((await world.rollBack(1)).error).toBeUndefined();
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
    expect(world.functions.all.get(nameOf('List'))!.codeSha256).toBe(codeOf('list A'));
  });
});
