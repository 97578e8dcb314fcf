/** A state that an execution has entered. */
export interface EnteredState {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** How far an execution has come, for people who watch. */
export interface ExecutionProgress {
  /** @returns the states entered last, newest first; none if there is no such execution. */
  entered(executionArn: string): Promise<readonly EnteredState[]>;
}
