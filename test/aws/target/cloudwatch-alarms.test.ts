import { CloudWatchClient, CloudWatchServiceException, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudWatchAlarms } from '../../../lib/aws/target/cloudwatch-alarms';

const client = mockClient(CloudWatchClient);
const alarms = cloudWatchAlarms(new CloudWatchClient({ region: 'eu-central-1' }));
beforeEach(() => client.reset());

it('knows metric and composite alarms, and which are not there', async () => {
  client.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [
      { AlarmName: 'calm', StateValue: 'OK' },
      { AlarmName: 'new', StateValue: 'INSUFFICIENT_DATA' },
    ],
    CompositeAlarms: [{ AlarmName: 'loud', StateValue: 'ALARM' }],
  });
  expect([...(await alarms.states(['calm', 'new', 'loud', 'gone', 'calm']))]).toEqual([
    ['calm', 'ok'],
    ['new', 'insufficient-data'],
    ['loud', 'alarm'],
    ['gone', 'missing'],
  ]);
  expect(client.commandCalls(DescribeAlarmsCommand)[0]!.args[0].input).toEqual({
    AlarmNames: ['calm', 'new', 'loud', 'gone'],
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    MaxRecords: 100,
  });
});

it('asks for a hundred a call, and not at all for none', async () => {
  client.on(DescribeAlarmsCommand).resolves({});
  await alarms.states(Array.from({ length: 230 }, (_, index) => `alarm-${index}`));
  const sizes = client.commandCalls(DescribeAlarmsCommand).map(({ args }) => args[0].input.AlarmNames!.length);
  expect(sizes).toEqual([100, 100, 30]);
  client.resetHistory();
  await alarms.states([]);
  expect(client.calls()).toEqual([]);
});

it('is tried again if CloudWatch is busy', async () => {
  const busy = { name: 'Throttling', $fault: 'client', message: 'Rate exceeded', $metadata: {} } as const;
  client.rejects(new CloudWatchServiceException(busy));
  await expect(alarms.states(['calm'])).rejects.toMatchObject({ code: 'Throttled' });
});
