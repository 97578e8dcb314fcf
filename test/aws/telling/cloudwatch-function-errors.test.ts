import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudWatchFunctionErrors } from '../../../lib/aws/telling/cloudwatch-function-errors';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => cloudWatch.reset());

const TRAFFIC = { functionName: 'shop-list', alias: 'live', version: '7', since: 1_000 };
const errors = cloudWatchFunctionErrors(new CloudWatchClient({ region: 'eu-central-1' }));

it('counts the errors of one version behind an alias', async () => {
  cloudWatch.on(GetMetricStatisticsCommand).resolves({ Datapoints: [{ Sum: 4 }, { Sum: 3 }, {}] });
  expect(await errors.count(TRAFFIC)).toBe(7);
  const { MetricName, Dimensions, StartTime } = cloudWatch.commandCalls(GetMetricStatisticsCommand)[0]!.args[0].input;
  expect(MetricName).toBe('Errors');
  expect(StartTime).toEqual(new Date(1_000));
  expect(Dimensions).toEqual([
    { Name: 'FunctionName', Value: 'shop-list' },
    { Name: 'Resource', Value: 'shop-list:live' },
    { Name: 'ExecutedVersion', Value: '7' },
  ]);
});

it('counts none where nothing was measured', async () => {
  cloudWatch.on(GetMetricStatisticsCommand).resolves({});
  expect(await errors.count(TRAFFIC)).toBe(0);
});
