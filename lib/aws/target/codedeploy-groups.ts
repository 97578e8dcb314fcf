import {
  ApplicationAlreadyExistsException,
  ApplicationDoesNotExistException,
  BatchGetDeploymentGroupsCommand,
  type CodeDeployClient,
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
  paginateListDeploymentGroups,
  UpdateDeploymentGroupCommand,
} from '@aws-sdk/client-codedeploy';
import { CONFIGURATION_PREFIX, configurationName } from '../../core/contracts/code-deploy-names';
import { ReleaseError } from '../../core/contracts/errors';
import type { Shift } from '../../core/contracts/shift';
import type { Clock } from '../../ports/clock';
import type { ShiftGroup } from '../../ports/shifts';
import { chunks } from '../clients/chunks';
import { groupInput, isUpToDate } from './codedeploy-group-settings';
import { rateBudget } from './rate-budget';

/**
 * CodeDeploy publishes no rates; it throttles 15 or more of these calls at once:
 * https://github.com/aws/aws-cdk/issues/21516
 */
const CHANGES_PER_SECOND = 5;
/**
 * The most that BatchGetDeploymentGroups takes:
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentGroups.html
 */
const GROUPS_PER_CALL = 100;

/** @returns a function that gives an application exactly the wanted groups, and writes only what differs. */
export function codeDeployGroups(client: CodeDeployClient, clock: Clock) {
  const changing = rateBudget(CHANGES_PER_SECOND, clock);

  return async (application: string, groups: readonly ShiftGroup[]): Promise<void> => {
    const names = await groupNames(application);
    if (names === undefined && groups.length === 0) return;
    if (names === undefined) await createApplication(application);
    const found = await readGroups(application, names ?? []);

    const changed = groups.filter((group) => !isUpToDate(found.get(group.group), group));
    const configurations = new Map(changed.map(({ shift }) => [configurationName(shift), shift]));
    const before = new Set([...found.values()].map(({ deploymentConfigName }) => deploymentConfigName!));
    await Promise.all(
      [...configurations].map(([name, shift]) => (before.has(name) ? undefined : createConfiguration(name, shift))),
    );
    await Promise.all(changed.map((group) => writeGroup(application, group, found.has(group.group))));

    const wanted = new Set(groups.map(({ group }) => group));
    const stale = [...found.keys()].filter((name) => !wanted.has(name));
    await Promise.all(stale.map((name) => deleteGroup(application, name)));
    const after = new Set(groups.map(({ shift }) => configurationName(shift)));
    await Promise.all([...before].map((name) => (after.has(name) ? undefined : deleteConfiguration(name))));
    if (groups.length === 0) {
      await changing(() => client.send(new DeleteApplicationCommand({ applicationName: application })));
    }
  };

  /** @returns undefined if there is no such application */
  async function groupNames(application: string): Promise<string[] | undefined> {
    const names: string[] = [];
    try {
      for await (const page of paginateListDeploymentGroups({ client }, { applicationName: application })) {
        names.push(...(page.deploymentGroups ?? []));
      }
      return names;
    } catch (error) {
      if (error instanceof ApplicationDoesNotExistException) return undefined;
      throw error;
    }
  }

  async function readGroups(application: string, names: string[]): Promise<ReadonlyMap<string, DeploymentGroupInfo>> {
    const pages = await Promise.all(
      chunks(names, GROUPS_PER_CALL).map((deploymentGroupNames) =>
        client.send(new BatchGetDeploymentGroupsCommand({ applicationName: application, deploymentGroupNames })),
      ),
    );
    const groups = pages.flatMap(({ deploymentGroupsInfo }) => deploymentGroupsInfo ?? []);
    return new Map(groups.map((group) => [group.deploymentGroupName!, group]));
  }

  async function createApplication(applicationName: string): Promise<void> {
    await unless(ApplicationAlreadyExistsException, () =>
      client.send(new CreateApplicationCommand({ applicationName, computePlatform: 'Lambda' })),
    );
  }

  /** Nothing to do for CodeDeploy's own configurations. */
  async function createConfiguration(name: string, shift: Shift): Promise<void> {
    if (!name.startsWith(CONFIGURATION_PREFIX) || shift.kind === 'all-at-once') return;
    const { percent, minutes } = shift;
    const trafficRoutingConfig =
      shift.kind === 'canary'
        ? ({
            type: 'TimeBasedCanary',
            timeBasedCanary: { canaryPercentage: percent, canaryInterval: minutes },
          } as const)
        : ({
            type: 'TimeBasedLinear',
            timeBasedLinear: { linearPercentage: percent, linearInterval: minutes },
          } as const);
    await unless(DeploymentConfigAlreadyExistsException, () =>
      client.send(
        new CreateDeploymentConfigCommand({
          deploymentConfigName: name,
          computePlatform: 'Lambda',
          trafficRoutingConfig,
        }),
      ),
    );
  }

  async function writeGroup(application: string, group: ShiftGroup, isThere: boolean): Promise<void> {
    const input = groupInput(application, group);
    const create = () => client.send(new CreateDeploymentGroupCommand({ ...input, deploymentGroupName: group.group }));
    const update = () =>
      client.send(new UpdateDeploymentGroupCommand({ ...input, currentDeploymentGroupName: group.group }));
    try {
      await changing<unknown>(isThere ? update : create);
    } catch (error) {
      if (error instanceof DeploymentGroupAlreadyExistsException) return writeGroup(application, group, true);
      if (error instanceof DeploymentConfigDoesNotExistException) {
        // Another service stopped using it, and removed it, just now.
        await createConfiguration(configurationName(group.shift), group.shift);
        await changing<unknown>(isThere ? update : create);
        return;
      }
      if (error instanceof InvalidRoleException) {
        throw new ReleaseError(
          'TargetAccessDenied',
          `CodeDeploy cannot use role ${group.roleArn}; deploy the target's stack to its account again, or correct ` +
            '"codeDeployRoleArn" of the target in seedbed.yml',
          { cause: error },
        );
      }
      throw error;
    }
  }

  async function deleteGroup(applicationName: string, deploymentGroupName: string): Promise<void> {
    await changing(() => client.send(new DeleteDeploymentGroupCommand({ applicationName, deploymentGroupName })));
  }

  /** Configurations belong to the account: another service's group may use the same. */
  async function deleteConfiguration(deploymentConfigName: string): Promise<void> {
    if (!deploymentConfigName.startsWith(CONFIGURATION_PREFIX)) return;
    await unless(DeploymentConfigInUseException, () =>
      client.send(new DeleteDeploymentConfigCommand({ deploymentConfigName })),
    );
  }

  /** Makes a change that others may have made before, which CodeDeploy then answers with this error. */
  async function unless(known: new (...given: never[]) => Error, change: () => Promise<unknown>): Promise<void> {
    try {
      await changing(change);
    } catch (error) {
      if (!(error instanceof known)) throw error;
    }
  }
}
