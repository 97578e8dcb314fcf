import {
  ApplicationDoesNotExistException,
  BatchGetDeploymentGroupsCommand,
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentConfigCommand,
  CreateDeploymentGroupCommand,
  DeleteApplicationCommand,
  DeleteDeploymentConfigCommand,
  DeleteDeploymentGroupCommand,
  DeploymentConfigAlreadyExistsException,
  DeploymentConfigDoesNotExistException,
  DeploymentConfigInUseException,
  DeploymentGroupAlreadyExistsException,
  type DeploymentGroupInfo,
  InvalidRoleException,
  ListDeploymentGroupsCommand,
  ThrottlingException,
  UpdateDeploymentGroupCommand,
} from '@aws-sdk/client-codedeploy';
import { mockClient } from 'aws-sdk-client-mock';
import { groupInput } from '../../../lib/aws/target/codedeploy-group-settings';
import { codeDeployShifts } from '../../../lib/aws/target/codedeploy-shifts';
import type { ShiftGroup } from '../../../lib/ports/shifts';

const client = mockClient(CodeDeployClient);
const ensureGroups = (groups: readonly ShiftGroup[]) =>
  codeDeployShifts(new CodeDeployClient({ region: 'eu-central-1' })).ensureGroups(APPLICATION, groups);
const refusal = { message: 'refused', $metadata: {} };

const APPLICATION = 'seedbed-shop-prod-orders-0123456789';
const ROLE = 'arn:aws:iam::123456789012:role/seedbed-codedeploy';
const CANARY = { kind: 'canary', percent: 25, minutes: 7 } as const;
const aGroup = (group: string, more: Partial<ShiftGroup> = {}): ShiftGroup => ({
  group,
  shift: { kind: 'canary', percent: 10, minutes: 5 },
  alarms: [],
  triggers: [],
  roleArn: ROLE,
  ...more,
});
/** As CodeDeploy tells of a group. */
const info = (group: ShiftGroup): DeploymentGroupInfo => ({
  ...groupInput(APPLICATION, group),
  deploymentGroupName: group.group,
  computePlatform: 'Lambda',
});
/** Lets the application have these groups. */
function having(...groups: readonly ShiftGroup[]): void {
  client.on(ListDeploymentGroupsCommand).resolves({ deploymentGroups: groups.map(({ group }) => group) });
  client.on(BatchGetDeploymentGroupsCommand).resolves({ deploymentGroupsInfo: groups.map(info) });
}
const calls = (): string[] => client.calls().map(({ args }) => args[0].constructor.name.replace(/Command$/, ''));
const READS = ['ListDeploymentGroups', 'BatchGetDeploymentGroups'];

