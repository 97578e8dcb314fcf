import type { ProjectEnvironment } from '../core/contracts/build-machine';
import type { BuildQuota } from '../core/contracts/build-quota';

/** On what machines an app is built, and how many builds the platform's account may run at once. */
export interface BuildQuotas {
  /** @returns the machines of those of the app's configured stages that have a project, by stage */
  machines(app: string, stages: readonly string[]): Promise<ReadonlyMap<string, ProjectEnvironment>>;
  /** @returns the quotas of CodeBuild whose values are known; undefined if we may not look */
  quotas(): Promise<readonly BuildQuota[] | undefined>;
}
