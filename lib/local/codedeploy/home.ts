import type { Clock } from '../processes/clock';
import { type Configuration, predefinedConfigurations } from './configuration';
import type { DeploymentRecord } from './deployment-record';
import type { DeploymentGroup } from './group-settings';

/** An application and its deployment groups. */
export interface Application {
  readonly applicationId: string;
  readonly createTime: number;
  name: string;
  readonly groups: Map<string, DeploymentGroup>;
}

/** What CodeDeploy keeps in one account and region. */
export class Home {
  readonly applications = new Map<string, Application>();
  readonly configurations = new Map<string, Configuration>();
  /** In the order in which they were created. */
  readonly deployments = new Map<string, DeploymentRecord>();
  /** By the ARN of the tagged resource. */
  readonly tags = new Map<string, Map<string, string>>();

  constructor(
    readonly accountId: string,
    readonly region: string,
    readonly clock: Clock,
  ) {
    for (const one of predefinedConfigurations(clock.now())) this.configurations.set(one.deploymentConfigName, one);
  }

  /** @returns the ARN of an application, a group (`application/group`) or a configuration. */
  arn(kind: 'application' | 'deploymentgroup' | 'deploymentconfig', name: string): string {
    return `arn:aws:codedeploy:${this.region}:${this.accountId}:${kind}:${name}`;
  }
}
