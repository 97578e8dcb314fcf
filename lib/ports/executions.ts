/** The status of an execution. `unknown`: there is none of that name. */
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
   * @param cause why, in a sentence, for whoever looks at the execution
   * @param error why, in one word; by default `Aborted`
   */
  stop(arn: string, cause: string, error?: string): Promise<void>;
}
