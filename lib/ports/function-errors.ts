/** Invocations of one version of a function, by an alias. */
export interface VersionTraffic {
  /** Physical name. */
  readonly functionName: string;
  readonly alias: string;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** What is known of invocations that failed. */
export interface FunctionErrors {
  /** @returns how many invocations the function itself failed: it threw, or ran out of time. */
  count(traffic: VersionTraffic): Promise<number>;
}
