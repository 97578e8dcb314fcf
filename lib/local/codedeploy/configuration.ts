import { randomUUID } from 'node:crypto';
import { seconds } from './checks';
import type { TrafficRouting } from './traffic-steps';

/** A deployment configuration, as GetDeploymentConfig describes it. */
export interface Configuration {
  readonly deploymentConfigId: string;
  readonly deploymentConfigName: string;
  readonly computePlatform: 'Lambda';
  readonly createTime: number;
  readonly trafficRoutingConfig: TrafficRouting;
}

/** The configuration of groups that do not name one. */
export const ALL_AT_ONCE = 'CodeDeployDefault.LambdaAllAtOnce';

/** With this begin the names of the configurations that every account has. */
export const PREDEFINED_PREFIX = 'CodeDeployDefault.';

/**
 * @param now epoch milliseconds
 * @returns the nine configurations for Lambda that every account has
 */
export function predefinedConfigurations(now: number): readonly Configuration[] {
  const canary = (canaryInterval: number): [string, TrafficRouting] => [
    `LambdaCanary10Percent${canaryInterval}Minutes`,
    { type: 'TimeBasedCanary', timeBasedCanary: { canaryPercentage: 10, canaryInterval } },
  ];
  const linear = (linearInterval: number): [string, TrafficRouting] => [
    `LambdaLinear10PercentEvery${linearInterval}Minute${linearInterval === 1 ? '' : 's'}`,
    { type: 'TimeBasedLinear', timeBasedLinear: { linearPercentage: 10, linearInterval } },
  ];
  const all: [string, TrafficRouting][] = [
    ['LambdaAllAtOnce', { type: 'AllAtOnce' }],
    ...[5, 10, 15, 30].map(canary),
    ...[1, 2, 3, 10].map(linear),
  ];
  return all.map(([name, routing]) => aConfiguration(PREDEFINED_PREFIX + name, routing, now));
}

/**
 * @param now epoch milliseconds
 * @returns a new configuration
 */
export const aConfiguration = (
  deploymentConfigName: string,
  trafficRoutingConfig: TrafficRouting,
  now: number,
): Configuration => ({
  deploymentConfigId: randomUUID(),
  deploymentConfigName,
  computePlatform: 'Lambda',
  createTime: seconds(now),
  trafficRoutingConfig,
});
