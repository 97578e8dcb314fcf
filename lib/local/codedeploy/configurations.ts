import { AwsError } from '../calls/aws-error';
import type { Operation } from '../gateway/gateway';
import { checkName, pageOf } from './checks';
import { aConfiguration, type Configuration, PREDEFINED_PREFIX, predefinedConfigurations } from './configuration';
import type { Home } from './home';
import { type TrafficRouting, trafficSteps } from './traffic-steps';

const LONGEST_MINUTES = 2880;
const MOST_CONFIGURATIONS = 200;
const PREDEFINED = predefinedConfigurations(0).length;

/** @throws AwsError `DeploymentConfigDoesNotExistException` */
export function findConfiguration(home: Home, name: unknown): Configuration {
  const found = home.configurations.get(checkName('DeploymentConfig', name));
  if (found) return found;
  throw new AwsError('DeploymentConfigDoesNotExistException', `No Deployment Configuration found for name: ${name}`);
}

/** The operations on deployment configurations. */
export const configurationOperations = (
  homeOf: (caller: Parameters<Operation>[1]) => Home,
): Record<string, Operation> => ({
  CreateDeploymentConfig: async (input, caller) => {
    const home = homeOf(caller);
    const name = checkName('DeploymentConfig', input.deploymentConfigName);
    if (name.startsWith(PREDEFINED_PREFIX))
      throw new AwsError(
        'InvalidDeploymentConfigNameException',
        `Deployment configuration names starting with ${PREDEFINED_PREFIX} are reserved`,
      );
    if (home.configurations.has(name))
      throw new AwsError(
        'DeploymentConfigAlreadyExistsException',
        `Deployment Configuration already exists with name: ${name}`,
      );
    if (input.computePlatform !== 'Lambda')
      throw new AwsError(
        'InvalidComputePlatformException',
        'the local cloud implements the compute platform Lambda only',
      );
    if (home.configurations.size >= MOST_CONFIGURATIONS + PREDEFINED)
      throw new AwsError('DeploymentConfigLimitExceededException', `at most ${MOST_CONFIGURATIONS} configurations`);
    const configuration = aConfiguration(name, checkRouting(input.trafficRoutingConfig), home.clock.now());
    home.configurations.set(name, configuration);
    return { deploymentConfigId: configuration.deploymentConfigId };
  },
  GetDeploymentConfig: async ({ deploymentConfigName }, caller) => ({
    deploymentConfigInfo: findConfiguration(homeOf(caller), deploymentConfigName),
  }),
  ListDeploymentConfigs: async ({ nextToken }, caller) => {
    const { items, ...more } = pageOf([...homeOf(caller).configurations.keys()], nextToken);
    return { deploymentConfigsList: items, ...more };
  },
  DeleteDeploymentConfig: async ({ deploymentConfigName }, caller) => {
    const home = homeOf(caller);
    const name = checkName('DeploymentConfig', deploymentConfigName);
    if (name.startsWith(PREDEFINED_PREFIX))
      throw new AwsError('InvalidOperationException', 'Cannot delete a default deployment configuration');
    if (isInUse(home, name))
      throw new AwsError('DeploymentConfigInUseException', `Deployment configuration ${name} is in use`);
    home.configurations.delete(name);
    return {};
  },
});

const isInUse = (home: Home, name: string): boolean =>
  [...home.applications.values()].some(({ groups }) =>
    [...groups.values()].some(({ deploymentConfigName }) => deploymentConfigName === name),
  ) || [...home.deployments.values()].some((one) => one.isOpen && one.request.deploymentConfigName === name);

function checkRouting(given: TrafficRouting | undefined): TrafficRouting {
  const wrong = (message: string) => new AwsError('InvalidTrafficRoutingConfigurationException', message);
  const { type, timeBasedCanary, timeBasedLinear } = given ?? {};
  if (type === 'AllAtOnce' && !timeBasedCanary && !timeBasedLinear) return { type };
  const [percent, minutes] =
    type === 'TimeBasedCanary' && timeBasedCanary && !timeBasedLinear
      ? [timeBasedCanary.canaryPercentage, timeBasedCanary.canaryInterval]
      : type === 'TimeBasedLinear' && timeBasedLinear && !timeBasedCanary
        ? [timeBasedLinear.linearPercentage, timeBasedLinear.linearInterval]
        : [];
  if (!given || percent === undefined || minutes === undefined)
    throw wrong('the traffic routing type must come with its own percentage and interval, and with no other');
  if (!Number.isInteger(percent) || percent < 1 || percent > 99)
    throw wrong(`the percentage must be an integer from 1 to 99, not ${percent}`);
  if (!Number.isInteger(minutes) || minutes < 1) throw wrong(`the interval must be an integer from 1, not ${minutes}`);
  const total = trafficSteps(given).reduce((sum, { waitMinutes }) => sum + waitMinutes, 0);
  if (total > LONGEST_MINUTES)
    throw wrong(`from the first to the last shift at most ${LONGEST_MINUTES} minutes may pass, not ${total}`);
  return { type: given.type, ...(timeBasedCanary ? { timeBasedCanary } : { timeBasedLinear }) };
}
