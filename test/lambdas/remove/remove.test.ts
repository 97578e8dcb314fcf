import { applicationName } from '../../../lib/core/contracts/code-deploy-names';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { stackTags } from '../../../lib/core/deploy/stack-tags';
import type { Resource, Template } from '../../../lib/core/template/template';
import { STACK } from '../deploy/service-world';
import { removalWorld } from './removal-world';

const bucket = (name: string, more: Partial<Resource> = {}): Resource => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName: name },
  ...more,
});
const RESOURCES = { Uploads: bucket('uploads') };

/** A service with a bucket that holds some versions. */
async function deployed(resources: Readonly<Record<string, Resource>> = RESOURCES, ...keys: readonly string[]) {
  const world = removalWorld();
  await world.release({ functions: { List: 'list' }, resources });
  if (keys.length > 0) world.buckets.put('uploads', ...keys);
  return world;
}
const gone = async (world: Awaited<ReturnType<typeof deployed>>) => {
  expect(await world.stacks.describe(STACK)).toBeUndefined();
  expect(world.functions.all.size).toBe(0);
  expect(await world.state()).toBeUndefined();
};

describe('removing a service', () => {
  it('deletes its stack, forgets its state and keeps its packages', async () => {
    const world = await deployed();
    const objects = new Set(world.artifacts.objects.keys());
    const { record, states, release } = await world.remove();
    await gone(world);
    expect(record).toMatchObject({ path: 'orders', status: 'removed', functions: [], outputs: {} });
    expect(await world.states.records(release)).toEqual([record]);
    expect(new Set(world.artifacts.objects.keys())).toEqual(objects);
    expect(states).toEqual([
      ...['Prepare removal', 'Remove shifts', 'Empty buckets', 'Start stack deletion'],
      ...['Wait for stack deletion', 'Verify removal', 'Record removal'],
    ]);
  });

  it('comes to the same when every worker runs twice', async () => {
    const world = await deployed(RESOURCES, 'a', 'b');
    const { record } = await world.remove({ emptyBuckets: true, repeat: true });
    await gone(world);
    expect(record).toMatchObject({ status: 'removed', warnings: expect.not.arrayContaining(['0 versions']) });
  });

  it('has nothing to do a second time', async () => {
    const world = await deployed();
    await world.remove();
    const { record } = await world.remove();
    expect(record).toMatchObject({ status: 'removed', warnings: [] });
    expect(await world.state()).toBeUndefined();
  });

  it('is done with a stack that somebody deleted by hand', async () => {
    const world = await deployed();
    await world.stacks.delete(STACK, { executionRoleArn: 'arn', token: 'by-hand' });
    expect((await world.remove()).record).toMatchObject({ status: 'removed' });
    expect(await world.state()).toBeUndefined();
  });

  it.each([
    ['another stage', stackTags({ app: 'shop', stage: 'prod', service: 'orders' })],
    ['nobody', {}],
  ])('never deletes a stack of %s', async (_, tags) => {
    const world = await deployed(RESOURCES, 'a');
    world.stacks.set(STACK, { tags });
    const { record } = await world.remove({ emptyBuckets: true });
    expect(record).toMatchObject({
      status: 'removed',
      warnings: ['stack "orders-dev" stays: its tags say that it does not belong to this service'],
    });
    expect(await world.stacks.describe(STACK)).toBeDefined();
    expect(world.buckets.all.get('uploads')?.versions).toHaveLength(1);
  });

  it('deletes no stack that has become another’s meanwhile', async () => {
    const world = await deployed();
    const tags = stackTags({ app: 'shop', stage: 'prod', service: 'orders' });
    await world.remove({ after: { 'Remove shifts': () => world.stacks.set(STACK, { tags }) } });
    expect(await world.stacks.describe(STACK)).toBeDefined();
  });

  it('removes a service of which nothing was ever deployed', async () => {
    const world = removalWorld();
    const release = world.nextRelease();
    const nothing = { planned: [], functions: [], outputs: {}, durations: {} };
    const record: ServiceRecord = { path: 'orders', status: 'failed', ...nothing };
    await world.states.endService(release, { status: 'failed' }, record);
    expect((await world.remove()).record).toMatchObject({ status: 'removed' });
    expect(await world.state()).toBeUndefined();
  });

  it('deletes what a failed creation left', async () => {
    const world = removalWorld();
    world.stacks.fail('Uploads', 'the name is taken');
    await world.release({ functions: { List: 'list' }, resources: RESOURCES });
    expect(await world.stacks.describe(STACK)).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    expect((await world.remove()).record).toMatchObject({ status: 'removed' });
    await gone(world);
  });

  it('removes the service’s application of CodeDeploy with its groups', async () => {
    const world = removalWorld();
    const stage = { shift: { kind: 'canary', percent: 10, minutes: 5 }, mustBeGradual: false } as const;
    const resources = {
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['List', 'Arn'] } }] },
      },
    };
    await world.release({ functions: { List: 'list' }, resources });
    await world.release({ functions: { List: 'list 2' }, resources }, { stage });
    const application = applicationName({ app: 'shop', stage: 'dev' }, 'orders');
    expect(world.shifts.groups.get(application)?.size).toBe(1);
    await world.remove();
    expect(world.shifts.groups.get(application)?.size ?? 0).toBe(0);
  });

  it('tells that a hook did not run', async () => {
    const world = removalWorld();
    await world.release({ functions: { List: 'list' }, manifest: { hooks: ['before_remove'] } });
    const left = { code: 'CommitNotFound', message: 'there is no commit b1' };
    const { record } = await world.remove({ failingBuilds: { before_remove: left } });
    await gone(world);
    expect(record.warnings?.[0]).toBe('a hook around its removal did not run: there is no commit b1');
  });

  it('tells what stays', async () => {
    const world = await deployed({
      Archive: bucket('archive', { DeletionPolicy: 'Retain' }),
      Db: { Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Snapshot' },
      ListVersion: {
        Type: 'AWS::Lambda::Version',
        DeletionPolicy: 'Retain',
        Properties: { FunctionName: { Ref: 'List' } },
      },
    });
    world.buckets.put('archive', 'a');
    const { record } = await world.remove({ emptyBuckets: true });
    expect(record).toMatchObject({
      status: 'removed',
      warnings: [
        'Archive (AWS::S3::Bucket "archive") stays: its DeletionPolicy is Retain',
        'a snapshot of Db (AWS::RDS::DBInstance "orders-dev-Db") stays: its DeletionPolicy is Snapshot',
        'log groups that Lambda may have created itself stay: /aws/lambda/orders-dev-List',
      ],
    });
    expect(world.buckets.all.get('archive')?.versions).toHaveLength(1);
  });
});

