import { createHash } from 'node:crypto';
import { BatchGetBuildsCommand, type CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { BUILD_REQUEST_VARIABLE, type BuildRequest } from '../core/build-request';
import type { BuildStatus, Builds } from '../ports/builds';
import { stopCodeBuild } from './stop-code-build';

/** The port Builds over one CodeBuild project: https://docs.aws.amazon.com/codebuild/latest/APIReference/ */
export function codeBuildBuilds(client: CodeBuildClient, projectName: string): Builds {
  return {
    async start(request) {
      const { build } = await client.send(
        new StartBuildCommand({
          projectName,
          environmentVariablesOverride: [{ name: BUILD_REQUEST_VARIABLE, value: JSON.stringify(request) }],
          // Valid for five minutes, longer than the state machine's retries of this call.
          idempotencyToken: tokenOf(request),
        }),
      );
      return build!.id!;
    },

    async status(buildId) {
      const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [buildId] }));
      const build = builds?.[0];
      if (!build) return { status: 'failed', message: `build ${buildId} is not known to CodeBuild`, logs: '' };
      const end = ENDS[build.buildStatus ?? ''];
      if (!end) return { status: 'running' };
      if (end === 'succeeded') return { status: 'succeeded' };
      const contexts = (build.phases ?? []).flatMap((phase) => phase.contexts ?? []);
      const message = contexts.find(({ message }) => message)?.message ?? `the build ended ${build.buildStatus}`;
      return { status: end, message, logs: build.logs?.deepLink ?? '' };
    },

    ...stopCodeBuild(client),
  };
}

const tokenOf = ({ releaseId, service, task = 'package' }: BuildRequest): string =>
  createHash('sha256').update(`${releaseId}/${service} ${task}`).digest('hex');

const ENDS: Readonly<Record<string, Exclude<BuildStatus['status'], 'running'>>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  FAULT: 'failed',
  TIMED_OUT: 'timed-out',
  STOPPED: 'stopped',
};
