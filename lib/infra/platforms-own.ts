import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  APPLICATION_PREFIX,
  CONFIGURATION_PREFIX,
  HOOK_FUNCTIONS,
  HOOKS_TABLE,
} from '../core/contracts/code-deploy-names';
import { DOOR_STAGE } from '../core/contracts/door';
import {
  BOUNDARY_NAME,
  CODE_DEPLOY_ROLE_NAME,
  DEPLOY_ROLE_NAME,
  EXECUTION_ROLE_NAME,
  REMOVAL_ROLE_NAME,
  WORKERS_PATH,
} from '../core/contracts/release';
import { BUILD_ROLE_PREFIX, PROJECT_ROLE_PREFIX } from '../core/contracts/stage-build';
import { BUILD_PROJECT_PREFIX } from '../core/contracts/stage-environment';
import { ARTIFACTS } from './artifact-bucket';

/** By what the platform's resources are known. */
export interface PlatformNames {
  /** The names of the platform's resources begin with it. */
  readonly platformStackName: string;
  /** Names of the secrets with which the platform itself works. */
  readonly platformSecrets: readonly string[];
}

/** ARNs for policies, with `*`, of any region and account. */
export interface PlatformsOwn {
  /** What CloudFormation reads for stacks of services: bundles, templates, images, version of the CDK's bootstrap. */
  readonly read: readonly string[];
  /** Roles and policies. */
  readonly identities: readonly string[];
  readonly others: readonly string[];
}

/** @returns ARNs of the artifact repository and of the CDK's buckets, each for the bucket and its objects */
export const ownBuckets = (partition: string, platformStackName: string): readonly string[] =>
  [`${platformStackName.toLowerCase()}-${ARTIFACTS.toLowerCase()}*`, 'cdk-*'].map(
    (name) => `arn:${partition}:s3:::${name}`,
  );

/**
 * What is the platform's, in its own account and in targets, by the names that its stacks give, and of the CDK that
 * deploys it. Whatever keeps builds, stacks of services and their roles away from it takes it from here.
 */
export function platformsOwn(scope: Construct, { platformStackName, platformSecrets }: PlatformNames): PlatformsOwn {
  const stack = Stack.of(scope);
  const anywhere = (service: string, resource: string, resourceName: string, arnFormat?: ArnFormat): string =>
    stack.formatArn({ service, region: '*', account: '*', resource, resourceName, arnFormat });
  const colon = (service: string, resource: string, resourceName: string): string =>
    anywhere(service, resource, resourceName, ArnFormat.COLON_RESOURCE_NAME);
  const identity = (resource: string, resourceName: string): string =>
    stack.formatArn({ service: 'iam', region: '', account: '*', resource, resourceName });
  const all = `${platformStackName}*`;
  const secrets = platformSecrets.filter((name) => !name.startsWith('seedbed/')).map((name) => `${name}-??????`);
  const logs = [all, `/aws/vendedlogs/states/${all}`, `/aws/lambda/${all}`, `/aws/codebuild/${BUILD_PROJECT_PREFIX}*`];
  return {
    read: [
      ...ownBuckets(stack.partition, platformStackName),
      anywhere('ssm', 'parameter', 'cdk-bootstrap/*'),
      // CloudFormation makes their names of the stack's, in small letters.
      anywhere('ecr', 'repository', `${platformStackName.toLowerCase()}*`),
    ],
    identities: [
      ...[
        `${WORKERS_PATH.slice(1)}*`,
        all,
        DEPLOY_ROLE_NAME,
        EXECUTION_ROLE_NAME,
        CODE_DEPLOY_ROLE_NAME,
        REMOVAL_ROLE_NAME,
        `${BUILD_ROLE_PREFIX}*`,
        `${PROJECT_ROLE_PREFIX}*`,
        'cdk-*',
      ].map((name) => identity('role', name)),
      ...[all, BOUNDARY_NAME].map((name) => identity('policy', name)),
    ],
    others: [
      ...['seedbed', 'seedbed/*'].map((name) => anywhere('ssm', 'parameter', name)),
      ...['seedbed/*', ...secrets].map((name) => colon('secretsmanager', 'secret', name)),
      ...[all, `${HOOKS_TABLE}*`].map((name) => anywhere('dynamodb', 'table', name)),
      ...[all, ...Object.values(HOOK_FUNCTIONS).map((name) => `${name}*`)].map((name) =>
        colon('lambda', 'function', name),
      ),
      ...['stateMachine', 'execution', 'mapRun'].map((kind) => colon('states', kind, all)),
      ...['project', 'build', 'build-batch'].map((kind) => anywhere('codebuild', kind, `${BUILD_PROJECT_PREFIX}*`)),
      ...['application', 'deploymentgroup'].map((kind) => colon('codedeploy', kind, `${APPLICATION_PREFIX}*`)),
      colon('codedeploy', 'deploymentconfig', `${CONFIGURATION_PREFIX}*`),
      ...[all, 'CDKToolkit'].map((name) => anywhere('cloudformation', 'stack', `${name}/*`)),
      anywhere('events', 'rule', all),
      ...logs.map((name) => colon('logs', 'log-group', name)),
      ...['sqs', 'sns'].map((service) => `arn:${stack.partition}:${service}:*:*:${all}`),
      anywhere('kms', 'alias', all),
      colon('cloudwatch', 'alarm', all),
      anywhere('cloudwatch', 'dashboard', all),
      // Calls of the door: its API has an id that nobody chooses.
      anywhere('execute-api', '*', `${DOOR_STAGE}/*`),
    ],
  };
}
