import { AwsError } from '../calls/aws-error';

/** Which CloudWatch alarms stop a deployment. */
export interface AlarmConfiguration {
  readonly enabled?: boolean;
  readonly ignorePollAlarmFailure?: boolean;
  readonly alarms?: readonly { readonly name?: string }[];
}

const ROLLBACK_EVENTS = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'] as const;
export type RollbackEvent = (typeof ROLLBACK_EVENTS)[number];

/** After which outcomes of a deployment it is rolled back automatically. */
export interface AutoRollbackConfiguration {
  readonly enabled?: boolean;
  readonly events?: readonly RollbackEvent[];
}

/** An SNS topic, and the events of which it is notified. */
interface TriggerConfig {
  readonly triggerName?: string;
  readonly triggerTargetArn?: string;
  readonly triggerEvents?: readonly string[];
}

/** The settings of a group that this double of CodeDeploy follows. */
export interface GroupSettings {
  readonly serviceRoleArn: string;
  readonly alarmConfiguration: AlarmConfiguration;
  readonly autoRollbackConfiguration: AutoRollbackConfiguration;
  readonly triggerConfigurations: readonly TriggerConfig[];
  readonly deploymentStyle: { readonly deploymentType: string; readonly deploymentOption: string };
}

/** A deployment group: the standing settings of the deployments of one function. */
export interface DeploymentGroup extends GroupSettings {
  readonly deploymentGroupId: string;
  readonly deploymentGroupName: string;
  readonly deploymentConfigName: string;
}

const MOST = 10;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/;
const TOPIC = /^arn:aws[a-z-]*:sns:[^:]+:\d{12}:[^:]+$/;
const TRIGGER_EVENTS: ReadonlySet<string> = new Set(
  ['Start', 'Success', 'Failure', 'Stop', 'Rollback', 'Ready']
    .map((event) => `Deployment${event}`)
    .concat(['Start', 'Success', 'Failure', 'Ready'].map((event) => `Instance${event}`)),
);

/**
 * @param known the group's present settings, which stay where the input leaves them out
 * @throws AwsError what is wrong with the settings
 */
export function settingsOf(input: Partial<GroupSettings>, known?: GroupSettings): GroupSettings {
  const serviceRoleArn = input.serviceRoleArn ?? known?.serviceRoleArn;
  if (!serviceRoleArn) throw new AwsError('RoleRequiredException', 'The role ARN is missing');
  if (!ROLE.test(serviceRoleArn)) throw new AwsError('InvalidRoleException', `Invalid role ARN: ${serviceRoleArn}`);
  const style = input.deploymentStyle ?? known?.deploymentStyle;
  if (style?.deploymentType !== 'BLUE_GREEN' || style.deploymentOption !== 'WITH_TRAFFIC_CONTROL')
    throw new AwsError(
      'InvalidDeploymentStyleException',
      'For Lambda deployment group, deployment type can be set to BLUE_GREEN ' +
        'and deployment option to WITH_TRAFFIC_CONTROL only',
    );
  return {
    serviceRoleArn,
    deploymentStyle: style,
    alarmConfiguration: checkAlarms(input.alarmConfiguration ?? known?.alarmConfiguration ?? { enabled: false }),
    autoRollbackConfiguration: checkRollback(
      input.autoRollbackConfiguration ?? known?.autoRollbackConfiguration ?? { enabled: false },
    ),
    triggerConfigurations: checkTriggers(input.triggerConfigurations ?? known?.triggerConfigurations ?? []),
  };
}

/** @throws AwsError `InvalidAlarmConfigException` or `AlarmsLimitExceededException` */
export function checkAlarms(configuration: AlarmConfiguration): AlarmConfiguration {
  const wrong = (message: string) => new AwsError('InvalidAlarmConfigException', message);
  const names = (configuration.alarms ?? []).map((alarm) => alarm?.name);
  if (configuration.enabled && names.length === 0) throw wrong('alarms are enabled, but the alarm list is empty');
  if (names.some((name) => !name || name.length > 255)) throw wrong('an alarm name must have 1 to 255 characters');
  if (new Set(names).size < names.length) throw wrong('two alarms with the same name have been specified');
  if (names.length > MOST) throw new AwsError('AlarmsLimitExceededException', `at most ${MOST} alarms`);
  return { ignorePollAlarmFailure: false, alarms: [], ...configuration };
}

/** @throws AwsError `InvalidAutoRollbackConfigException` */
export function checkRollback(configuration: AutoRollbackConfiguration): AutoRollbackConfiguration {
  const { enabled, events = [] } = configuration;
  if (enabled && events.length === 0)
    throw new AwsError('InvalidAutoRollbackConfigException', 'automatic rollback is enabled, but no event is listed');
  const unknown = events.find((event) => !ROLLBACK_EVENTS.includes(event));
  if (unknown) throw new AwsError('InvalidAutoRollbackConfigException', `no such event: ${unknown}`);
  return configuration;
}

function checkTriggers(triggers: readonly TriggerConfig[]): readonly TriggerConfig[] {
  if (triggers.length > MOST) throw new AwsError('TriggerTargetsLimitExceededException', `at most ${MOST} triggers`);
  for (const { triggerName, triggerTargetArn, triggerEvents = [] } of triggers) {
    const unknown = triggerEvents.find((event) => !TRIGGER_EVENTS.has(event));
    if (!triggerName || !TOPIC.test(triggerTargetArn ?? '') || triggerEvents.length === 0 || unknown)
      throw new AwsError(
        'InvalidTriggerConfigException',
        unknown
          ? `trigger ${triggerName}: no such event: ${unknown}`
          : `trigger ${triggerName}: it needs a name, the ARN of an SNS topic and at least one event`,
      );
  }
  return triggers;
}
