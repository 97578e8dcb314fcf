import * as z from 'zod';
import { cloudWatchBuildLogs } from '../../aws/builds/cloudwatch-build-logs';
import { lambdaPlatformWorkers } from '../../aws/callers/lambda-platform-workers';
import { readStackOutputs } from '../../aws/callers/stack-outputs';
import { cloudFormationClient } from '../../aws/clients/cloudformation';
import { cloudWatchClient } from '../../aws/clients/cloudwatch';
import { cloudWatchLogsClient } from '../../aws/clients/cloudwatch-logs';
import { codeBuildClient } from '../../aws/clients/codebuild';
import { codeCommitClient } from '../../aws/clients/codecommit';
import { dynamoDbClient } from '../../aws/clients/dynamodb';
import { lambdaClient } from '../../aws/clients/lambda';
import { ssmClient } from '../../aws/clients/ssm';
import { stepFunctionsClient } from '../../aws/clients/step-functions';
import { stepFunctionsExecutions } from '../../aws/executions/step-functions-executions';
import { stepFunctionsHistory } from '../../aws/executions/step-functions-history';
import { stepFunctionsProgress } from '../../aws/executions/step-functions-progress';
import { ssmApps } from '../../aws/parameters/ssm-apps';
import { ssmEnvironments } from '../../aws/parameters/ssm-environments';
import { codeCommitRepositories } from '../../aws/source/codecommit-repositories';
import { dynamoCodeStorages } from '../../aws/state/dynamo-code-storages';
import { dynamoReleaseBuilds } from '../../aws/state/dynamo-release-builds';
import { dynamoReleases } from '../../aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../aws/state/dynamo-service-states';
import { dynamoStages } from '../../aws/state/dynamo-stages';
import { lambdaFunctions } from '../../aws/target/lambda-functions';
import { cloudWatchFunctionErrors } from '../../aws/telling/cloudwatch-function-errors';
import { ReleaseError } from '../../core/contracts/errors';
import type { Apps } from '../../ports/apps';
import type { BuildLogs } from '../../ports/build-logs';
import type { CodeStorages } from '../../ports/code-storages';
import type { Environments } from '../../ports/environments';
import type { ExecutionHistory } from '../../ports/execution-history';
import type { ExecutionProgress } from '../../ports/execution-progress';
import type { Executions } from '../../ports/executions';
import type { FunctionErrors } from '../../ports/function-errors';
import type { Functions } from '../../ports/functions';
import type { PlatformWorkers } from '../../ports/platform-workers';
import type { ReleaseBuilds } from '../../ports/release-builds';
import type { Releases } from '../../ports/releases';
import type { Repositories } from '../../ports/repositories';
import type { ServiceStates } from '../../ports/service-states';
import type { Stages } from '../../ports/stages';

/** Name of the platform's stack. */
const STACK = 'Seedbed';

/** What the commands need of the platform's stack. */
const Outputs = z.object({
  StateTable: z.string(),
  GitHubWebhookUrl: z.string().optional(),
  StartRelease: z.string(),
  StartRollback: z.string(),
  CancelRelease: z.string(),
  PreviewRelease: z.string(),
  Doctor: z.string(),
  RemoveStage: z.string(),
  ReleaseStateMachine: z.string(),
  ServiceReleaseStateMachine: z.string(),
  WatcherStateMachine: z.string(),
});

/** Variables as AWS tools read them: `AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID` and so on. */
export type AwsEnvironment = Readonly<Record<string, string | undefined>>;

/** The platform, as commands see it. */
export interface Platform {
  readonly releases: Releases;
  readonly serviceStates: ServiceStates;
  /** Executions of the state machine `Release`. */
  readonly executions: Executions;
  /** Executions of the state machine `ServiceRelease`. */
  readonly serviceExecutions: Executions;
  /** Executions of the state machine `Watcher`, each of its release's name. */
  readonly watchers: Pick<Executions, 'arnOf'>;
  readonly progress: ExecutionProgress;
  readonly workers: PlatformWorkers;
  readonly repositories: Repositories;
  /** Where GitHub is to deliver events; absent if no app's repository is there. */
  readonly gitHubWebhookUrl?: string;
  readonly aliases: Pick<Functions, 'alias'>;
  readonly errors: FunctionErrors;
  readonly apps: Apps;
  readonly environments: Environments;
  readonly stages: Stages;
  readonly codeStorages: CodeStorages;
  readonly releaseBuilds: ReleaseBuilds;
  readonly buildLogs: BuildLogs;
  readonly history: ExecutionHistory;
}

