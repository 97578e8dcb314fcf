import type { Caller } from '../calls/caller';
import type { EmulatorClient } from '../calls/emulator-client';

interface DescribedAlarm {
  readonly AlarmName: string;
  readonly StateValue: string;
}

/** @returns the names of those alarms that are in the state ALARM, of metrics or composite ones. */
export async function activeAlarms(
  emulator: EmulatorClient,
  { accountId, region }: Pick<Caller, 'accountId' | 'region'>,
  names: readonly string[],
): Promise<readonly string[]> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await emulator.json<{
    MetricAlarms?: readonly DescribedAlarm[];
    CompositeAlarms?: readonly DescribedAlarm[];
  }>({ accessKey: accountId, region }, 'monitoring', 'GraniteServiceVersion20100801.DescribeAlarms', {
    AlarmNames: names,
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    StateValue: 'ALARM',
  });
  return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
}
