import {
  type CloudWatchClient,
  GetMetricStatisticsCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
  Statistic,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from '../../ports/alarms';
import { ALARM_STATES } from '../target/cloudwatch-alarms';

/** An alarm of the platform. */
export interface WatchedAlarm {
  readonly name: string;
  readonly state: AlarmState;
  /** Since when it is in this state (ISO 8601). */
  readonly since?: string;
  /** What it means, and what to do, in the words of `lib/infra/alarms.ts`. */
  readonly description: string;
}

/** @returns the alarms of a stack, by name: CloudFormation begins their names with the stack's. */
export async function alarmsOfStack(client: CloudWatchClient, stack: string): Promise<readonly WatchedAlarm[]> {
  const found: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNamePrefix: `${stack}-` })) {
    found.push(...MetricAlarms);
  }
  return found
    .map(
      ({ AlarmName = '', StateValue, StateTransitionedTimestamp, StateUpdatedTimestamp, AlarmDescription = '' }) => ({
        name: AlarmName,
        state: ALARM_STATES[StateValue!],
        since: (StateTransitionedTimestamp ?? StateUpdatedTimestamp)?.toISOString(),
        description: AlarmDescription,
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const MINUTES_MS = 60_000;
/** How far back is looked, and how exactly, in minutes. */
const [BACK, EXACTLY] = [180, 5];

/**
 * @returns when a function ran last (ISO 8601): the beginning of the period; undefined if it did not in three hours.
 *   A function that does not run has no value at all.
 */
export async function lastRun(
  client: CloudWatchClient,
  functionName: string,
  now: number,
): Promise<string | undefined> {
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      StartTime: new Date(now - BACK * MINUTES_MS),
      EndTime: new Date(now + MINUTES_MS),
      Period: EXACTLY * 60,
      Statistics: [Statistic.Sum],
    }),
  );
  const ran = Datapoints.flatMap(({ Sum = 0, Timestamp }) => (Sum > 0 && Timestamp ? [Timestamp.getTime()] : []));
  return ran.length === 0 ? undefined : new Date(Math.max(...ran)).toISOString();
}
