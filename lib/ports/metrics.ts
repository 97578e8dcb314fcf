export type MetricUnit = 'Count' | 'Milliseconds';

/** Values that dashboards and alarms go by. */
export interface Metrics {
  /**
   * @param dimensions what the values are of
   * @param values by name
   */
  add(
    dimensions: Readonly<Record<string, string>>,
    values: Readonly<Record<string, { readonly value: number; readonly unit: MetricUnit }>>,
  ): void;
}
