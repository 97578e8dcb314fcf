import { isDeepStrictEqual } from 'node:util';
import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  CreateDeploymentGroupInput,
  DeploymentGroupInfo,
  DeploymentStyle,
  TriggerConfig,
  TriggerEventType,
} from '@aws-sdk/client-codedeploy';
import { configurationName } from '../../core/contracts/code-deploy-names';
import type { ShiftGroup } from '../../ports/shifts';

/**
 * The only style for Lambda:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-lambda.html
 */
const STYLE: DeploymentStyle = { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' };

/** Whatever ends a deployment early, its alias goes back. */
const ROLLBACK: AutoRollbackConfiguration = {
  enabled: true,
  events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
};

type GroupInput = Pick<
  CreateDeploymentGroupInput,
  | 'applicationName'
  | 'deploymentConfigName'
  | 'serviceRoleArn'
  | 'deploymentStyle'
  | 'autoRollbackConfiguration'
  | 'alarmConfiguration'
  | 'triggerConfigurations'
>;

/** @returns the settings to create or update a group with, except its name. */
export const groupInput = (applicationName: string, { shift, alarms, triggers, roleArn }: ShiftGroup): GroupInput => ({
  applicationName,
  deploymentConfigName: configurationName(shift),
  serviceRoleArn: roleArn,
  deploymentStyle: STYLE,
  autoRollbackConfiguration: ROLLBACK,
  alarmConfiguration: {
    enabled: alarms.length > 0,
    // A shift that nobody can watch does not go on.
    ignorePollAlarmFailure: false,
    alarms: alarms.map((name) => ({ name })),
  },
  triggerConfigurations: triggers.map(({ name, events, topicArn }) => ({
    triggerName: name,
    triggerEvents: events as TriggerEventType[],
    triggerTargetArn: topicArn,
  })),
});

/** @returns whether a group already has the settings it should have; false if it does not exist. */
export function isUpToDate(found: DeploymentGroupInfo | undefined, group: ShiftGroup): boolean {
  if (!found) return false;
  const wanted = groupInput(found.applicationName!, group);
  return (
    found.deploymentConfigName === wanted.deploymentConfigName &&
    found.serviceRoleArn === wanted.serviceRoleArn &&
    isDeepStrictEqual({ ...found.deploymentStyle }, STYLE) &&
    isDeepStrictEqual(rollback(found.autoRollbackConfiguration), rollback(ROLLBACK)) &&
    isDeepStrictEqual(alarms(found.alarmConfiguration), alarms(wanted.alarmConfiguration)) &&
    isDeepStrictEqual(triggers(found.triggerConfigurations), triggers(wanted.triggerConfigurations))
  );
}

// CodeDeploy keeps these as sets: it answers in any order, and leaves out what is empty.
const rollback = ({ enabled = false, events = [] }: AutoRollbackConfiguration = {}) => [enabled, [...events].sort()];

const alarms = ({ enabled = false, ignorePollAlarmFailure = false, alarms = [] }: AlarmConfiguration = {}) => [
  enabled,
  ignorePollAlarmFailure,
  alarms.map(({ name }) => name).sort(),
];

const triggers = (given: readonly TriggerConfig[] = []) =>
  given
    .map(({ triggerName, triggerEvents = [], triggerTargetArn }) =>
      JSON.stringify([triggerName, triggerTargetArn, [...triggerEvents].sort()]),
    )
    .sort();
