type MetricUnit = 'Count' | 'Milliseconds' | 'Percent';

/** Numbers for dashboards and alarms. */
export interface Metrics {
  /**
   * @param dimensions what the values belong to
   * @param values by name
   */
  add(
    dimensions: Readonly<Record<string, string>>,
    values: Readonly<Record<string, { readonly value: number; readonly unit: MetricUnit }>>,
  ): void;
}
