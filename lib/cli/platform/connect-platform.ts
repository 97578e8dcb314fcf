import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { cloudWatchBuildLogs } from '../../aws/builds/cloudwatch-build-logs';
import { callerArn } from '../../aws/callers/caller-arn';
import { doorClient } from '../../aws/callers/door-client';
import { type DoorPlatform, doorPlatform } from '../../aws/callers/door-platform';
import { readStackOutputs } from '../../aws/callers/stack-outputs';
import { cloudFormationClient } from '../../aws/clients/cloudformation';
import { cloudWatchClient } from '../../aws/clients/cloudwatch';
import { cloudWatchLogsClient } from '../../aws/clients/cloudwatch-logs';
import { codeBuildClient } from '../../aws/clients/codebuild';
import { codeCommitClient } from '../../aws/clients/codecommit';
import { lambdaClient } from '../../aws/clients/lambda';
import { ssmClient } from '../../aws/clients/ssm';
import { stepFunctionsClient } from '../../aws/clients/step-functions';
import { stsClient } from '../../aws/clients/sts';
import { stepFunctionsExecutions } from '../../aws/executions/step-functions-executions';
import { stepFunctionsHistory } from '../../aws/executions/step-functions-history';
import { ssmEnvironments } from '../../aws/parameters/ssm-environments';
import { codeCommitRepositories } from '../../aws/source/codecommit-repositories';
import { lambdaFunctions } from '../../aws/target/lambda-functions';
import { cloudWatchFunctionErrors } from '../../aws/telling/cloudwatch-function-errors';
import { DOOR_STAGE } from '../../core/contracts/door';
import { ReleaseError } from '../../core/contracts/errors';
import { localUrl } from '../../local/calls/local-url';
import type { BuildLogs } from '../../ports/build-logs';
import type { Environments } from '../../ports/environments';
import type { ExecutionHistory } from '../../ports/execution-history';
import type { Executions } from '../../ports/executions';
import type { FunctionErrors } from '../../ports/function-errors';
import type { Functions } from '../../ports/functions';
import type { Repositories } from '../../ports/repositories';

/** Name of the platform's stack. */
export const STACK = 'Seedbed';

/** What the commands need of the platform's stack. */
const Outputs = z.object({
  DoorUrl: z.string(),
  DoorArn: z.string(),
  GitHubWebhookUrl: z.string().optional(),
  ServiceReleaseStateMachine: z.string(),
  WatcherStateMachine: z.string(),
});

/** Variables as AWS tools read them: `AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID` and so on. */
export type AwsEnvironment = Readonly<Record<string, string | undefined>>;

/** The platform, as commands see it: by its door, but for what that does not tell. */
export interface Platform extends DoorPlatform {
  readonly repositories: Repositories;
  /** Where GitHub is to deliver events; absent if no app's repository is there. */
  readonly gitHubWebhookUrl?: string;
  readonly aliases: Pick<Functions, 'alias'>;
  readonly errors: FunctionErrors;
  readonly environments: Environments;
  readonly buildLogs: BuildLogs;
  readonly history: ExecutionHistory;
  /** Executions of the state machine `ServiceRelease`. */
  readonly serviceExecutions: Pick<Executions, 'arnOf'>;
  /** Executions of the state machine `Watcher`, each of its release's name. */
  readonly watchers: Pick<Executions, 'arnOf'>;
}

/**
 * Connects to the platform of an account and region.
 * @param environment says which; credentials that it does not name are looked for as by any AWS tool
 * @throws ReleaseError PlatformNotFound
 */
export async function connectPlatform(environment: AwsEnvironment): Promise<Platform> {
  const options = clientOptions(environment);
  const outputs = await readOutputs(Outputs, environment);
  const { DoorUrl, DoorArn, ServiceReleaseStateMachine, WatcherStateMachine } = outputs;

  const stepFunctions = stepFunctionsClient(options);
  const call = doorClient({
    url: localDoor(DoorUrl, environment),
    arn: DoorArn,
    client: cloudFormationClient({ ...options, answerWithin: DOOR_ANSWERS_WITHIN }),
    whoAmI: () => callerArn(stsClient(options)),
    sleep,
  });
  return {
    ...doorPlatform(call),
    serviceExecutions: stepFunctionsExecutions(stepFunctions, ServiceReleaseStateMachine),
    watchers: stepFunctionsExecutions(stepFunctions, WatcherStateMachine),
    gitHubWebhookUrl: outputs.GitHubWebhookUrl,
    repositories: codeCommitRepositories(codeCommitClient(options)),
    // No command updates code, which is what the bucket is for.
    aliases: lambdaFunctions(lambdaClient(options), ''),
    errors: cloudWatchFunctionErrors(cloudWatchClient(options)),
    environments: ssmEnvironments(ssmClient(options)),
    buildLogs: cloudWatchBuildLogs(codeBuildClient(options), cloudWatchLogsClient(options)),
    history: stepFunctionsHistory(stepFunctions),
  };
}

/**
 * @param schema what is needed of the outputs of the platform's stack
 * @throws ReleaseError PlatformNotFound
 */
export async function readOutputs<T>(schema: z.ZodType<T>, environment: AwsEnvironment): Promise<T> {
  const found = await readStackOutputs(cloudFormationClient(clientOptions(environment)), STACK).catch(notConnected);
  const outputs = schema.safeParse(found);
  if (!outputs.success) throw notFound(found, environment);
  return outputs.data;
}

/** Longer than an HTTP API waits for its worker, which is 30 s. */
const DOOR_ANSWERS_WITHIN = 35_000;

/** A local cloud serves all APIs at its own address: their names lead nowhere. */
const localDoor = (url: string, { AWS_ENDPOINT_URL }: AwsEnvironment): string =>
  AWS_ENDPOINT_URL ? localUrl(url, AWS_ENDPOINT_URL, DOOR_STAGE) : url;

/** @returns where and as whom clients call AWS, as an environment says. */
export function clientOptions(environment: AwsEnvironment) {
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
