import { LIVE_ALIAS } from '../../../lib/core/contracts/live-alias';
import { aRelease } from '../../builders';
import { type Commit, codeOf, nameOf, STACK, serviceWorld } from './service-world';

const A = { functions: { List: 'list A', Create: 'create A' } };
const B = { functions: { List: 'list B', Create: 'create B' } };
const BROKEN = { Broken: { Type: 'AWS::SNS::Topic' } };

type World = ReturnType<typeof serviceWorld>;
const latest = (world: World, id: string) => world.functions.all.get(nameOf(id))!.codeSha256;
const changeByHand = (world: World, id: string) =>
  world.functions.put(nameOf(id), { codeSha256: codeOf('made by hand') });

/** @returns a world in which A was deployed. */
const deployed = async (): Promise<World> => {
  const world = serviceWorld();
  await world.release(A);
  return world;
};

/** Expects what every failed release owes: what served serves, and the next release is full and works. */
async function expectRecovery(world: World, serving: { readonly List: string; readonly Create: string }) {
  expect(await world.serving('List', 'Create')).toEqual([codeOf(serving.List), codeOf(serving.Create)]);
  expect(await world.state()).toMatchObject({ status: 'failed' });
  const next = await world.release({ functions: { List: 'list C', Create: 'create C' } });
  expect(next.error).toBeUndefined();
  expect(next.decision!.kind).toBe('full');
  expect(next.decision!.reasons.map(({ code }) => code)).toContain('previous-release-failed');
  expect(await world.serving('List', 'Create')).toEqual([codeOf('list C'), codeOf('create C')]);
}

describe('a failure while functions are prepared', () => {
  it('moves no alias, puts code back and names the function and the reason', async () => {
    const world = await deployed();
    world.functions.failUpdates(nameOf('Create'), 'the code could not be started');
    const { error, record } = await world.release(B);
    expect(error).toMatchObject({ name: 'FunctionUpdateFailed' });
    expect(error!.message).toContain('Create');
    expect(error!.message).toContain('the code could not be started');
    expect(record).toMatchObject({ status: 'failed', error: { code: 'FunctionUpdateFailed' } });
    expect(latest(world, 'List')).toBe(codeOf('list A'));
    world.functions.failUpdates(nameOf('Create'), undefined);
    await expectRecovery(world, { List: 'list A', Create: 'create A' });
  });

  it('says what to do where the version that failed is all that Lambda would publish again', async () => {
    const world = await deployed();
    world.functions.failUpdates(nameOf('Create'), 'no table');
    await world.release(B);
    world.functions.failUpdates(nameOf('Create'), undefined);
    const { error } = await world.release(B);
    expect(error).toMatchObject({
      name: 'FunctionUpdateFailed',
      message: expect.stringMatching(/^version 2 of function Create .*: no table; change .* or delete that version/),
    });
  });

  it('leaves a function alone that someone changes at that moment, and puts the others back', async () => {
    const world = await deployed();
    const { error } = await world.release(B, { after: { Decide: () => changeByHand(world, 'Create') } });
    expect(error).toMatchObject({ name: 'FunctionChangedByHand', message: expect.stringContaining(nameOf('Create')) });
    expect(latest(world, 'Create')).toBe(codeOf('made by hand'));
    expect(latest(world, 'List')).toBe(codeOf('list A'));
    await expectRecovery(world, { List: 'list A', Create: 'create A' });
  });

  it('names the function and the key when a bundle is gone', async () => {
    const world = await deployed();
    let key = '';
    const { error } = await world.release(B, {
      spoil: (manifest) => {
        key = manifest.functions.Create!.bundle;
        world.artifacts.objects.delete(key);
      },
    });
    expect(error).toMatchObject({ name: 'BundleMissing', message: expect.stringContaining('function Create') });
    expect(error!.message).toContain(key);
    expect(latest(world, 'List')).toBe(codeOf('list A'));
    await expectRecovery(world, { List: 'list A', Create: 'create A' });
  });

  it('refuses a bundle that is not the one the manifest means, and puts the code back', async () => {
    const world = await deployed();
    const { error } = await world.release(B, {
      spoil: ({ functions }) => world.artifacts.objects.set(functions.Create!.bundle, Buffer.from('something else')),
    });
    expect(error).toMatchObject({ name: 'BundleCorrupt', message: expect.stringContaining('function Create') });
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list A'), codeOf('create A')]);
  });
});