describe('codeDeployGroups', () => {
  beforeEach(() => {
    client.reset();
    client.resolves({});
  });

  it('makes an application for Lambda, with a group for each function', async () => {
    client.on(ListDeploymentGroupsCommand).rejects(new ApplicationDoesNotExistException(refusal));
    const alarms = ['orders-errors'];
    const triggers = [{ name: 'tell', events: ['DeploymentFailure'], topicArn: 'arn:aws:sns:eu-central-1:1:tell' }];
    await ensureGroups([aGroup('Create', { alarms, triggers })]);
    expect(calls()).toEqual(['ListDeploymentGroups', 'CreateApplication', 'CreateDeploymentGroup']);
    expect(client.commandCalls(CreateApplicationCommand)[0]!.args[0].input).toEqual({
      applicationName: APPLICATION,
      computePlatform: 'Lambda',
    });
    expect(client.commandCalls(CreateDeploymentGroupCommand)[0]!.args[0].input).toEqual({
      applicationName: APPLICATION,
      deploymentGroupName: 'Create',
      deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      serviceRoleArn: ROLE,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      autoRollbackConfiguration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
      alarmConfiguration: { enabled: true, ignorePollAlarmFailure: false, alarms: [{ name: 'orders-errors' }] },
      triggerConfigurations: [
        {
          triggerName: 'tell',
          triggerEvents: ['DeploymentFailure'],
          triggerTargetArn: 'arn:aws:sns:eu-central-1:1:tell',
        },
      ],
    });
  });

  it('changes nothing that is as it should be, in whatever order CodeDeploy tells of it', async () => {
    const group = aGroup('List', {
      alarms: ['a', 'b'],
      triggers: [{ name: 'tell', events: ['DeploymentFailure', 'DeploymentStop'], topicArn: 'arn' }],
    });
    having(group);
    const found = info(group);
    found.alarmConfiguration!.alarms!.reverse();
    found.triggerConfigurations![0]!.triggerEvents = ['DeploymentStop', 'DeploymentFailure'];
    found.autoRollbackConfiguration = {
      enabled: true,
      events: [...found.autoRollbackConfiguration!.events!].reverse(),
    };
    client.on(BatchGetDeploymentGroupsCommand).resolves({ deploymentGroupsInfo: [found] });
    await ensureGroups([group]);
    expect(calls()).toEqual(READS);
  });

  it('takes what CodeDeploy leaves out for empty', async () => {
    having(aGroup('List'));
    const { alarmConfiguration, triggerConfigurations, ...found } = info(aGroup('List'));
    client.on(BatchGetDeploymentGroupsCommand).resolves({ deploymentGroupsInfo: [found] });
    await ensureGroups([aGroup('List')]);
    expect(calls()).toEqual(READS);
  });

  it.each<[string, Partial<ShiftGroup>]>([
    ['pace', { shift: { kind: 'linear', percent: 10, minutes: 1 } }],
    ['alarms', { alarms: ['orders-errors'] }],
    ['triggers', { triggers: [{ name: 'tell', events: ['DeploymentStop'], topicArn: 'arn' }] }],
    ['role', { roleArn: `${ROLE}-other` }],
  ])('changes a group whose %s differs, and no other', async (_, change) => {
    having(aGroup('Create'), aGroup('List'));
    await ensureGroups([aGroup('Create'), aGroup('List', change)]);
    expect(calls()).toEqual([...READS, 'UpdateDeploymentGroup']);
    expect(client.commandCalls(UpdateDeploymentGroupCommand)[0]!.args[0].input).toMatchObject({
      ...groupInput(APPLICATION, aGroup('List', change)),
      currentDeploymentGroupName: 'List',
    });
  });

  it('takes a group back that somebody let go without rollback', async () => {
    having(aGroup('List'));
    const found = { ...info(aGroup('List')), autoRollbackConfiguration: { enabled: false } };
    client.on(BatchGetDeploymentGroupsCommand).resolves({ deploymentGroupsInfo: [found] });
    await ensureGroups([aGroup('List')]);
    expect(calls()).toEqual([...READS, 'UpdateDeploymentGroup']);
  });

  it('removes groups that no function has any more', async () => {
    having(aGroup('Create'), aGroup('Gone'));
    await ensureGroups([aGroup('Create')]);
    expect(calls()).toEqual([...READS, 'DeleteDeploymentGroup']);
    expect(client.commandCalls(DeleteDeploymentGroupCommand)[0]!.args[0].input).toEqual({
      applicationName: APPLICATION,
      deploymentGroupName: 'Gone',
    });
  });

  it('removes an application without functions that shift, and leaves one alone that is not there', async () => {
    having(aGroup('Gone', { shift: CANARY }));
    await ensureGroups([]);
    expect(calls()).toEqual([...READS, 'DeleteDeploymentGroup', 'DeleteDeploymentConfig', 'DeleteApplication']);
    expect(client.commandCalls(DeleteApplicationCommand)).toHaveLength(1);
    client.resetHistory();
    client.on(ListDeploymentGroupsCommand).rejects(new ApplicationDoesNotExistException(refusal));
    await ensureGroups([]);
    expect(calls()).toEqual(['ListDeploymentGroups']);
  });

  it('reads any number of groups, a hundred at a time', async () => {
    const groups = Array.from({ length: 250 }, (_, index) => aGroup(`F${index}`));
    const names = groups.map(({ group }) => group);
    client
      .on(ListDeploymentGroupsCommand)
      .resolvesOnce({ deploymentGroups: names.slice(0, 100), nextToken: 'more' })
      .resolves({ deploymentGroups: names.slice(100) });
    client.on(BatchGetDeploymentGroupsCommand).callsFake(({ deploymentGroupNames }) => ({
      deploymentGroupsInfo: deploymentGroupNames.map((name: string) => info(aGroup(name))),
    }));
    await ensureGroups(groups);
    expect(client.commandCalls(ListDeploymentGroupsCommand)[1]!.args[0].input.nextToken).toBe('more');
    const batches = client.commandCalls(BatchGetDeploymentGroupsCommand);
    expect(batches.map(({ args }) => args[0].input.deploymentGroupNames!.length)).toEqual([100, 100, 50]);
    expect(calls()).toHaveLength(5);
  });

  it('finds a group that another worker made meanwhile', async () => {
    having();
    client.on(CreateDeploymentGroupCommand).rejects(new DeploymentGroupAlreadyExistsException(refusal));
    await ensureGroups([aGroup('List')]);
    expect(calls()).toEqual(['ListDeploymentGroups', 'CreateDeploymentGroup', 'UpdateDeploymentGroup']);
  });

  it('says so if CodeDeploy cannot use the role', async () => {
    having();
    client.on(CreateDeploymentGroupCommand).rejects(new InvalidRoleException(refusal));
    await expect(ensureGroups([aGroup('List')])).rejects.toMatchObject({
      code: 'TargetAccessDenied',
      message: expect.stringContaining(ROLE),
    });
  });

  it('gives up with an error that is tried again if CodeDeploy is busy', async () => {
    client.on(ListDeploymentGroupsCommand).rejects(new ThrottlingException({ ...refusal, message: 'Rate exceeded' }));
    await expect(ensureGroups([aGroup('List')])).rejects.toMatchObject({
      code: 'Throttled',
      message: 'CodeDeploy is busy: Rate exceeded',
    });
  });
});

