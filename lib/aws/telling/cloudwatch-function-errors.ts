import { type CloudWatchClient, GetMetricStatisticsCommand, Statistic } from '@aws-sdk/client-cloudwatch';
import type { FunctionErrors } from '../../ports/function-errors';

const HOUR_SECONDS = 3600;
/** The current minute's count carries a time that is still ahead. */
const AHEAD_MS = 60_000;

/**
 * The port FunctionErrors over Lambda's metrics:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export const cloudWatchFunctionErrors = (client: CloudWatchClient): FunctionErrors => ({
  async count({ functionName, alias, version, since }) {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [
          { Name: 'FunctionName', Value: functionName },
          { Name: 'Resource', Value: `${functionName}:${alias}` },
          { Name: 'ExecutedVersion', Value: version },
        ],
        StartTime: new Date(since),
        EndTime: new Date(Date.now() + AHEAD_MS),
        Period: HOUR_SECONDS,
        Statistics: [Statistic.Sum],
      }),
    );
    return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
  },
});