describe('a change made by hand before a release', () => {
  it('makes the release a full one, which brings the function in line', async () => {
    const world = await deployed();
    changeByHand(world, 'List');
    const { decision, error } = await world.release(B);
    expect(error).toBeUndefined();
    expect(decision!.kind).toBe('full');
    expect(decision!.reasons.map(({ code }) => code)).toContain('function-changed-by-hand');
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list B'), codeOf('create B')]);
    expect(latest(world, 'List')).toBe(codeOf('list B'));
  });

  it('is undone by a full release also where the code of the repository did not change', async () => {
    const world = await deployed();
    changeByHand(world, 'List');
    await world.release({ ...A, environment: 'other' });
    expect(latest(world, 'List')).toBe(codeOf('list A'));
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });

  it('makes an alias anew that was deleted', async () => {
    const world = await deployed();
    delete world.functions.all.get(nameOf('List'))!.aliases[LIVE_ALIAS];
    const { error } = await world.release({ ...A, environment: 'other' });
    expect(error).toBeUndefined();
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list A'), codeOf('create A')]);
  });
});

describe('a function deleted by hand', () => {
  it.each([
    ['its code changed', B],
    ['something else changed', { ...A, environment: 'other' }],
  ])('stops the release before anything is touched, when %s', async (_, commit) => {
    const world = await deployed();
    world.functions.all.delete(nameOf('Create'));
    const { error, decision } = await world.release(commit);
    expect(decision!.kind).toBe('full');
    expect(error).toMatchObject({ name: 'FunctionMissing' });
    expect(error!.message).toContain(`function Create ("${nameOf('Create')}") was deleted by hand`);
    expect(latest(world, 'List')).toBe(codeOf('list A'));
    expect((await world.stacks.events(STACK, `01HZZZZZZZZZZZZZZZZZZZZZ02-update`))!).toEqual([]);
  });

  it('comes back the way that the message tells', async () => {
    const world = await deployed();
    world.functions.all.delete(nameOf('Create'));
    await world.release(B);
    expect((await world.release({ functions: { List: 'list B' } })).error).toBeUndefined();
    expect((await world.release(B)).error).toBeUndefined();
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list B'), codeOf('create B')]);
  });
});

