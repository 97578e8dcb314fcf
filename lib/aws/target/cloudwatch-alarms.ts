import { AlarmType, type CloudWatchClient, DescribeAlarmsCommand, StateValue } from '@aws-sdk/client-cloudwatch';
import type { AlarmState, Alarms } from '../../ports/alarms';
import { busyIsThrottled } from '../clients/busy-is-throttled';
import { chunks } from '../clients/chunks';

/**
 * The most names in a call, and the most alarms in an answer:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
const ALARMS_PER_CALL = 100;

/** Our words for CloudWatch's. */
export const ALARM_STATES: Readonly<Record<StateValue, AlarmState>> = {
  [StateValue.OK]: 'ok',
  [StateValue.ALARM]: 'alarm',
  [StateValue.INSUFFICIENT_DATA]: 'insufficient-data',
};

/** The port Alarms over CloudWatch. */
export const cloudWatchAlarms = (client: CloudWatchClient): Alarms => ({
  async states(names) {
    const pages = await Promise.all(
      chunks([...new Set(names)], ALARMS_PER_CALL).map((AlarmNames) =>
        busyIsThrottled('CloudWatch', () =>
          client.send(
            new DescribeAlarmsCommand({
              AlarmNames,
              // Without it, only metric alarms are described.
              AlarmTypes: [AlarmType.MetricAlarm, AlarmType.CompositeAlarm],
              MaxRecords: ALARMS_PER_CALL,
            }),
          ),
        ),
      ),
    );
    const found = new Map(
      pages
        .flatMap(({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms])
        .map(({ AlarmName, StateValue }) => [AlarmName!, ALARM_STATES[StateValue!]]),
    );
    return new Map(names.map((name) => [name, found.get(name) ?? 'missing']));
  },
});
