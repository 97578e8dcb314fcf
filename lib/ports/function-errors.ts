/** Invocations of one version of a function, by an alias. */
interface VersionTraffic {
  /** Physical name. */
  readonly functionName: string;
  readonly alias: string;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Invocations that failed. */
export interface FunctionErrors {
  /** @returns how many invocations failed in the function itself: it threw, or ran out of time. */
  count(traffic: VersionTraffic): Promise<number>;
}