describe('a failure of the stack', () => {
  it('moves no traffic, and puts code back that CloudFormation rolled back past a direct update', async () => {
    const world = await deployed();
    await world.release(B);
    world.stacks.fail('Broken', 'the name is taken');
    const seen: Record<string, unknown> = {};
    const { error } = await world.release(
      { functions: { List: 'list C', Create: 'create C' }, environment: 'other', resources: BROKEN },
      {
        after: {
          'Start stack update': async () =>
            Object.assign(seen, { alias: await world.serving('List'), code: latest(world, 'List') }),
        },
      },
    );
    expect(error).toMatchObject({ name: 'StackFailed' });
    expect(error!.message).toContain('Broken (AWS::SNS::Topic): the name is taken');
    // CloudFormation knows of A only: that is what it rolls code back to, and aliases too if it had touched them.
    expect(seen).toEqual({ alias: [codeOf('list B')], code: codeOf('list A') });
    expect(latest(world, 'List')).toBe(codeOf('list B'));
    world.stacks.fail('Broken', undefined);
    await expectRecovery(world, { List: 'list B', Create: 'create B' });
  });

  it('names the first resource that failed, not those that were cancelled because of it', async () => {
    const world = serviceWorld();
    world.stacks.fail('Broken', 'the name is taken');
    const { error } = await world.release({ ...A, resources: { ...BROKEN, Other: { Type: 'AWS::SQS::Queue' } } });
    expect(error!.message).toMatch(/Broken \(AWS::SNS::Topic\): the name is taken/);
    expect(error!.message).not.toContain('cancelled');
  });

  it('names the resource for which CloudFormation refused the template', async () => {
    const world = serviceWorld();
    world.stacks.refuse('Taken', 'there is such a bucket');
    const { error } = await world.release({ ...A, resources: { Taken: { Type: 'AWS::S3::Bucket' } } });
    expect(error).toMatchObject({ name: 'StackFailed' });
    expect(error!.message).toContain('Taken (AWS::S3::Bucket): there is such a bucket');
  });

  it('deletes what a failed creation left and creates anew', async () => {
    const world = serviceWorld();
    world.stacks.fail('Broken', 'the name is taken');
    await world.release({ ...A, resources: BROKEN });
    expect(await world.stacks.describe(STACK)).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    world.stacks.fail('Broken', undefined);
    const { error } = await world.release({ ...A, resources: BROKEN });
    expect(error).toBeUndefined();
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list A'), codeOf('create A')]);
  });

  it('says what to do when a rollback fails, then and at the next release', async () => {
    const world = await deployed();
    world.stacks.fail('Broken', 'the name is taken');
    world.stacks.failRollbacks();
    const { error } = await world.release({ ...B, resources: BROKEN });
    expect(error).toMatchObject({ name: 'StackStuck', message: expect.stringContaining('Broken (AWS::SNS::Topic)') });
    expect(error!.message).toContain(`continue-update-rollback --stack-name ${STACK}`);
    const next = await world.release(B);
    expect(next.error).toMatchObject({
      name: 'StackStuck',
      message: expect.stringContaining('continue-update-rollback'),
    });
    expect(await world.serving('List', 'Create')).toEqual([codeOf('list A'), codeOf('create A')]);
  });

  it('shows the events of the stack as they come, each once, in the log and in the execution', async () => {
    const world = serviceWorld();
    world.stacks.unfoldEvents();
    await world.release(A);
    const events = world.lines.filter((line) => /^(CREATE|UPDATE)_/.test(line));
    expect(events[0]).toBe(`CREATE_IN_PROGRESS ${STACK}`);
    expect(events.at(-1)).toBe(`CREATE_COMPLETE ${STACK}`);
    expect(new Set(events).size).toBe(events.length);
    expect(world.stackEvents).toEqual([`${events[0]} User Initiated`, ...events.slice(1)]);
  });
});

describe('before a stack is touched', () => {
  it.each([
    ['is gone', 'BundleMissing', undefined],
    ['is another one', 'BundleCorrupt', 'something else'],
  ])('a release stops whose bundle %s', async (_, name, content) => {
    const world = await deployed();
    const { error } = await world.release(
      { ...B, environment: 'other' },
      {
        spoil: ({ functions }) => {
          if (content === undefined) world.artifacts.objects.delete(functions.Create!.bundle);
          else world.artifacts.objects.set(functions.Create!.bundle, Buffer.from(content));
        },
      },
    );
    expect(error).toMatchObject({ name, message: expect.stringContaining('function Create') });
    expect(await world.stacks.describe(STACK)).toMatchObject({ status: 'CREATE_COMPLETE' });
    await expectRecovery(world, { List: 'list A', Create: 'create A' });
  });

  it.each([
    ['service', { app: 'shop', service: 'payments', stage: 'dev' }],
    ['app', { app: 'bank', service: 'orders', stage: 'dev' }],
    ['stage', { app: 'shop', service: 'orders', stage: 'prod' }],
  ])('a release stops whose stack belongs to another %s', async (_, owner) => {
    const world = serviceWorld();
    const tags = { 'seedbed:app': owner.app, 'seedbed:service': owner.service, 'seedbed:stage': owner.stage };
    world.stacks.set(STACK, { tags });
    const { error } = await world.release(A);
    expect(error).toMatchObject({ name: 'StackNameTaken' });
    expect(error!.message).toContain('service "orders" of app "shop", stage "dev"');
    expect(error!.message).toContain(`service "${owner.service}" of app "${owner.app}", stage "${owner.stage}"`);
    expect(await world.stacks.describe(STACK)).toMatchObject({ status: 'UPDATE_COMPLETE', tags });
  });

  it('a stack that nobody claims is adopted', async () => {
    const world = serviceWorld();
    world.stacks.set(STACK, { tags: { team: 'orders' } });
    expect((await world.release(A)).error).toBeUndefined();
    expect((await world.stacks.describe(STACK))!.tags).toMatchObject({ 'seedbed:service': 'orders' });
  });

  it('a release is tried again later when someone else is changing the stack', async () => {
    const world = await deployed();
    world.stacks.set(STACK, { status: 'UPDATE_IN_PROGRESS' });
    const { error } = await world.release({ ...A, environment: 'other' });
    expect(error).toMatchObject({ name: 'StackBusy', message: expect.stringContaining('UPDATE_IN_PROGRESS') });
  });

  it('a worker that is run again finds the operation that it started itself', async () => {
    const world = await deployed();
    let again: unknown;
    await world.release(
      { ...A, environment: 'other' },
      {
        after: {
          'Start stack update': async () => {
            world.stacks.set(STACK, { status: 'UPDATE_IN_PROGRESS' });
            again = await world.again('start-stack-update');
            world.stacks.set(STACK, { status: 'UPDATE_COMPLETE' });
          },
        },
      },
    );
    expect(again).toMatchObject({ kind: 'update', stackName: STACK });
  });

  it('a package without a manifest or with a broken template is refused', async () => {
    const world = serviceWorld();
    const gone = await world.release(A, { spoil: () => void deleteMatching(world, /manifest\.json$/) });
    expect(gone.error).toMatchObject({ name: 'ManifestInvalid' });
    const broken = await world.release(A, {
      spoil: ({ template }) => world.artifacts.objects.set(template!, Buffer.from('{')),
    });
    expect(broken.error).toMatchObject({ name: 'TemplateInvalid', message: expect.stringContaining('not the one') });
  });
});

