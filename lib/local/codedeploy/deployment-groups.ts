import { randomUUID } from 'node:crypto';
import { AwsError } from '../calls/aws-error';
import type { Operation } from '../gateway/gateway';
import { findApplication } from './applications';
import { checkName, pageOf } from './checks';
import { ALL_AT_ONCE } from './configuration';
import { findConfiguration } from './configurations';
import { type DeploymentGroup, settingsOf } from './group-settings';
import type { Home } from './home';
import { removeTags, setTags } from './tags';

const MOST_GROUPS = 1000;
const MOST_NAMES = 100;

/** @throws AwsError `DeploymentGroupDoesNotExistException` or `ApplicationDoesNotExistException` */
export function findGroup(home: Home, application: unknown, name: unknown): DeploymentGroup {
  const found = findApplication(home, application).groups.get(checkName('DeploymentGroup', name));
  if (found) return found;
  throw new AwsError('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`);
}

function describe(home: Home, applicationName: string, group: DeploymentGroup) {
  const own = [...home.deployments.values()].filter(({ request }) => request.group === group);
  const last = (deployment: (typeof own)[number] | undefined) =>
    deployment && {
      deploymentId: deployment.id,
      status: deployment.status,
      createTime: deployment.createTime,
      endTime: deployment.completeTime,
    };
  return {
    ...group,
    applicationName,
    computePlatform: 'Lambda',
    lastAttemptedDeployment: last(own.at(-1)),
    lastSuccessfulDeployment: last(own.findLast(({ status }) => status === 'Succeeded')),
  };
}

/** The operations on deployment groups. */
export const groupOperations = (homeOf: (caller: Parameters<Operation>[1]) => Home): Record<string, Operation> => ({
  CreateDeploymentGroup: async (input, caller) => {
    const home = homeOf(caller);
    const application = findApplication(home, input.applicationName);
    const name = checkName('DeploymentGroup', input.deploymentGroupName);
    if (application.groups.has(name)) throw alreadyExists(name);
    if (application.groups.size >= MOST_GROUPS)
      throw new AwsError('DeploymentGroupLimitExceededException', `at most ${MOST_GROUPS} groups`);
    const group: DeploymentGroup = {
      ...settingsOf(input),
      deploymentGroupId: randomUUID(),
      deploymentGroupName: name,
      deploymentConfigName: findConfiguration(home, input.deploymentConfigName ?? ALL_AT_ONCE).deploymentConfigName,
    };
    application.groups.set(name, group);
    setTags(home, home.arn('deploymentgroup', `${application.name}/${name}`), input.tags ?? []);
    return { deploymentGroupId: group.deploymentGroupId };
  },
  UpdateDeploymentGroup: async (input, caller) => {
    const home = homeOf(caller);
    const application = findApplication(home, input.applicationName);
    const known = findGroup(home, input.applicationName, input.currentDeploymentGroupName);
    const name = checkName('DeploymentGroup', input.newDeploymentGroupName ?? known.deploymentGroupName);
    if (name !== known.deploymentGroupName && application.groups.has(name)) throw alreadyExists(name);
    const { deploymentConfigName } = findConfiguration(home, input.deploymentConfigName ?? known.deploymentConfigName);
    const settings = settingsOf(input, known);
    application.groups.delete(known.deploymentGroupName);
    // It stays the same object, to which the group's deployments refer.
    application.groups.set(name, Object.assign(known, settings, { deploymentGroupName: name, deploymentConfigName }));
    return { hooksNotCleanedUp: [] };
  },
  GetDeploymentGroup: async ({ applicationName, deploymentGroupName }, caller) => {
    const home = homeOf(caller);
    return {
      deploymentGroupInfo: describe(home, applicationName, findGroup(home, applicationName, deploymentGroupName)),
    };
  },
  BatchGetDeploymentGroups: async (input: { applicationName?: string; deploymentGroupNames?: string[] }, caller) => {
    const home = homeOf(caller);
    const { name, groups } = findApplication(home, input.applicationName);
    const names = input.deploymentGroupNames ?? [];
    if (names.length === 0)
      throw new AwsError('DeploymentGroupNameRequiredException', 'deployment group names are missing');
    if (names.length > MOST_NAMES) throw new AwsError('BatchLimitExceededException', `at most ${MOST_NAMES} groups`);
    const missing = names.filter((each) => !groups.has(checkName('DeploymentGroup', each)));
    return {
      deploymentGroupsInfo: names.flatMap((each) => {
        const group = groups.get(each);
        return group ? [describe(home, name, group)] : [];
      }),
      ...(missing.length > 0 ? { errorMessage: `No Deployment Group found for name: ${missing.join(', ')}` } : {}),
    };
  },
  ListDeploymentGroups: async ({ applicationName, nextToken }, caller) => {
    const { name, groups } = findApplication(homeOf(caller), applicationName);
    const { items, ...more } = pageOf([...groups.keys()], nextToken);
    return { applicationName: name, deploymentGroups: items, ...more };
  },
  DeleteDeploymentGroup: async (input, caller) => {
    const home = homeOf(caller);
    const application = checkName('Application', input.applicationName);
    const name = checkName('DeploymentGroup', input.deploymentGroupName);
    home.applications.get(application)?.groups.delete(name);
    removeTags(home, home.arn('deploymentgroup', `${application}/${name}`));
    return { hooksNotCleanedUp: [] };
  },
});

const alreadyExists = (name: string) =>
  new AwsError('DeploymentGroupAlreadyExistsException', `Deployment Group already exists with name: ${name}`);
