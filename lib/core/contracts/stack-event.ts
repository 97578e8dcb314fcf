/** One event of a CloudFormation stack. */
export interface StackEvent {
  readonly id: string;
  /** ISO time. */
  readonly time: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  /** Whether it tells of the stack itself, not of a resource. */
  readonly ofStack: boolean;
}
