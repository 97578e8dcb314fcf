/** Published versions by the names of their functions: their numbers. */
export type CalledVersions = ReadonlyMap<string, ReadonlySet<string>>;

/** Which versions of the platform's own workers its state machines call. */
export interface WorkerVersions {
  /** @returns those that an execution calls which is started now. */
  current(): Promise<CalledVersions>;
  /**
   * @returns those that executions call which have not ended: each keeps the definition that it was started with.
   * @throws Error if more run than can be looked at
   */
  running(): Promise<CalledVersions>;
}
