import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { alarmsOfStack, lastRun } from '../../../lib/aws/callers/cloudwatch-health';

const mock = mockClient(CloudWatchClient);
const client = new CloudWatchClient({ region: 'eu-central-1' });
beforeEach(() => mock.reset());

it('finds all alarms of the stack, page after page', async () => {
  const since = new Date('2026-01-02T03:04:05.000Z');
  mock
    .on(DescribeAlarmsCommand)
    .resolvesOnce({ MetricAlarms: [{ AlarmName: 'Seedbed-B', StateValue: 'ALARM' }], NextToken: 'more' })
    .resolvesOnce({
      MetricAlarms: [
        { AlarmName: 'Seedbed-A', StateValue: 'OK', StateTransitionedTimestamp: since, AlarmDescription: 'why' },
      ],
    });
  expect(await alarmsOfStack(client, 'Seedbed')).toEqual([
    { name: 'Seedbed-A', state: 'ok', since: since.toISOString(), description: 'why' },
    { name: 'Seedbed-B', state: 'alarm', since: undefined, description: '' },
  ]);
  expect(mock.commandCalls(DescribeAlarmsCommand)[0]!.args[0].input).toMatchObject({ AlarmNamePrefix: 'Seedbed-' });
});

it('takes the newest period in which a function ran, and none of those in which it did not', async () => {
  const now = Date.parse('2026-01-02T03:00:00.000Z');
  const before = (minutes: number) => new Date(now - minutes * 60_000);
  mock.on(GetMetricStatisticsCommand).resolves({
    Datapoints: [
      { Timestamp: before(20), Sum: 1 },
      { Timestamp: before(10), Sum: 2 },
      { Timestamp: before(5), Sum: 0 },
    ],
  });
  expect(await lastRun(client, 'Seedbed-Sweep', now)).toBe(before(10).toISOString());
  const { input } = mock.commandCalls(GetMetricStatisticsCommand)[0]!.args[0];
  expect(input).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'Invocations', StartTime: before(180) });
  mock.on(GetMetricStatisticsCommand).resolves({});
  expect(await lastRun(client, 'Seedbed-Sweep', now)).toBeUndefined();
});
