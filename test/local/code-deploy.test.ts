import {
  DeleteDeploymentConfigCommand,
  ListDeploymentsCommand,
  ListDeploymentTargetsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { TestClock } from '../test-clock';
import { aCloud, aRecorder, eventually, PATIENCE } from './a-cloud';
import { anAppSpec, ShiftingCloud } from './a-shift';

jest.setTimeout(PATIENCE);

/** A minute takes a second. */
const MINUTE = 1_000;
/** Minutes; more than pass in all of these tests. */
const FOR_LONG = 2880;
/** So often CodeDeploy looks at alarms. */
const NEXT_LOOK = 250;

describe('a deployment of the double of CodeDeploy', () => {
  /** Only the tests move it: hooks have all the time that they need. */
  const clock = new TestClock();
  let cloud: ShiftingCloud;

  beforeAll(async () => {
    cloud = new ShiftingCloud(await aCloud('codedeploy', { clock }));
  });
  afterAll(() => cloud.at.cloud.stop());

  const canary = (canaryPercentage: number, canaryInterval: number) =>
    cloud.aConfiguration({ type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage, canaryInterval } });
  const linear = (linearPercentage: number, linearInterval: number) =>
    cloud.aConfiguration({ type: 'TimeBasedLinear', timeBasedLinear: { linearPercentage, linearInterval } });
  /** A deployment that has moved a tenth of the traffic and waits. */
  const aWaitingOne = async (settings = {}) => {
    const name = await cloud.twoVersions();
    const group = await cloud.aGroup({ deploymentConfigName: await canary(10, FOR_LONG), ...settings });
    const id = await cloud.deploy(group, anAppSpec({ name }));
    await cloud.aliasIs(name, '1 + 0.1 of 2');
    return { name, group, id };
  };
  const stop = (deploymentId: string, autoRollbackEnabled?: boolean) =>
    cloud.codeDeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled }));

  it('moves the alias at once by default', async () => {
    const name = await cloud.twoVersions();
    const id = await cloud.deploy(await cloud.aGroup(), anAppSpec({ name }), { description: 'to version 2' });
    expect(id).toMatch(/^d-[A-Z0-9]{9}$/);
    expect(await cloud.ended(id)).toMatchObject({
      status: 'Succeeded',
      description: 'to version 2',
      creator: 'user',
      deploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
      deploymentOverview: { Succeeded: 1, Failed: 0 },
      computePlatform: 'Lambda',
    });
    expect(await cloud.alias(name)).toBe('2');
    const { targetIds } = await cloud.codeDeploy.send(new ListDeploymentTargetsCommand({ deploymentId: id }));
    expect(targetIds).toEqual([`${name}:live`]);
    expect(await cloud.target(id, `${name}:live`)).toMatchObject({
      status: 'Succeeded',
      lambdaFunctionInfo: {
        functionName: name,
        functionAlias: 'live',
        currentVersion: '1',
        targetVersion: '2',
        targetVersionWeight: 1,
      },
    });
    expect(await cloud.lifecycle(id, name)).toEqual([
      'BeforeAllowTraffic Succeeded',
      'AllowTraffic Succeeded',
      'AfterAllowTraffic Succeeded',
    ]);
  });

  it('takes an AppSpec file in YAML, with keys as the documentation writes them', async () => {
    const name = await cloud.twoVersions();
    const file = [
      'version: 0.0',
      'resources:',
      '  - myFunction:',
      '      type: AWS::Lambda::Function',
      '      properties:',
      `        name: "${name}"`,
      '        alias: "live"',
      '        currentversion: "1"',
      '        targetversion: 2',
      '',
    ];
    const id = await cloud.deploy(await cloud.aGroup(), file.join('\n'));
    expect((await cloud.ended(id)).status).toBe('Succeeded');
    expect(await cloud.alias(name)).toBe('2');
  });

  it('moves a canary first, and then the rest', async () => {
    const name = await cloud.twoVersions();
    const id = await cloud.deploy(
      await cloud.aGroup({ deploymentConfigName: await canary(30, 120) }),
      anAppSpec({ name }),
    );
    await cloud.aliasIs(name, '1 + 0.3 of 2');
    expect(await cloud.read(id)).toMatchObject({ status: 'InProgress', deploymentOverview: { InProgress: 1 } });
    expect(await cloud.target(id, name)).toMatchObject({ lambdaFunctionInfo: { targetVersionWeight: 0.3 } });
    await clock.passes(120 * MINUTE);
    await cloud.aliasIs(name, '2');
    expect((await cloud.ended(id)).status).toBe('Succeeded');
  });

  it('moves linearly, with the remainder in the last step', async () => {
    const name = await cloud.twoVersions();
    const id = await cloud.deploy(
      await cloud.aGroup({ deploymentConfigName: await linear(40, 120) }),
      anAppSpec({ name }),
    );
    await cloud.aliasIs(name, '1 + 0.4 of 2');
    await clock.passes(120 * MINUTE);
    await cloud.aliasIs(name, '1 + 0.8 of 2');
    await clock.passes(120 * MINUTE);
    await cloud.aliasIs(name, '2');
    expect((await cloud.ended(id)).status).toBe('Succeeded');
  });

  it('has the weights applied to invocations', async () => {
    const name = await cloud.twoVersions();
    await cloud.deploy(await cloud.aGroup({ deploymentConfigName: await canary(50, FOR_LONG) }), anAppSpec({ name }));
    await cloud.aliasIs(name, '1 + 0.5 of 2');
    // That 60 of them all go to one version happens once in 10^18 times.
    const answers = await cloud.answers(name, 60);
    expect(Object.keys(answers).sort()).toEqual(['1', '2']);
  });

  describe('with hooks', () => {
    it('goes on when each of them has reported success', async () => {
      const [name, before, after] = [
        await cloud.twoVersions(),
        await cloud.aHook('Succeeded'),
        await cloud.aHook('Succeeded'),
      ];
      const id = await cloud.deploy(await cloud.aGroup(), anAppSpec({ name, before, after }));
      expect((await cloud.ended(id)).status).toBe('Succeeded');
      expect(await cloud.alias(name)).toBe('2');
    });

    it('moves no traffic before the first one has reported', async () => {
      const [name, before] = [await cloud.twoVersions(), await cloud.aHook()];
      const id = await cloud.deploy(await cloud.aGroup(), anAppSpec({ name, before }));
      await eventually(
        async () => (await cloud.lifecycle(id, name))[0] === 'BeforeAllowTraffic InProgress' || undefined,
      );
      expect(await cloud.alias(name)).toBe('1');
      await clock.passes(60 * MINUTE);
      expect(await cloud.ended(id)).toMatchObject({
        status: 'Failed',
        errorInformation: { code: 'HOOK_EXECUTION_FAILURE' },
      });
      expect(await cloud.alias(name)).toBe('1');
    });

    it('fails if the first one fails, and skips the rest', async () => {
      const [name, before] = [await cloud.twoVersions(), await cloud.aHook('Failed')];
      const id = await cloud.deploy(await cloud.aGroup(), anAppSpec({ name, before }));
      const { status, errorInformation, rollbackInfo } = await cloud.ended(id);
      expect(status).toBe('Failed');
      expect(errorInformation).toEqual({
        code: 'HOOK_EXECUTION_FAILURE',
        message: 'The deployment failed because one or more of the lifecycle event validation functions failed.',
      });
      expect(await cloud.lifecycle(id, name)).toEqual([
        'BeforeAllowTraffic Failed',
        'AllowTraffic Skipped',
        'AfterAllowTraffic Skipped',
      ]);
      expect((await cloud.ended(rollbackInfo?.rollbackDeploymentId ?? '')).status).toBe('Succeeded');
      expect(await cloud.alias(name)).toBe('1');
    });

    it('takes all traffic back if the last one fails', async () => {
      const [name, after] = [await cloud.twoVersions(), await cloud.aHook('Failed')];
      const id = await cloud.deploy(await cloud.aGroup(), anAppSpec({ name, after }));
      const { status, rollbackInfo } = await cloud.ended(id);
      expect(status).toBe('Failed');
      expect(await cloud.lifecycle(id, name)).toEqual([
        'BeforeAllowTraffic Succeeded',
        'AllowTraffic Succeeded',
        'AfterAllowTraffic Failed',
      ]);
      await cloud.ended(rollbackInfo?.rollbackDeploymentId ?? '');
      expect(await cloud.alias(name)).toBe('1');
    });

    it('fails if one of them does not exist', async () => {
      const name = await cloud.twoVersions();
      const id = await cloud.deploy(await cloud.aGroup(), anAppSpec({ name, before: 'nobody' }));
      expect((await cloud.ended(id)).errorInformation?.code).toBe('HOOK_EXECUTION_FAILURE');
      const { lifecycleEvents } = await cloud.target(id, name);
      expect(lifecycleEvents?.[0]?.diagnostics?.message).toMatch(/nobody could not be invoked/);
    });
  });

  describe('with alarms', () => {
    it('stops when one of them goes off, and rolls back', async () => {
      const alarm = await cloud.anAlarm();
      const { name, id } = await aWaitingOne({ alarmConfiguration: { enabled: true, alarms: [{ name: alarm }] } });
      await cloud.setAlarm(alarm, 'ALARM');
      await clock.passes(NEXT_LOOK);
      const { status, errorInformation, rollbackInfo } = await cloud.ended(id);
      expect(status).toBe('Stopped');
      expect(errorInformation).toEqual({
        code: 'ALARM_ACTIVE',
        message:
          'One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, ' +
          `and the affected deployments have been stopped. Activated alarms: <${alarm}>`,
      });
      expect(await cloud.lifecycle(id, name)).toEqual([
        'BeforeAllowTraffic Succeeded',
        'AllowTraffic Failed',
        'AfterAllowTraffic Skipped',
      ]);
      expect(await cloud.ended(rollbackInfo?.rollbackDeploymentId ?? '')).toMatchObject({
        status: 'Succeeded',
        creator: 'codeDeployRollback',
        rollbackInfo: { rollbackTriggeringDeploymentId: id },
      });
      expect(await cloud.alias(name)).toBe('1');
    });

    it('stops before it begins when one of them is active already', async () => {
      const alarm = await cloud.anAlarm();
      await cloud.setAlarm(alarm, 'ALARM');
      const name = await cloud.twoVersions();
      const alarmConfiguration = { enabled: true, alarms: [{ name: alarm }] };
      const id = await cloud.deploy(await cloud.aGroup({ alarmConfiguration }), anAppSpec({ name }));
      expect(await cloud.ended(id)).toMatchObject({
        status: 'Stopped',
        errorInformation: { code: 'ALARM_ACTIVE' },
      });
      expect(await cloud.lifecycle(id, name)).toEqual([
        'BeforeAllowTraffic Skipped',
        'AllowTraffic Skipped',
        'AfterAllowTraffic Skipped',
      ]);
    });

    it('stays where it is if the group does not roll back on alarms', async () => {
      const alarm = await cloud.anAlarm();
      const { name, id } = await aWaitingOne({
        alarmConfiguration: { enabled: true, alarms: [{ name: alarm }] },
        autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE'] },
      });
      await cloud.setAlarm(alarm, 'ALARM');
      await clock.passes(NEXT_LOOK);
      const { status, rollbackInfo } = await cloud.ended(id);
      expect([status, rollbackInfo]).toEqual(['Stopped', undefined]);
      expect(await cloud.alias(name)).toBe('1 + 0.1 of 2');
    });
  });

  describe('stopped by hand', () => {
    it('rolls back on request', async () => {
      const { name, id } = await aWaitingOne({ autoRollbackConfiguration: { enabled: false } });
      await stop(id, true);
      const { status, rollbackInfo } = await cloud.ended(id);
      expect(status).toBe('Stopped');
      await cloud.ended(rollbackInfo?.rollbackDeploymentId ?? '');
      expect(await cloud.alias(name)).toBe('1');
    });

    it('leaves the alias on two versions without a rollback, and then no further deployment begins', async () => {
      const { name, group, id } = await aWaitingOne();
      await stop(id, false);
      const { status, rollbackInfo } = await cloud.ended(id);
      expect([status, rollbackInfo]).toEqual(['Stopped', undefined]);
      expect(await cloud.alias(name)).toBe('1 + 0.1 of 2');
      const next = await cloud.ended(await cloud.deploy(group, anAppSpec({ name })));
      expect(next).toMatchObject({ status: 'Failed', errorInformation: { code: 'INVALID_LAMBDA_CONFIGURATION' } });
      expect(next.rollbackInfo).toBeUndefined();
    });

    it.each([
      ['rolls back', { enabled: true, events: ['DEPLOYMENT_STOP_ON_REQUEST'] }, '1'],
      ['stays where it is', { enabled: true, events: ['DEPLOYMENT_FAILURE'] }, '1 + 0.1 of 2'],
    ] as const)('%s as its group says when the call does not say', async (_, autoRollbackConfiguration, words) => {
      const { name, id } = await aWaitingOne({ autoRollbackConfiguration });
      await stop(id);
      const { rollbackInfo } = await cloud.ended(id);
      if (rollbackInfo?.rollbackDeploymentId) await cloud.ended(rollbackInfo.rollbackDeploymentId);
      expect(await cloud.alias(name)).toBe(words);
    });

    it('cannot be stopped once it has ended', async () => {
      const name = await cloud.twoVersions();
      const id = await cloud.deploy(await cloud.aGroup(), anAppSpec({ name }));
      await cloud.ended(id);
      await expect(stop(id)).rejects.toMatchObject({ name: 'DeploymentAlreadyCompletedException' });
    });
  });

  it('is the only one of its group', async () => {
    const { name, group, id } = await aWaitingOne();
    await expect(cloud.deploy(group, anAppSpec({ name }))).rejects.toMatchObject({
      name: 'DeploymentLimitExceededException',
      message: expect.stringContaining(id),
    });
  });

  it.each([
    ['the alias is at another version', { current: '2', target: '1' }, /does not match the current version/],
    ['the target version does not exist', { target: '7' }, /Version 7 .* does not exist/],
    ['the target version is the current one', { target: '1' }, /must not equal/],
    ['the alias does not exist', { alias: 'other' }, /alias other does not exist/],
  ])('fails when %s', async (_, more, words) => {
    const name = await cloud.twoVersions();
    const { status, errorInformation } = await cloud.ended(
      await cloud.deploy(await cloud.aGroup(), anAppSpec({ name, ...more })),
    );
    expect(status).toBe('Failed');
    expect(errorInformation).toEqual({
      code: 'INVALID_LAMBDA_CONFIGURATION',
      message: expect.stringMatching(words),
    });
    expect(await cloud.alias(name)).toBe('1');
  });

  it('fails when the function does not exist', async () => {
    const { errorInformation } = await cloud.ended(
      await cloud.deploy(await cloud.aGroup(), anAppSpec({ name: 'nobody' })),
    );
    expect(errorInformation?.code).toBe('INVALID_LAMBDA_FUNCTION');
  });

  it('keeps its configuration in use', async () => {
    const { group, id } = await aWaitingOne();
    const { deploymentConfigName } = await cloud.read(id);
    await expect(
      cloud.codeDeploy.send(new DeleteDeploymentConfigCommand({ deploymentConfigName })),
    ).rejects.toMatchObject({ name: 'DeploymentConfigInUseException' });
    const { deployments } = await cloud.codeDeploy.send(
      new ListDeploymentsCommand({ ...group, includeOnlyStatuses: ['InProgress'] }),
    );
    expect(deployments).toEqual([id]);
  });

  it('reports its progress to EventBridge', async () => {
    const recorder = await aRecorder(cloud.at, {
      source: ['aws.codedeploy'],
      detail: { application: [{ prefix: '' }] },
    });
    const { name, group, id } = await aWaitingOne();
    await stop(id, true);
    const rollback = (await cloud.ended(id)).rollbackInfo?.rollbackDeploymentId;
    await cloud.ended(rollback ?? '');
    const own = await eventually(async () => {
      const events = (await recorder.events(1)).filter(({ detail }) => detail.application === group.applicationName);
      return events.length >= 4 ? events : undefined;
    });
    expect(own.map(({ detail }) => `${detail.deploymentId} ${detail.state}`).sort()).toEqual(
      [`${id} START`, `${id} STOP`, `${rollback} START`, `${rollback} SUCCESS`].sort(),
    );
    expect(own[0]?.detail).toMatchObject({ region: 'us-east-1', deploymentGroup: 'group' });
    expect(await cloud.alias(name)).toBe('1');
  });

  it('publishes to the topics of its group', async () => {
    const [sns, sqs] = [new SNSClient(cloud.at.client), new SQSClient(cloud.at.client)];
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'shifts' }));
    const Endpoint = 'arn:aws:sqs:us-east-1:111122223333:shifts';
    const sends = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...sends, Resource: Endpoint }] });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'shifts', Attributes: { Policy } }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    const group = await cloud.aGroup({
      triggerConfigurations: [
        { triggerName: 'ends', triggerTargetArn: TopicArn, triggerEvents: ['DeploymentSuccess', 'DeploymentFailure'] },
      ],
    });
    const id = await cloud.deploy(group, anAppSpec({ name: await cloud.twoVersions() }));
    const body = await eventually(async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      return Messages[0]?.Body;
    });
    expect(JSON.parse(JSON.parse(body).Message)).toMatchObject({
      eventTriggerName: 'ends',
      deploymentId: id,
      status: 'Succeeded',
      applicationName: group.applicationName,
    });
  });

  it('can begin again once somebody has repaired the alias', async () => {
    const { name, group, id } = await aWaitingOne();
    await stop(id, false);
    await cloud.ended(id);
    await cloud.lambda.send(
      new UpdateAliasCommand({
        FunctionName: name,
        Name: 'live',
        FunctionVersion: '1',
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );
    const deploymentConfigName = 'CodeDeployDefault.LambdaAllAtOnce';
    await cloud.ended(await cloud.deploy(group, anAppSpec({ name }), { deploymentConfigName }));
    expect(await cloud.alias(name)).toBe('2');
  });
});
