/** How an execution stands. `unknown`: there is none of that name. */
export type ExecutionStatus = 'running' | 'succeeded' | 'failed' | 'timed-out' | 'aborted' | 'unknown';

/** Executions of one state machine. Names are unique: a name is one execution. */
export interface Executions {
  /**
   * Starts an execution, unless there is or was one of this name.
   * @param name at most 80 characters
   * @param input becomes JSON
   * @returns its ARN
   */
  start(name: string, input: unknown): Promise<string>;
  /** @returns the ARN that an execution of this name has. */
  arnOf(name: string): string;
  status(arn: string): Promise<ExecutionStatus>;
  /**
   * Stops an execution; one that has ended or never was is left as it is.
   * @param error why, in a word, for whoever looks at the execution; by default `Aborted`
   */
  stop(arn: string, cause: string, error?: string): Promise<void>;
}
