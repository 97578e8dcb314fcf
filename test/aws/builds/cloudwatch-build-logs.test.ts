import { CloudWatchLogsClient, GetLogEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import { BatchGetBuildsCommand, CodeBuildClient } from '@aws-sdk/client-codebuild';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudWatchBuildLogs } from '../../../lib/aws/builds/cloudwatch-build-logs';

const codeBuild = mockClient(CodeBuildClient);
const logs = mockClient(CloudWatchLogsClient);
beforeEach(() => {
  codeBuild.reset();
  logs.reset();
  codeBuild.on(BatchGetBuildsCommand).resolves({ builds: [{ logs: { groupName: 'builds', streamName: 'one' } }] });
});
const read = (after?: string) =>
  cloudWatchBuildLogs(new CodeBuildClient({}), new CloudWatchLogsClient({})).read('seedbed:1', after);

it('reads all pages from where it was, and tells where to go on', async () => {
  const calls = logs.on(GetLogEventsCommand);
  calls.resolvesOnce({ events: [{ timestamp: 1, message: 'npm ci\r\n' }], nextForwardToken: 'b' });
  calls.resolves({ events: [{ timestamp: 2, message: 'done' }], nextForwardToken: 'c' });
  calls.resolvesOnce({ events: [{ timestamp: 2, message: 'done' }], nextForwardToken: 'c' });
  calls.resolves({ events: [], nextForwardToken: 'c' });
  expect(await read('a')).toEqual({
    lines: [
      { at: 1, text: 'npm ci' },
      { at: 2, text: 'done' },
    ],
    next: 'c',
  });
  expect(logs.commandCalls(GetLogEventsCommand).map(({ args }) => args[0].input)).toEqual(
    ['a', 'b', 'c'].map((nextToken) => ({
      logGroupName: 'builds',
      logStreamName: 'one',
      startFromHead: true,
      nextToken,
    })),
  );
});

it('finds no lines of a build that has no log yet', async () => {
  logs.on(GetLogEventsCommand).rejects(new ResourceNotFoundException({ message: 'no', $metadata: {} }));
  expect(await read()).toEqual({ lines: [], next: undefined });
  codeBuild.on(BatchGetBuildsCommand).resolves({ builds: [{}] });
  expect(await read()).toEqual({ lines: [], next: undefined });
});
