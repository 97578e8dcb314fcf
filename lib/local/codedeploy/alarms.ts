import type { EmulatorClient } from '../calls/emulator-client';
import type { RoleSession } from '../calls/role-session';

interface DescribedAlarm {
  readonly AlarmName: string;
  readonly StateValue: string;
}

/** @returns the names of those alarms that are in the state ALARM, of metrics or composite ones. */
export async function activeAlarms(
  emulator: EmulatorClient,
  role: RoleSession,
  names: readonly string[],
): Promise<readonly string[]> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await emulator.json<{
    MetricAlarms?: readonly DescribedAlarm[];
    CompositeAlarms?: readonly DescribedAlarm[];
  }>(await role.credentials(), 'monitoring', 'GraniteServiceVersion20100801.DescribeAlarms', {
    AlarmNames: names,
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    StateValue: 'ALARM',
  });
  return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
}
