import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Apps } from '../ports/apps';
import type { Events } from '../ports/events';
import type { Executions } from '../ports/executions';
import type { KnownRepositories } from '../ports/known-repositories';
import type { Releases } from '../ports/releases';
import type { Stages } from '../ports/stages';
import { ssmClient } from './clients/ssm';
import { stepFunctionsClient } from './clients/step-functions';
import { stepFunctionsExecutions } from './executions/step-functions-executions';
import { eventsOnDemand } from './on-demand';
import { ssmApps } from './parameters/ssm-apps';
import { dynamoKnownRepositories } from './state/dynamo-known-repositories';
import { dynamoReleases } from './state/dynamo-releases';
import { dynamoStages } from './state/dynamo-stages';

/** What every worker that starts or stops releases needs. */
export interface ReleasePorts {
  readonly apps: Apps;
  readonly releases: Releases;
  readonly stages: Stages;
  readonly knownRepositories: KnownRepositories;
  readonly executions: Executions;
  readonly events: Events;
  readonly now: () => number;
  /** @returns the random part of a release's id. */
  readonly random: () => Uint8Array;
}

/** Names of the table and the state machine of releases. */
export interface ReleaseResources {
  readonly STATE_TABLE: string;
  readonly RELEASE_STATE_MACHINE: string;
}

/** @returns the ports of a worker that starts or stops releases. */
export const releasePorts = (env: ReleaseResources, dynamoDb: DynamoDBDocumentClient): ReleasePorts => ({
  apps: ssmApps(ssmClient()),
  releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
  stages: dynamoStages(dynamoDb, env.STATE_TABLE),
  knownRepositories: dynamoKnownRepositories(dynamoDb, env.STATE_TABLE),
  executions: stepFunctionsExecutions(stepFunctionsClient(), env.RELEASE_STATE_MACHINE),
  events: eventsOnDemand(),
  now: Date.now,
  random: () => randomBytes(10),
});