describe('configurations of our own', () => {
  beforeEach(() => {
    client.reset();
    client.resolves({});
  });

  it.each([
    [CANARY, { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: 25, canaryInterval: 7 } }],
    [
      { kind: 'linear', percent: 30, minutes: 2 } as const,
      { type: 'TimeBasedLinear', timeBasedLinear: { linearPercentage: 30, linearInterval: 2 } },
    ],
  ])('are made once for all groups that use them, before those: %j', async (shift, trafficRoutingConfig) => {
    having();
    await ensureGroups([aGroup('Create', { shift }), aGroup('List', { shift })]);
    expect(calls()).toEqual([
      'ListDeploymentGroups',
      'CreateDeploymentConfig',
      'CreateDeploymentGroup',
      'CreateDeploymentGroup',
    ]);
    const { input } = client.commandCalls(CreateDeploymentConfigCommand)[0]!.args[0];
    expect(input).toMatchObject({ computePlatform: 'Lambda', trafficRoutingConfig });
    expect(client.commandCalls(CreateDeploymentGroupCommand)[0]!.args[0].input.deploymentConfigName).toBe(
      input.deploymentConfigName,
    );
  });

  it('are shared by all services of the account', async () => {
    having();
    client.on(CreateDeploymentConfigCommand).rejects(new DeploymentConfigAlreadyExistsException(refusal));
    await ensureGroups([aGroup('List', { shift: CANARY })]);
    expect(calls()).toContain('CreateDeploymentGroup');
  });

  it('are not asked for if a group of the application has them already', async () => {
    having(aGroup('Create', { shift: CANARY }));
    await ensureGroups([aGroup('Create', { shift: CANARY }), aGroup('List', { shift: CANARY })]);
    expect(calls()).toEqual([...READS, 'CreateDeploymentGroup']);
  });

  it('are removed when the last group has gone over to another, unless another service uses them', async () => {
    having(aGroup('List', { shift: CANARY }));
    client.on(DeleteDeploymentConfigCommand).rejects(new DeploymentConfigInUseException(refusal));
    await ensureGroups([aGroup('List')]);
    expect(calls()).toEqual([...READS, 'UpdateDeploymentGroup', 'DeleteDeploymentConfig']);
    expect(client.commandCalls(DeleteDeploymentConfigCommand)[0]!.args[0].input).toEqual({
      deploymentConfigName: 'Seedbed.LambdaCanary25Percent7Minutes',
    });
  });

  it('are kept while any group uses them', async () => {
    having(aGroup('Create', { shift: CANARY }), aGroup('List', { shift: CANARY }));
    await ensureGroups([aGroup('Create'), aGroup('List', { shift: CANARY })]);
    expect(calls()).toEqual([...READS, 'UpdateDeploymentGroup']);
  });

  it('are made again if another service removed them just now', async () => {
    having();
    client
      .on(CreateDeploymentGroupCommand)
      .rejectsOnce(new DeploymentConfigDoesNotExistException(refusal))
      .resolves({ deploymentGroupId: 'id' });
    await ensureGroups([aGroup('List', { shift: CANARY })]);
    expect(calls().slice(1)).toEqual([
      'CreateDeploymentConfig',
      'CreateDeploymentGroup',
      'CreateDeploymentConfig',
      'CreateDeploymentGroup',
    ]);
  });
});
