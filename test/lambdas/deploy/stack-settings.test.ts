import { NO_STACK_SETTINGS, type StackSettings } from '../../../lib/core/contracts/stack-settings';
import type { Resource } from '../../../lib/core/template/template';
import type { Commit } from './a-package';
import { codeOf } from './a-package';
import { STACK, serviceWorld } from './service-world';

const topic = (TopicName: string): Record<string, Resource> => ({
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName } },
});
const commit = (code: string, stack: Partial<StackSettings> = {}, resources = topic('one')): Commit => ({
  functions: { List: `list ${code}` },
  resources,
  manifest: { stack: { ...NO_STACK_SETTINGS, ...stack } },
});
const POLICY = [{ Effect: 'Deny', Action: 'Update:Replace', Principal: '*', Resource: 'LogicalResourceId/Topic' }];
const ALL_ALLOWED = [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }];
const settings: Partial<StackSettings> = {
  tags: { STAGE: 'dev', owner: 'team-a' },
  notificationArns: ['arn:aws:sns:eu-west-1:111122223333:events'],
  policy: POLICY,
  rollback: { alarms: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors'], minutes: 5 },
};
const OURS = { 'seedbed:app': 'shop', 'seedbed:stage': 'dev', 'seedbed:service': 'orders' };

describe('what a service says of its stack', () => {
  it('is given to it when it is made and when it is changed', async () => {
    const world = serviceWorld();
    await world.release(commit('A', settings));
    const { tags, ...more } = settings;
    expect(world.stacks.given(STACK)).toMatchObject({ ...more, tags: { ...tags, ...OURS } });
    await world.release(commit('A', { ...settings, tags: { STAGE: 'dev', owner: 'team-b' } }, topic('two')));
    expect(world.stacks.given(STACK)).toMatchObject({ ...more, tags: { STAGE: 'dev', owner: 'team-b', ...OURS } });
  });

  it('is taken back with it, and by a rollback given again', async () => {
    const world = serviceWorld();
    await world.release(commit('A', settings));
    await world.release(commit('A', { tags: { STAGE: 'dev' } }, topic('two')));
    expect(world.stacks.given(STACK)).toMatchObject({
      tags: { STAGE: 'dev', ...OURS },
      notificationArns: [],
      policy: ALL_ALLOWED,
      rollback: { alarms: [] },
    });
    await world.rollBack(1);
    expect(world.stacks.given(STACK)).toMatchObject(settings);
  });

  it('that CloudFormation takes for no change is done all the same', async () => {
    const world = serviceWorld();
    await world.release(commit('A'));
    await world.release(commit('A', { policy: POLICY, terminationProtection: true }), { force: true });
    expect(world.stacks.policy(STACK)).toEqual(POLICY);
    expect(await world.stacks.describe(STACK)).toMatchObject({ isProtected: true });
  });

  it('protects a stack from its making on, and lets it go again', async () => {
    const world = serviceWorld();
    await world.release(commit('A', { terminationProtection: true }));
    expect(await world.stacks.describe(STACK)).toMatchObject({ isProtected: true });
    await world.release(commit('A', {}, topic('two')));
    expect(await world.stacks.describe(STACK)).toMatchObject({ isProtected: true });
    await world.release(commit('A', { terminationProtection: false }, topic('three')));
    expect(await world.stacks.describe(STACK)).toMatchObject({ isProtected: false });
  });

  it("is told where the role is another than the target's", async () => {
    const world = serviceWorld();
    const deploymentRole = 'arn:aws:iam::111122223333:role/cfn';
    const { record } = await world.release(commit('A', { deploymentRole }));
    expect(record.status).toBe('deployed');
    expect(record.warnings?.join()).toContain(`provider.iam.deploymentRole (${deploymentRole}) is not used`);
  });

  it('stops a release before anything is touched where a parameter has no value', async () => {
    const world = serviceWorld();
    await world.release(commit('A'));
    const before = await world.stacks.describe(STACK);
    const { error } = await world.release({
      ...commit('B', {}, topic('two')),
      parameters: { Table: { Type: 'String' } },
    });
    expect(error).toMatchObject({ name: 'ConfigInvalid', message: expect.stringContaining('"Table" has no value') });
    expect(await world.stacks.describe(STACK)).toEqual(before);
  });
});

describe('the bucket of the framework', () => {
  const withBucket = (code: string): Commit => ({
    ...commit(code, { deploymentBucket: true }),
    resources: { ...topic(code), ServerlessDeploymentBucket: { Type: 'AWS::S3::Bucket' } },
  });

  it('is in no new stack, which is told once where the service speaks of one', async () => {
    const world = serviceWorld();
    const { record } = await world.release(withBucket('A'));
    expect(await world.resource('ServerlessDeploymentBucket')).toBeUndefined();
    expect(record.warnings?.join()).toContain('provider.deploymentBucket is not used');
    const again = await world.release(withBucket('B'));
    expect(await world.resource('ServerlessDeploymentBucket')).toBeUndefined();
    expect(again.record.warnings ?? []).toEqual([]);
  });

  it('stays in a stack that has it', async () => {
    const world = serviceWorld();
    await world.deployWithoutPlatform(withBucket('A'));
    await world.release(withBucket('B'));
    expect(await world.resource('ServerlessDeploymentBucket')).toBeDefined();
  });
});

describe('an update by change set', () => {
  const byChangeSet = { deploymentMethod: 'changesets' } as const;

  it('is foreseen, then done', async () => {
    const world = serviceWorld();
    await world.release(commit('A', byChangeSet));
    let direct = 0;
    const { update } = world.stacks;
    world.stacks.update = (request) => {
      direct += 1;
      return update(request);
    };
    await world.release(commit('B', { ...byChangeSet, policy: POLICY }, topic('two')));
    expect(await world.resource('Topic')).toEqual(topic('two').Topic);
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
    expect(world.stacks.policy(STACK)).toEqual(POLICY);
    expect(direct).toBe(0);
  });

  it('that changes nothing is none', async () => {
    const world = serviceWorld();
    await world.release(commit('A', byChangeSet));
    const { record } = await world.release(commit('A', byChangeSet), { force: true });
    expect(record.status).toBe('deployed');
  });

  it('that CloudFormation refuses touches nothing', async () => {
    const world = serviceWorld();
    await world.release(commit('A', byChangeSet));
    const before = await world.stacks.describe(STACK);
    world.stacks.refuse('Topic', 'the name is taken');
    const { error } = await world.release(commit('B', byChangeSet, topic('two')));
    expect(error).toMatchObject({ name: 'TemplateInvalid', message: expect.stringContaining('the name is taken') });
    expect(await world.stacks.describe(STACK)).toEqual(before);
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
  });

  it('is done once, however often its worker runs', async () => {
    const world = serviceWorld();
    await world.release(commit('A', byChangeSet));
    const { record } = await world.release(commit('B', byChangeSet, topic('two')), { repeat: true });
    expect(record.status).toBe('deployed');
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });
});

describe('a service that wants no rollback', () => {
  it('ends with its stack as it failed, what served serves, and the next release goes on from there', async () => {
    const world = serviceWorld();
    await world.release(commit('A', { disableRollback: true }));
    world.stacks.fail('Topic', 'no');
    const { error } = await world.release(commit('B', { disableRollback: true }, topic('two')));
    expect(error).toMatchObject({ name: 'StackFailed', message: expect.stringContaining('stays as it failed') });
    expect(await world.stacks.describe(STACK)).toMatchObject({ status: 'UPDATE_FAILED' });
    expect(await world.serving('List')).toEqual([codeOf('list A')]);
    world.stacks.fail('Topic', undefined);
    const { record } = await world.release(commit('B', { disableRollback: true }, topic('two')));
    expect(record.status).toBe('deployed');
    expect(await world.serving('List')).toEqual([codeOf('list B')]);
  });
});
