import type { Operation } from '../gateway/gateway';
import { passRole, type Right } from '../gateway/rights';
import type { Home } from './home';

/** Operations that take no resources: who may do them at all may do them to every deployment of the account. */
const WITHOUT_RESOURCES: readonly string[] = [
  'GetDeploymentTarget',
  'ListApplications',
  'ListDeploymentConfigs',
  'ListDeploymentTargets',
  'PutLifecycleEventHookExecutionStatus',
  'StopDeployment',
];
const OF_APPLICATIONS: readonly string[] = [
  'CreateApplication',
  'DeleteApplication',
  'GetApplication',
  'ListDeploymentGroups',
];
const OF_CONFIGURATIONS: readonly string[] = [
  'CreateDeploymentConfig',
  'DeleteDeploymentConfig',
  'GetDeploymentConfig',
];

/**
 * @returns what a caller needs for an operation:
 *   docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html, and for what one operation asks
 *   besides: docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html
 */
export function rightsFor(operation: string, input: Parameters<Operation>[0], home: Home): readonly Right[] {
  const action = `codedeploy:${operation}`;
  const on = (...resources: string[]) => resources.map((resource) => ({ action, resource }));
  const { applicationName, deploymentConfigName } = input;
  if (WITHOUT_RESOURCES.includes(operation)) return on('*');
  if (OF_APPLICATIONS.includes(operation)) return on(home.arn('application', applicationName));
  if (OF_CONFIGURATIONS.includes(operation)) return on(home.arn('deploymentconfig', deploymentConfigName));
  if (operation === 'ListTagsForResource') return on(input.ResourceArn);
  const groups = groupsOf(operation, input, home).map((name) => home.arn('deploymentgroup', name));
  const rights = on(...(groups.length > 0 ? groups : ['*']));
  if (operation === 'CreateDeployment') {
    const [application = '', group = ''] = [applicationName, input.deploymentGroupName];
    const config = deploymentConfigName ?? home.applications.get(application)?.groups.get(group)?.deploymentConfigName;
    return [
      ...rights,
      { action: 'codedeploy:GetDeploymentConfig', resource: home.arn('deploymentconfig', config) },
      { action: 'codedeploy:RegisterApplicationRevision', resource: home.arn('application', applicationName) },
    ];
  }
  return input.serviceRoleArn ? [...rights, passRole(input.serviceRoleArn, 'codedeploy.amazonaws.com')] : rights;
}

/** @returns the groups that a call is about, as `application/group`; none if it is about all of the account. */
function groupsOf(operation: string, input: Parameters<Operation>[0], home: Home): readonly string[] {
  const { applicationName, deploymentGroupName, currentDeploymentGroupName } = input;
  const ids: readonly string[] = input.deploymentIds ?? (input.deploymentId ? [input.deploymentId] : []);
  const ofDeployments = ids.flatMap((id) => {
    const request = home.deployments.get(id)?.request;
    return request ? [`${request.applicationName}/${request.group.deploymentGroupName}`] : [];
  });
  if (ids.length > 0) return [...new Set(ofDeployments)];
  if (operation === 'BatchGetDeploymentGroups')
    return (input.deploymentGroupNames ?? []).map((name: string) => `${applicationName}/${name}`);
  const group = currentDeploymentGroupName ?? deploymentGroupName;
  return group ? [`${applicationName}/${group}`] : [];
}
