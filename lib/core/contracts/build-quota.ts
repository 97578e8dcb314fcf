/** The machine of a build project, in CodeBuild's words, such as `ARM_CONTAINER` and `BUILD_GENERAL1_LARGE`. */
export interface ProjectMachine {
  readonly type: string;
  readonly computeType: string;
}

/** A quota of CodeBuild, as Service Quotas has it. */
export interface BuildQuota {
  readonly name: string;
  /** With it one asks for more. */
  readonly code: string;
  /** What the account has, which need not be what AWS gives by default. */
  readonly value: number;
}
