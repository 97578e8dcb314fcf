import { DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DeploymentStatus, ListDeploymentGroupsCommand, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import { ListAliasesCommand } from '@aws-sdk/client-lambda';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { codeDeployClient } from '../../lib/aws/clients/codedeploy';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { s3Client } from '../../lib/aws/clients/s3';
import { lockKey, serviceKey, waitingKey } from '../../lib/aws/state/state-keys';
import { applicationName } from '../../lib/core/contracts/code-deploy-names';
import { renderedTemplateKey } from '../../lib/core/contracts/keys';
import { DeployedPackage } from '../../lib/core/contracts/manifest';
import type { StageKey } from '../../lib/core/contracts/release';
import { ServiceState } from '../../lib/core/contracts/state';
import { codeOf } from './live';

const lambda = lambdaClient();
const codeDeploy = codeDeployClient();
const cloudFormation = cloudFormationClient();
const table = dynamoDbClient();

/**
 * Compares what the platform believes of the service in a repository's root with what AWS has, call by call.
 * @returns what is wrong: a lock that is held, an open deployment, an alias on two versions, and what is deployed but
 * not
 *   recorded, or recorded but not deployed; nothing, if all is well
 */
export async function discrepancies(stage: StageKey): Promise<readonly string[]> {
  const { StateTable, ArtifactBucket } = (await readStackOutputs(cloudFormation, 'Seedbed'))!;
  const item = async (Key: object) =>
    (await table.send(new GetCommand({ TableName: StateTable, Key: { ...Key }, ConsistentRead: true }))).Item;
  const [lock, waiting, service, open] = await Promise.all([
    item(lockKey(stage)),
    item(waitingKey(stage)),
    item(serviceKey(stage, '.')),
    openDeployments(applicationName(stage, '.')),
  ]);
  const state = ServiceState.parse(service);
  const artifacts = s3Artifacts(s3Client(), ArtifactBucket!);
  const recorded = (await artifacts.readJson(state.deployedPackage!, DeployedPackage))!;
  return [
    ...(lock?.lockedBy === undefined ? [] : [`the lock is held by ${lock.lockedBy}`]),
    ...(waiting === undefined ? [] : ['a release still waits']),
    ...(state.status === 'deploying' ? ['the service is still being deployed'] : []),
    ...open.map((id) => `deployment ${id} is open`),
    ...(await wrongFunctions(recorded, state.status)),
    ...(state.status === 'deployed' ? await wrongStack(recorded, artifacts) : []),
  ];
}

async function wrongFunctions(
  { functions, manifest }: DeployedPackage,
  status: ServiceState['status'],
): Promise<readonly string[]> {
  const wrong = Object.values(functions).map(async ({ name, version, codeSha256 }) => {
    const { Aliases = [] } = await lambda.send(new ListAliasesCommand({ FunctionName: name }));
    const alias = Aliases.find(({ Name }) => Name === manifest.alias);
    const weights = Object.keys(alias?.RoutingConfig?.AdditionalVersionWeights ?? {});
    const [serving, latest] = await Promise.all([codeOf(name, manifest.alias), codeOf(name)]);
    return [
      ...(weights.length === 0 ? [] : [`${name} serves ${alias!.FunctionVersion} and ${weights}`]),
      ...(alias?.FunctionVersion === version
        ? []
        : [`${name} serves ${alias?.FunctionVersion}, recorded is ${version}`]),
      ...(serving.sha256 === codeSha256 ? [] : [`${name} serves other code than is recorded`]),
      // What a failed release could not put back serves nobody, and the next release replaces it.
      ...(status === 'failed' || latest.sha256 === codeSha256 ? [] : [`$LATEST of ${name} is other code`]),
    ];
  });
  return (await Promise.all(wrong)).flat();
}

async function wrongStack(
  { manifest, configuredBy }: DeployedPackage,
  artifacts: ReturnType<typeof s3Artifacts>,
): Promise<readonly string[]> {
  const { service, stackName } = manifest;
  const [{ Stacks = [] }, { TemplateBody = '' }] = await Promise.all([
    cloudFormation.send(new DescribeStacksCommand({ StackName: stackName })),
    cloudFormation.send(new GetTemplateCommand({ StackName: stackName })),
  ]);
  const target = { account: Stacks[0]!.StackId!.split(':')[4]! };
  const rendered = await artifacts.readJson(
    renderedTemplateKey({ app: manifest.app, stage: manifest.stage, target }, service, configuredBy!),
    z.unknown(),
  );
  const status = Stacks[0]?.StackStatus;
  const isSame = JSON.stringify(JSON.parse(TemplateBody)) === JSON.stringify(rendered);
  return [
    ...(['CREATE_COMPLETE', 'UPDATE_COMPLETE'].includes(status!) ? [] : [`the stack is ${status}`]),
    ...(isSame ? [] : [`the stack's template is not that of release ${configuredBy}`]),
  ];
}

const OVER: readonly string[] = [DeploymentStatus.SUCCEEDED, DeploymentStatus.FAILED, DeploymentStatus.STOPPED];

/** @returns the ids of an application's deployments that have not ended. */
async function openDeployments(applicationName: string): Promise<readonly string[]> {
  const includeOnlyStatuses = Object.values(DeploymentStatus).filter((status) => !OVER.includes(status));
  try {
    const { deploymentGroups = [] } = await codeDeploy.send(new ListDeploymentGroupsCommand({ applicationName }));
    const found = deploymentGroups.map(async (deploymentGroupName) => {
      const list = new ListDeploymentsCommand({ applicationName, deploymentGroupName, includeOnlyStatuses });
      return (await codeDeploy.send(list)).deployments ?? [];
    });
    return (await Promise.all(found)).flat();
  } catch (error) {
    if ((error as Error).name === 'ApplicationDoesNotExistException') return []; // nothing has shifted yet
    throw error;
  }
}