describe('buckets of a service that is removed', () => {
  it('are emptied if that is allowed, all versions and unfinished uploads', async () => {
    const keys = Array.from({ length: 5_001 }, (_, index) => `object-${index}`);
    const world = await deployed(RESOURCES, ...keys, 'object-1');
    world.buckets.put('uploads').uploads.push('1');
    const { record } = await world.remove({ emptyBuckets: true });
    await gone(world);
    expect(record.warnings).toContain('5002 versions of objects in its buckets were deleted');
    expect(world.buckets.all.has('uploads')).toBe(false);
  });

  it('stop the removal if it is not allowed, before anything is deleted', async () => {
    const world = await deployed(RESOURCES, 'a', 'b', 'b');
    const { error, record, states } = await world.remove();
    expect(error).toMatchObject({
      name: 'StageRemovalIncomplete',
      message:
        'bucket "uploads" (Uploads) holds 3 objects, all versions counted; nothing was deleted: empty what you do ' +
        'not need, or allow it: "seedbed stage rm dev --app shop --empty-buckets"',
    });
    expect(record).toMatchObject({ status: 'failed', error: { code: 'StageRemovalIncomplete' } });
    expect(states.at(-1)).toBe('Empty buckets');
    expect(await world.stacks.describe(STACK)).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await world.state()).toMatchObject({ status: 'failed', stackName: STACK });

    expect((await world.remove({ emptyBuckets: true })).record).toMatchObject({ status: 'removed' });
    await gone(world);
  });

  it.each([
    [1, '1 object;'],
    [1_000, '1000 objects, all versions counted;'],
    [1_001, 'more than 1,000 objects, all versions counted;'],
  ])('are told with how much they hold: %i', async (count, text) => {
    const world = await deployed(RESOURCES, ...Array.from({ length: count }, (_, index) => `object-${index}`));
    expect((await world.remove()).error?.message).toContain(text);
  });

  it('are emptied once more if something was put into them meanwhile', async () => {
    const world = await deployed(RESOURCES, 'a');
    let written = 0;
    const write = () => {
      written += 1;
      if (written === 1) world.buckets.put('uploads', 'late');
    };
    const { record, states } = await world.remove({ emptyBuckets: true, after: { 'Empty buckets': write } });
    expect(record).toMatchObject({ status: 'removed' });
    expect(states.filter((state) => state === 'Empty buckets')).toHaveLength(2);
    await gone(world);
  });

  it('stop the removal if S3 does not let go of an object', async () => {
    const world = await deployed(RESOURCES, 'a', 'b');
    world.buckets.put('uploads').locked.set('b', 'AccessDenied: object protected by object lock');
    const { error } = await world.remove({ emptyBuckets: true });
    expect(error?.message).toContain('S3 keeps "b" (AccessDenied: object protected by object lock)');
    expect(await world.state()).toMatchObject({ status: 'failed' });
  });

  it('may take longer than one worker has', async () => {
    const keys = Array.from({ length: 9_000 }, (_, index) => `object-${index}`);
    const world = await deployed(RESOURCES, ...keys);
    const { versions } = world.buckets;
    world.buckets.versions = async (...args) => {
      await world.ports.pace.sleep(4 * 60_000);
      return versions(...args);
    };
    const { record, states } = await world.remove({ emptyBuckets: true });
    expect(record.warnings).toContain('9000 versions of objects in its buckets were deleted');
    expect(states.filter((state) => state === 'Empty buckets').length).toBeGreaterThan(1);
  });
});

