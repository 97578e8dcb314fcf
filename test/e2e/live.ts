import { BatchGetBuildsCommand, type Build, ListBuildsCommand } from '@aws-sdk/client-codebuild';
import {
  GetAliasCommand,
  GetFunctionCommand,
  InvokeCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { codeBuildClient } from '../../lib/aws/clients/codebuild';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { localApiUrls } from '../../lib/cli/demo/service-api';
import { BUILD_REQUEST_VARIABLE } from '../../lib/core/contracts/build-request';
import { LIVE_ALIAS } from '../../lib/core/contracts/live-alias';

/** What answers in each of the places where a function's code runs. */
export interface Answers {
  /** `$LATEST`. */
  readonly latest: string;
  /** The alias that event sources invoke. */
  readonly alias: string;
  /** The service's API. */
  readonly api: string;
}

const lambda = lambdaClient();

/** @returns what answers if the same code runs in every place. */
export const everywhere = (text: string): Answers => ({ latest: text, alias: text, api: text });

/** Asks a function of a stack, in each place. */
export async function answersOf(stack: string, id: string): Promise<Answers> {
  const name = `${stack}-${id}`;
  const [latest, alias, api] = await Promise.all([invoke(name), invoke(name, LIVE_ALIAS), ask(stack, `/${id}`)]);
  return { latest, alias, api };
}

/** @returns the body that a function answers. */
export async function invoke(name: string, qualifier?: string): Promise<string> {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: name, Qualifier: qualifier, Payload: '{}' }));
  return JSON.parse(Buffer.from(Payload!).toString('utf8')).body;
}

/** @returns the text that a path of a stack's API answers; what went wrong, if it is not well. */
export async function ask(stack: string, path: string): Promise<string> {
  const outputs = await readStackOutputs(cloudFormationClient(), stack);
  const [base] = localApiUrls(outputs ?? {}, process.env.AWS_ENDPOINT_URL!);
  if (!base) throw new Error(`stack ${stack} has no API in its outputs`);
  const response = await fetch(base + path);
  const text = await response.text();
  return response.ok ? text : `${response.status}: ${text}`;
}

/** @returns CodeSha256 of a function, and the version that a qualifier stands for. */
export async function codeOf(name: string, qualifier?: string): Promise<{ sha256: string; version: string }> {
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: name, Qualifier: qualifier }));
  return { sha256: Configuration!.CodeSha256!, version: Configuration!.Version! };
}

/** @returns whether the alias that event sources invoke is on two versions. */
export async function isSplit(name: string): Promise<boolean> {
  const { RoutingConfig } = await lambda.send(new GetAliasCommand({ FunctionName: name, Name: LIVE_ALIAS }));
  return Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0;
}

/** @returns the published versions of a function. */
export async function versionsOf(name: string): Promise<readonly string[]> {
  const { Versions = [] } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName: name }));
  return Versions.map(({ Version }) => Version!).filter((version) => version !== '$LATEST');
}

/** @returns the builds of a release. */
export async function buildsOf(releaseId: string): Promise<readonly Build[]> {
  const client = codeBuildClient();
  const { ids = [] } = await client.send(new ListBuildsCommand({}));
  const found: Build[] = [];
  for (let from = 0; from < ids.length; from += 100) {
    const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids: ids.slice(from, from + 100) }));
    found.push(...builds.filter((build) => releaseOf(build) === releaseId));
  }
  return found;
}

/** A request also names the earlier release whose package is deployed. */
const releaseOf = ({ environment }: Build): unknown =>
  JSON.parse(environment?.environmentVariables?.find(({ name }) => name === BUILD_REQUEST_VARIABLE)?.value ?? '{}')
    .releaseId;
