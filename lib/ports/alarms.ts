/** The state of a CloudWatch alarm. */
export type AlarmState = 'ok' | 'alarm' | 'insufficient-data' | 'missing';

/** The CloudWatch alarms of one target. */
export interface Alarms {
  /** @returns the state of each of these alarms (metric or composite), by name. */
  states(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>>;
}