describe('a failure while aliases move', () => {
  it('takes all aliases and all code back and names the function', async () => {
    const world = await deployed();
    world.functions.failMoves(nameOf('Create'), { to: '2' });
    const { error } = await world.release(B);
    expect(error).toMatchObject({ name: 'ShiftFailed', message: expect.stringContaining(nameOf('Create')) });
    expect(error!.message).toContain('all aliases are back');
    expect(latest(world, 'List')).toBe(codeOf('list A'));
    await expectRecovery(world, { List: 'list A', Create: 'create A' });
  });
});

describe('a decision that is made twice', () => {
  /** Decides once more when the service is marked. */
  const decideTwice = async (world: World, commit: Commit) => {
    let again: unknown;
    const { decision } = await world.release(commit, {
      after: {
        Decide: async () => {
          again = await world.again('decide');
          expect(await world.state()).toMatchObject({ status: 'deploying' });
          expect(await world.again('decide')).toEqual(again);
        },
      },
    });
    return { decision, again: (again as { decision: unknown }).decision };
  };

  it('is the same, though the first one has marked the service', async () => {
    const { decision, again } = await decideTwice(await deployed(), B);
    expect(decision!.kind).toBe('incremental');
    expect(again).toEqual(decision);
  });

  it('is the same for a first release', async () => {
    const { decision, again } = await decideTwice(serviceWorld(), A);
    expect(decision!.reasons.map(({ code }) => code)).toEqual(['first-release']);
    expect(again).toEqual(decision);
  });

  it('does not forget that the release before failed', async () => {
    const world = await deployed();
    world.functions.failUpdates(nameOf('List'), 'the code could not be started');
    await world.release(B);
    world.functions.failUpdates(nameOf('List'), undefined);
    const C = { functions: { List: 'list C', Create: 'create A' } }; // published again, B would be the failed version
    const { decision, again } = await decideTwice(world, C);
    expect(decision!.reasons.map(({ code }) => code)).toContain('previous-release-failed');
    expect(again).toEqual(decision);
    // What was found then is of no account to the next release.
    expect((await world.release(A)).decision!.kind).toBe('incremental');
  });

  it('takes the mark of another release for what it is: that one died', async () => {
    const world = await deployed();
    const { releaseId: id, status } = (await world.state())!;
    await world.states.beginService(aRelease({ id }), 'orders', { found: { releaseId: id, status } });
    const { decision, again } = await decideTwice(world, B);
    expect(decision!.reasons).toContainEqual({
      code: 'previous-release-failed',
      message: `the previous release ${id} did not succeed`,
    });
    expect(again).toEqual(decision);
  });
});

const deleteMatching = (world: World, pattern: RegExp): void => {
  const newest = [...world.artifacts.objects.keys()].filter((key) => pattern.test(key)).sort();
  world.artifacts.objects.delete(newest.at(-1)!);
};
