import type { ProjectEnvironment } from './build-machine';

/** The kind of machine that a quota is of, in CodeBuild's words, such as `ARM_CONTAINER` and `BUILD_GENERAL1_LARGE`. */
export type MachineKind = Pick<ProjectEnvironment, 'type' | 'computeType'>;

/** A quota of CodeBuild, as Service Quotas has it. */
export interface BuildQuota {
  readonly name: string;
  /** With it one asks for more. */
  readonly code: string;
  /** What the account has, which need not be what AWS gives by default. */
  readonly value: number;
}
