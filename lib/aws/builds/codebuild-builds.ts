import { createHash } from 'node:crypto';
import {
  AccountLimitExceededException,
  BatchGetBuildsCommand,
  type CodeBuildClient,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { BUILD_REQUEST_VARIABLE, type BuildRequest } from '../../core/contracts/build-request';
import { ReleaseError } from '../../core/contracts/errors';
import { settingsStage } from '../../core/contracts/release';
import { buildProjectName } from '../../core/contracts/stage-environment';
import type { BuildStatus, Builds } from '../../ports/builds';

/**
 * The port Builds over CodeBuild, where each configured stage of each app has a project of its own:
 * https://docs.aws.amazon.com/codebuild/latest/APIReference/
 */
export function codeBuildBuilds(client: CodeBuildClient): Builds {
  return {
    async start(request) {
      const start = new StartBuildCommand({
        projectName: buildProjectName(request.app, settingsStage(request)),
        environmentVariablesOverride: [{ name: BUILD_REQUEST_VARIABLE, value: JSON.stringify(request) }],
        // Valid for five minutes, longer than the state machine's retries of a call that may have started a build.
        idempotencyToken: tokenOf(request),
      });
      const { build } = await client.send(start).catch(queueFull);
      return build!.id!;
    },

    async status(buildId) {
      const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [buildId] }));
      const build = builds?.[0];
      if (!build) return { status: 'failed', message: `CodeBuild knows no build ${buildId}`, logs: '' };
      const end = ENDS[build.buildStatus ?? ''];
      if (!end) return { status: 'running' };
      if (end === 'succeeded') return { status: 'succeeded' };
      const contexts = (build.phases ?? []).flatMap((phase) => phase.contexts ?? []);
      const message = contexts.find(({ message }) => message)?.message ?? `the build ended ${build.buildStatus}`;
      return { status: end, message, logs: build.logs?.deepLink ?? '' };
    },

    async stop(buildId) {
      await client.send(new StopBuildCommand({ id: buildId }));
    },
  };
}

const tokenOf = ({ releaseId, service, task = 'package' }: BuildRequest): string =>
  createHash('sha256').update(`${releaseId}/${service} ${task}`).digest('hex');

/** Turns CodeBuild's refusal, when too many builds run and wait in the account, into an error that is tried again. */
function queueFull(error: unknown): never {
  if (!(error instanceof AccountLimitExceededException)) throw error;
  // A new account may have none at all, of the size that the project has: it would wait for ever.
  if (/more than 0 builds/.test(error.message)) {
    throw new ReleaseError(
      'BuildQuotaZero',
      `CodeBuild runs no build of this size in the platform's account (${error.message}); raise the quota "Concurrently ` +
        'running builds for … environment" of CodeBuild in Service Quotas, or give the stage another "build.compute" or ' +
        '"build.architecture" in seedbed.yml and deploy the platform',
      { cause: error },
    );
  }
  throw new ReleaseError(
    'BuildQueueFull',
    `CodeBuild takes no more builds at the moment (${error.message}); this build starts as soon as it does`,
    { cause: error },
  );
}

const ENDS: Readonly<Record<string, Exclude<BuildStatus['status'], 'running'>>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  FAULT: 'failed',
  TIMED_OUT: 'timed-out',
  STOPPED: 'stopped',
};
