/** Something that a state of an execution did. */
export interface StateEvent {
  readonly kind: 'entered' | 'exited';
  readonly state: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The state's output, if it was exited. */
  readonly output?: unknown;
}

/** What executions did, state by state. */
export interface ExecutionHistory {
  /** @returns the states that an execution entered and left, oldest first; none if there is no such execution. */
  read(executionArn: string): Promise<readonly StateEvent[]>;
}