describe('a stack whose exports others import', () => {
  const ARN = 'orders-arn';
  const TEXT =
    'stack "orders-dev" cannot be deleted, since other stacks import what it exports: "orders-arn" (by "api-dev"); ' +
    'release those stacks without the import, or remove them first, then remove the stage again';
  const importing = (name: string): Template => ({
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::ImportValue': name } } } },
  });
  const exporting = async (...keys: readonly string[]) => {
    const world = await deployed(RESOURCES, ...keys);
    world.stacks.set(STACK, { exports: ['orders-name', ARN] });
    return world;
  };

  it('stays, and its buckets keep what they hold, also where they may be emptied', async () => {
    const world = await exporting('a', 'b');
    world.stacks.set('api-dev', { template: importing(ARN) });
    const { error, states } = await world.remove({ emptyBuckets: true });
    expect(error).toMatchObject({ name: 'StageRemovalIncomplete', message: TEXT });
    expect(states.at(-1)).toBe('Prepare removal');
    expect(world.buckets.all.get('uploads')?.versions).toHaveLength(2);
    expect(await world.stacks.describe(STACK)).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await world.state()).toMatchObject({ status: 'failed', stackName: STACK });
  });

  it('goes once nobody imports them', async () => {
    const world = await exporting('a');
    world.stacks.set('api-dev', { template: importing(ARN) });
    await world.remove({ emptyBuckets: true });
    world.stacks.set('api-dev', { template: importing('another') });
    expect((await world.remove({ emptyBuckets: true })).record).toMatchObject({ status: 'removed' });
    await gone(world);
  });

  it('keeps what its buckets hold if they came to be imported meanwhile', async () => {
    const world = await exporting('a');
    const after = { 'Remove shifts': () => world.stacks.set('api-dev', { template: importing(ARN) }) };
    const { error } = await world.remove({ emptyBuckets: true, after });
    expect(error).toMatchObject({ name: 'StageRemovalIncomplete', message: TEXT });
    expect(world.buckets.all.get('uploads')?.versions).toHaveLength(1);
  });

  it.each([
    ['a stack of its own', false],
    ['a stack that is nested beside it', true],
  ])('is looked for among nested ones as well: imported by %s', async (_, goesAlong) => {
    const nested = (TemplateURL: string) => ({ Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } });
    const world = await deployed({ ...RESOURCES, Inner: nested('inner'), Beside: nested('beside') }, 'a');
    world.stacks.set(`${STACK}-Inner`, { exports: [ARN] });
    world.stacks.set(goesAlong ? `${STACK}-Beside` : 'api-dev', { template: importing(ARN) });
    const { error, record } = await world.remove({ emptyBuckets: true });
    if (goesAlong) expect(record.status).toBe('removed');
    else expect(error?.message).toBe(TEXT);
    expect(world.buckets.all.get('uploads')?.versions).toEqual(goesAlong ? undefined : [expect.anything()]);
  });

  it('is told with each of them that is imported, and by whom', async () => {
    const world = await exporting('a');
    world.stacks.set('api-dev', { template: importing(ARN) });
    world.stacks.set('web-dev', { template: importing(ARN) });
    world.stacks.set('jobs-dev', { template: importing('orders-name') });
    expect((await world.remove({ emptyBuckets: true })).error?.message).toContain(
      '"orders-name" (by "jobs-dev"), "orders-arn" (by "api-dev", "web-dev"); ',
    );
  });
});

describe('a stack that is not deleted', () => {
  it('is tried a second time, for what has passed by then', async () => {
    const world = await deployed();
    world.stacks.failDeletion('Uploads', 'a conflicting operation is under way');
    const pass = () => world.stacks.failDeletion('Uploads', undefined);
    const { record, states } = await world.remove({ after: { 'Verify removal': pass } });
    expect(record).toMatchObject({ status: 'removed' });
    expect(states.filter((state) => state === 'Start stack deletion')).toHaveLength(2);
    await gone(world);
  });

  it('is told with what is left and why, and can be removed later', async () => {
    const world = await deployed();
    world.stacks.failDeletion('Uploads', 'access denied');
    const { error, record } = await world.remove();
    expect(error).toMatchObject({
      name: 'StageRemovalIncomplete',
      message:
        'stack "orders-dev" was not deleted: Uploads (AWS::S3::Bucket "uploads"): access ' +
        'denied; fix what is named, or delete it in the CloudFormation console, then remove the stage again',
    });
    expect(record.status).toBe('failed');
    world.stacks.failDeletion('Uploads', undefined);
    expect((await world.remove()).record).toMatchObject({ status: 'removed' });
    await gone(world);
  });

  it('is waited for if somebody else is at work on it', async () => {
    const world = await deployed();
    world.stacks.set(STACK, { status: 'UPDATE_IN_PROGRESS' });
    expect((await world.remove()).error).toMatchObject({
      name: 'StackBusy',
      message: expect.stringContaining('is in UPDATE_IN_PROGRESS'),
    });
  });

  it('is told to be protected', async () => {
    const world = await deployed();
    world.stacks.protect(STACK, true);
    expect((await world.remove()).error?.message).toContain('--no-enable-termination-protection');
  });
});
