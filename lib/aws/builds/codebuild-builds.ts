import { createHash } from 'node:crypto';
import {
  AccountLimitExceededException,
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  type Build,
  type CodeBuildClient,
  type CodeBuildServiceException,
  type ComputeType,
  InvalidInputException,
  ResourceNotFoundException,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { DEFAULT_ARCHITECTURE } from '../../core/contracts/architecture';
import { machineInstead, machineOnEc2 } from '../../core/contracts/build-machine';
import { BUILD_REQUEST_VARIABLE, type BuildRequest } from '../../core/contracts/build-request';
import { ReleaseError } from '../../core/contracts/errors';
import { settingsStage } from '../../core/contracts/release';
import { buildProjectName } from '../../core/contracts/stage-environment';
import type { BuildPlace, BuildStatus, Builds } from '../../ports/builds';
import { chunks } from '../clients/chunks';
import { phaseTimes } from './build-times';
import { projectEnvironment } from './project-environment';

/**
 * The port Builds over CodeBuild, where each configured stage of each app has a project of its own:
 * https://docs.aws.amazon.com/codebuild/latest/APIReference/
 */
export function codeBuildBuilds(client: CodeBuildClient): Builds {
  return {
    async start(request, place = {}) {
      const projectName = buildProjectName(request.app, settingsStage(request));
      const { fleet } = place;
      const instead = fleet ? undefined : await findMachineInstead(client, projectName, place);
      const start = new StartBuildCommand({
        projectName,
        ...(instead && {
          environmentTypeOverride: instead.type,
          computeTypeOverride: instead.computeType as ComputeType,
          imageOverride: instead.image,
        }),
        // Builds on Lambda have commands of their own.
        ...(place.onEc2 && { buildspecOverride: BUILDSPEC }),
        ...(fleet && { fleetOverride: { fleetArn: fleet } }),
        environmentVariablesOverride: [{ name: BUILD_REQUEST_VARIABLE, value: JSON.stringify(request) }],
        // Valid for five minutes, longer than the state machine's retries of a call that may have started a build.
        idempotencyToken: tokenOf(request, fleet ?? instead?.type),
      });
      const { build } = await client.send(start).catch((error) => explainRefusal(error, fleet));
      return build!.id!;
    },

    async statuses(buildIds) {
      const pages = await Promise.all(
        chunks(buildIds, BUILDS_PER_CALL).map((ids) => client.send(new BatchGetBuildsCommand({ ids: [...ids] }))),
      );
      const found = new Map(pages.flatMap(({ builds = [] }) => builds.map((build) => [build.id!, statusOf(build)])));
      return new Map(buildIds.map((id) => [id, found.get(id) ?? unknownBuild(id)]));
    },

    async stop(buildId) {
      await client.send(new StopBuildCommand({ id: buildId }));
    },
  };
}

/** In the source of every build. */
const BUILDSPEC = 'buildspec.yml';

/** A build on another machine than the project's is another request. */
const tokenOf = ({ releaseId, service, task = 'package' }: BuildRequest, type = ''): string =>
  createHash('sha256').update(`${releaseId}/${service} ${task}${type}`).digest('hex');

/** Projects are of the default architecture unless their owner has written one, so most builds need not look. */
async function findMachineInstead(
  client: CodeBuildClient,
  name: string,
  { architecture = DEFAULT_ARCHITECTURE, onEc2 = false }: BuildPlace,
) {
  if (architecture === DEFAULT_ARCHITECTURE && !onEc2) return undefined;
  const { projects } = await client.send(new BatchGetProjectsCommand({ names: [name] }));
  const machine = projectEnvironment(projects?.[0]?.environment);
  return machine && ((onEc2 ? machineOnEc2(machine) : undefined) ?? machineInstead(machine, architecture));
}
/**
 * The most that BatchGetBuilds takes:
 * https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetBuilds.html
 */
const BUILDS_PER_CALL = 100;

function statusOf({ buildStatus, phases = [], logs }: Build): BuildStatus {
  const end = ENDS[buildStatus ?? ''];
  if (!end) return { status: 'running' };
  if (end === 'succeeded') return { status: 'succeeded', times: phaseTimes(phases) };
  const contexts = phases.flatMap((phase) => phase.contexts ?? []);
  const message = contexts.find(({ message }) => message)?.message ?? `the build ended ${buildStatus}`;
  return { status: end, message, logs: logs?.deepLink ?? '' };
}

const unknownBuild = (buildId: string): BuildStatus => ({
  status: 'failed',
  message: `CodeBuild knows no build ${buildId}`,
  logs: '',
});

/**
 * Turns CodeBuild's refusal, when too many builds run and wait in the account, into an error that is tried again, and
 * what it says of a fleet or of Lambda into one that tells of the machine.
 */
function explainRefusal(error: unknown, fleet: string | undefined): never {
  if (isOfCompute(error, fleet)) {
    const what = fleet === undefined ? 'the machine of the stage' : `the fleet ${fleet}`;
    throw new ReleaseError(
      'BuildComputeRefused',
      `CodeBuild starts no build on ${what} (${error.message}); see "build" of the stage in seedbed.yml`,
      { cause: error },
    );
  }
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

/** In a region without Lambda builds, or without that fleet, the input is wrong. Other wrong input is not meant. */
function isOfCompute(error: unknown, fleet: string | undefined): error is CodeBuildServiceException {
  if (error instanceof ResourceNotFoundException && /^Project/.test(error.message)) return false;
  const isRefusal = error instanceof InvalidInputException || error instanceof ResourceNotFoundException;
  return (
    isRefusal &&
    (/compute|environment type/i.test(error.message) || (fleet !== undefined && /fleet/i.test(error.message)))
  );
}

const ENDS: Readonly<Record<string, Exclude<BuildStatus['status'], 'running'>>> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  FAULT: 'failed',
  TIMED_OUT: 'timed-out',
  STOPPED: 'stopped',
};
