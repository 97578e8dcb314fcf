import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { BatchGetBuildsCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import type { BuildLogs, LogLine } from '../../ports/build-logs';

interface Stream {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/**
 * The port BuildLogs over CodeBuild and CloudWatch Logs:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export function cloudWatchBuildLogs(codeBuild: CodeBuildClient, logs: CloudWatchLogsClient): BuildLogs {
  const streams = new Map<string, Stream>();
  async function streamOf(buildId: string): Promise<Stream | undefined> {
    const known = streams.get(buildId);
    if (known) return known;
    const { builds } = await codeBuild.send(new BatchGetBuildsCommand({ ids: [buildId] }));
    const { groupName, streamName } = builds?.[0]?.logs ?? {};
    if (!groupName || !streamName) return undefined;
    const stream = { logGroupName: groupName, logStreamName: streamName };
    streams.set(buildId, stream);
    return stream;
  }

  return {
    async read(buildId, after) {
      const stream = await streamOf(buildId);
      if (!stream) return { lines: [], next: after };
      const lines: LogLine[] = [];
      // This is not the SDK's paginator, since the token where reading stopped is part of the answer.
      let next = after;
      try {
        for (;;) {
          const page = await logs.send(new GetLogEventsCommand({ ...stream, startFromHead: true, nextToken: next }));
          for (const { timestamp = 0, message = '' } of page.events ?? []) {
            lines.push({ at: timestamp, text: message.replace(/\r?\n$/, '') });
          }
          // The same token again means that there is no more for now.
          if (page.nextForwardToken === undefined || page.nextForwardToken === next) break;
          next = page.nextForwardToken;
        }
      } catch (error) {
        // A build that has just begun has no stream yet.
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
      return { lines, next };
    },
  };
}