/**
 * Connects to the platform of an account and region.
 * @param environment says which; credentials that it does not name are looked for as by any AWS tool
 * @throws ReleaseError PlatformNotFound
 */
export async function connectPlatform(environment: AwsEnvironment): Promise<Platform> {
  const options = clientOptions(environment);
  const found = await readStackOutputs(cloudFormationClient(options), STACK).catch(notConnected);
  const outputs = Outputs.safeParse(found);
  if (!outputs.success) throw notFound(found, environment);
  const { StateTable, ReleaseStateMachine, ServiceReleaseStateMachine, WatcherStateMachine } = outputs.data;

  const ssm = ssmClient(options);
  const table = dynamoDbClient(options);
  const stepFunctions = stepFunctionsClient(options);
  const lambda = lambdaClient({ ...options, answerWithin: 0 });
  return {
    releases: dynamoReleases(table, StateTable),
    serviceStates: dynamoServiceStates(table, StateTable),
    workers: lambdaPlatformWorkers(lambda, outputs.data),
    executions: stepFunctionsExecutions(stepFunctions, ReleaseStateMachine),
    serviceExecutions: stepFunctionsExecutions(stepFunctions, ServiceReleaseStateMachine),
    watchers: stepFunctionsExecutions(stepFunctions, WatcherStateMachine),
    progress: stepFunctionsProgress(stepFunctions),
    gitHubWebhookUrl: outputs.data.GitHubWebhookUrl,
    repositories: codeCommitRepositories(codeCommitClient(options)),
    // No command updates code, which is what the bucket is for.
    aliases: lambdaFunctions(lambda, ''),
    errors: cloudWatchFunctionErrors(cloudWatchClient(options)),
    apps: ssmApps(ssm),
    environments: ssmEnvironments(ssm),
    stages: dynamoStages(table, StateTable),
    codeStorages: dynamoCodeStorages(table, StateTable),
    releaseBuilds: dynamoReleaseBuilds(table, StateTable),
    buildLogs: cloudWatchBuildLogs(codeBuildClient(options), cloudWatchLogsClient(options)),
    history: stepFunctionsHistory(stepFunctions),
  };
}

function clientOptions(environment: AwsEnvironment) {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  const credentials =
    AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY
      ? {
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          sessionToken: AWS_SESSION_TOKEN,
        }
      : undefined;
  return { endpoint: AWS_ENDPOINT_URL, region: AWS_REGION, credentials };
}

/** The SDK looks for region and credentials in many places, and says only on its first call that it found none. */
function notConnected(error: unknown): never {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  // The error of a missing region has no name of its own.
  if (name === 'CredentialsProviderError' || message === 'Region is missing') {
    const advice = 'set AWS_REGION and credentials (or AWS_PROFILE), or name a local cloud with --local';
    throw new ReleaseError('PlatformNotFound', `no AWS account to look for the platform in (${message}); ${advice}`);
  }
  throw error;
}

function notFound(outputs: object | undefined, { AWS_REGION, AWS_ENDPOINT_URL }: AwsEnvironment): ReleaseError {
  const where = AWS_ENDPOINT_URL ? `at ${AWS_ENDPOINT_URL}` : `in region ${AWS_REGION ?? '(none is set)'}`;
  return new ReleaseError(
    'PlatformNotFound',
    outputs === undefined
      ? `the platform is not deployed ${where}: there is no stack "${STACK}"; deploy it with: npx cdk deploy --all`
      : `the stack "${STACK}" ${where} belongs to another version of the platform; deploy it with: npx cdk deploy --all`,
  );
}
