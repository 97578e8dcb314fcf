import { EmulatorClient } from '../../lib/local/calls/emulator-client';
import { CodeDeploy } from '../../lib/local/codedeploy/code-deploy';

const CALLER = {
  accountId: '111122223333',
  region: 'us-east-1',
  accessKey: '111122223333',
  arn: 'arn:aws:iam::1:root',
};
const STYLE = { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' };
const GROUP = {
  applicationName: 'app',
  deploymentGroupName: 'group',
  serviceRoleArn: 'arn:aws:iam::111122223333:role/codedeploy',
  deploymentStyle: STYLE,
};
/** A deployment configuration, but for its routing. */
const OWN = { deploymentConfigName: 'own', computePlatform: 'Lambda' };

describe('what the double of CodeDeploy keeps', () => {
  let codeDeploy: CodeDeploy;
  beforeEach(async () => {
    codeDeploy = new CodeDeploy({
      emulator: new EmulatorClient(1, async () => ({})),
      emit: async () => undefined,
      speed: 1,
    });
    await call('CreateApplication', { applicationName: 'app', computePlatform: 'Lambda' });
  });

  // biome-ignore lint/suspicious/noExplicitAny: the answers are as the API reference has them
  const call = async (operation: string, input: unknown, caller = CALLER): Promise<any> =>
    codeDeploy.operations[operation]?.(input, caller);
  const refused = async (operation: string, input: unknown) =>
    call(operation, input).then(
      () => undefined,
      ({ code }) => code,
    );

  it('has the nine configurations of Lambda from the start, and none of them can be deleted', async () => {
    const { deploymentConfigsList } = await call('ListDeploymentConfigs', {});
    expect(deploymentConfigsList).toEqual(
      [
        'AllAtOnce',
        ...[
          'Canary10Percent5Minutes',
          'Canary10Percent10Minutes',
          'Canary10Percent15Minutes',
          'Canary10Percent30Minutes',
        ],
        ...['Linear10PercentEvery1Minute', 'Linear10PercentEvery2Minutes', 'Linear10PercentEvery3Minutes'],
        'Linear10PercentEvery10Minutes',
      ].map((name) => `CodeDeployDefault.Lambda${name}`),
    );
    for (const deploymentConfigName of deploymentConfigsList) {
      expect(await refused('DeleteDeploymentConfig', { deploymentConfigName })).toBe('InvalidOperationException');
    }
  });

  it('describes a configuration as it was created', async () => {
    const trafficRoutingConfig = {
      type: 'TimeBasedLinear',
      timeBasedLinear: { linearPercentage: 20, linearInterval: 7 },
    };
    await call('CreateDeploymentConfig', { ...OWN, trafficRoutingConfig });
    const { deploymentConfigInfo } = await call('GetDeploymentConfig', { deploymentConfigName: 'own' });
    expect(deploymentConfigInfo).toMatchObject({
      deploymentConfigName: 'own',
      computePlatform: 'Lambda',
      trafficRoutingConfig,
    });
    expect(await refused('CreateDeploymentConfig', { ...OWN, trafficRoutingConfig })).toBe(
      'DeploymentConfigAlreadyExistsException',
    );
  });

  it.each([
    ['0 %', { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: 0, canaryInterval: 1 } }],
    ['100 %', { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: 100, canaryInterval: 1 } }],
    ['no minutes', { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: 10, canaryInterval: 0 } }],
    [
      'more than two days',
      { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: 10, canaryInterval: 2881 } },
    ],
    [
      'more than two days in all',
      { type: 'TimeBasedLinear', timeBasedLinear: { linearPercentage: 10, linearInterval: 321 } },
    ],
    [
      "another type's interval",
      { type: 'TimeBasedLinear', timeBasedCanary: { canaryPercentage: 10, canaryInterval: 1 } },
    ],
    ['nothing', undefined],
  ])('has no configuration with %s', async (_, trafficRoutingConfig) => {
    expect(await refused('CreateDeploymentConfig', { ...OWN, trafficRoutingConfig })).toBe(
      'InvalidTrafficRoutingConfigurationException',
    );
  });

  it('keeps a configuration while a group uses it', async () => {
    const trafficRoutingConfig = {
      type: 'TimeBasedCanary',
      timeBasedCanary: { canaryPercentage: 5, canaryInterval: 1 },
    };
    await call('CreateDeploymentConfig', { ...OWN, trafficRoutingConfig });
    await call('CreateDeploymentGroup', { ...GROUP, deploymentConfigName: 'own' });
    const drop = { deploymentConfigName: 'own' };
    expect(await refused('DeleteDeploymentConfig', drop)).toBe('DeploymentConfigInUseException');
    await call('DeleteDeploymentGroup', GROUP);
    expect(await refused('DeleteDeploymentConfig', drop)).toBeUndefined();
    expect(await refused('GetDeploymentConfig', drop)).toBe('DeploymentConfigDoesNotExistException');
  });

  it('updates only those settings of a group that an update names', async () => {
    const triggers = [
      { triggerName: 't', triggerTargetArn: 'arn:aws:sns:us-east-1:111122223333:t', triggerEvents: ['DeploymentStop'] },
    ];
    await call('CreateDeploymentGroup', { ...GROUP, triggerConfigurations: triggers });
    await call('UpdateDeploymentGroup', {
      applicationName: 'app',
      currentDeploymentGroupName: 'group',
      newDeploymentGroupName: 'renamed',
      alarmConfiguration: { enabled: true, alarms: [{ name: 'a' }] },
    });
    const { deploymentGroupInfo } = await call('GetDeploymentGroup', { ...GROUP, deploymentGroupName: 'renamed' });
    expect(deploymentGroupInfo).toMatchObject({
      deploymentGroupName: 'renamed',
      deploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
      triggerConfigurations: triggers,
      alarmConfiguration: { enabled: true, ignorePollAlarmFailure: false, alarms: [{ name: 'a' }] },
    });
    expect(await refused('GetDeploymentGroup', GROUP)).toBe('DeploymentGroupDoesNotExistException');
  });

  it.each<[string, object, string]>([
    ['no role', { serviceRoleArn: undefined }, 'RoleRequiredException'],
    ['a role that is none', { serviceRoleArn: 'role' }, 'InvalidRoleException'],
    ['a name that is too long', { deploymentGroupName: 'x'.repeat(101) }, 'InvalidDeploymentGroupNameException'],
    ['no name', { deploymentGroupName: '' }, 'DeploymentGroupNameRequiredException'],
    ['a style for servers', { deploymentStyle: undefined }, 'InvalidDeploymentStyleException'],
    ['an unknown configuration', { deploymentConfigName: 'none' }, 'DeploymentConfigDoesNotExistException'],
    ['an unknown application', { applicationName: 'none' }, 'ApplicationDoesNotExistException'],
    ['alarms on, but none', { alarmConfiguration: { enabled: true } }, 'InvalidAlarmConfigException'],
    [
      'the same alarm twice',
      { alarmConfiguration: { enabled: true, alarms: [{ name: 'a' }, { name: 'a' }] } },
      'InvalidAlarmConfigException',
    ],
    [
      'eleven alarms',
      { alarmConfiguration: { enabled: true, alarms: Array.from({ length: 11 }, (_, i) => ({ name: `a${i}` })) } },
      'AlarmsLimitExceededException',
    ],
    [
      'a rollback without events',
      { autoRollbackConfiguration: { enabled: true } },
      'InvalidAutoRollbackConfigException',
    ],
    ['a trigger without a topic', { triggerConfigurations: [{ triggerName: 't' }] }, 'InvalidTriggerConfigException'],
  ])('has no group with %s', async (_, more, code) => {
    expect(await refused('CreateDeploymentGroup', { ...GROUP, ...more })).toBe(code);
  });

  it('gives several groups at once, and names those that do not exist', async () => {
    await call('CreateDeploymentGroup', GROUP);
    const answer = await call('BatchGetDeploymentGroups', {
      applicationName: 'app',
      deploymentGroupNames: ['group', 'none'],
    });
    expect(answer.deploymentGroupsInfo).toHaveLength(1);
    expect(answer.errorMessage).toMatch(/none/);
  });

  it('gives long lists a page at a time', async () => {
    for (let i = 0; i < 150; i += 1)
      await call('CreateDeploymentGroup', { ...GROUP, deploymentGroupName: `group-${i}` });
    const first = await call('ListDeploymentGroups', { applicationName: 'app' });
    const rest = await call('ListDeploymentGroups', { applicationName: 'app', nextToken: first.nextToken });
    expect([first.deploymentGroups.length, rest.deploymentGroups.length, rest.nextToken]).toEqual([100, 50, undefined]);
    expect(await refused('ListDeploymentGroups', { applicationName: 'app', nextToken: 'x' })).toBe(
      'InvalidNextTokenException',
    );
  });

  it('forgets an application with its groups, and does not mind if it is gone already', async () => {
    await call('CreateDeploymentGroup', GROUP);
    await call('DeleteApplication', { applicationName: 'app' });
    await call('DeleteApplication', { applicationName: 'app' });
    expect(await refused('GetApplication', { applicationName: 'app' })).toBe('ApplicationDoesNotExistException');
    expect((await call('ListApplications', {})).applications).toEqual([]);
  });

  it('keeps accounts and regions apart', async () => {
    const elsewhere = { ...CALLER, region: 'eu-west-1' };
    expect((await call('ListApplications', {}, elsewhere)).applications).toEqual([]);
    expect((await call('ListApplications', {})).applications).toEqual(['app']);
  });

  it('lists the tags that an application or a group was created with, until it is deleted', async () => {
    const tags = [{ Key: 'a', Value: '1' }];
    await call('CreateApplication', { applicationName: 'tagged', computePlatform: 'Lambda', tags });
    await call('CreateDeploymentGroup', { ...GROUP, tags });
    const list = (name: string) =>
      call('ListTagsForResource', { ResourceArn: `arn:aws:codedeploy:us-east-1:111122223333:${name}` });
    expect((await list('application:tagged')).Tags).toEqual(tags);
    expect((await list('application:app')).Tags).toEqual([]);
    expect((await list('deploymentgroup:app/group')).Tags).toEqual(tags);
    expect(await refused('ListTagsForResource', { ResourceArn: 'arn:x' })).toBe('InvalidArnException');
    await call('DeleteDeploymentGroup', GROUP);
    await expect(list('deploymentgroup:app/group')).rejects.toMatchObject({
      code: 'DeploymentGroupDoesNotExistException',
    });
  });

  it.each<[string, string, object, string]>([
    [
      'deployments of an application without its group',
      'ListDeployments',
      { applicationName: 'app' },
      'DeploymentGroupNameRequiredException',
    ],
    [
      'deployments of a group without its application',
      'ListDeployments',
      { deploymentGroupName: 'group' },
      'ApplicationNameRequiredException',
    ],
    [
      'deployments in a state that there is not',
      'ListDeployments',
      { includeOnlyStatuses: ['Done'] },
      'InvalidDeploymentStatusException',
    ],
    [
      'a deployment that there is not',
      'GetDeployment',
      { deploymentId: 'd-AAAAAAAAA' },
      'DeploymentDoesNotExistException',
    ],
    ['a deployment whose id is none', 'GetDeployment', { deploymentId: 'x' }, 'InvalidDeploymentIdException'],
    ['no deployment', 'StopDeployment', {}, 'DeploymentIdRequiredException'],
    [
      'more than 25 deployments at once',
      'BatchGetDeployments',
      { deploymentIds: Array.from({ length: 26 }, () => 'd-AAAAAAAAA') },
      'BatchLimitExceededException',
    ],
    ['a deployment without a revision', 'CreateDeployment', GROUP, 'RevisionRequiredException'],
    [
      'a deployment of a file that is not what its hash says',
      'CreateDeployment',
      { ...GROUP, revision: { revisionType: 'AppSpecContent', appSpecContent: { content: '{}', sha256: '0' } } },
      'InvalidRevisionException',
    ],
    [
      'an application for servers',
      'CreateApplication',
      { applicationName: 'other' },
      'InvalidComputePlatformException',
    ],
    [
      'an application twice',
      'CreateApplication',
      { applicationName: 'app', computePlatform: 'Lambda' },
      'ApplicationAlreadyExistsException',
    ],
  ])('refuses %s', async (_, operation, input, code) => {
    await call('CreateDeploymentGroup', GROUP);
    expect(await refused(operation, input)).toBe(code);
  });

  it('leaves out unknown deployments', async () => {
    expect(await call('BatchGetDeployments', { deploymentIds: ['d-AAAAAAAAA'] })).toEqual({ deploymentsInfo: [] });
  });
});
