import { METRICS_NAMESPACE } from '../../core/record/release-metrics';
import type { Metrics } from '../../ports/metrics';

/**
 * The port Metrics over the log: CloudWatch makes metrics of lines in the embedded metric format, which takes no call
 * and no rights. Each value counts for its dimensions and for the platform as a whole.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param write writes a line as it is; `console.log` would put a time in front of it
 */
export const emfMetrics = (
  write: (line: string) => void = (line) => process.stdout.write(line),
  now: () => number = Date.now,
): Metrics => ({
  add(dimensions, values) {
    const metrics = Object.entries(values).map(([Name, { unit }]) => ({ Name, Unit: unit }));
    if (metrics.length === 0) return;
    const CloudWatchMetrics = [
      { Namespace: METRICS_NAMESPACE, Dimensions: [Object.keys(dimensions), []], Metrics: metrics },
    ];
    const numbers = Object.entries(values).map(([name, { value }]) => [name, value]);
    const line = { _aws: { Timestamp: now(), CloudWatchMetrics }, ...dimensions, ...Object.fromEntries(numbers) };
    write(`${JSON.stringify(line)}\n`);
  },
});
