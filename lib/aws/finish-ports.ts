import type { Artifacts } from '../ports/artifacts';
import type { Builds } from '../ports/builds';
import type { EnvironmentRemover } from '../ports/environments';
import type { Events } from '../ports/events';
import type { Executions } from '../ports/executions';
import type { Log } from '../ports/log';
import type { Metrics } from '../ports/metrics';
import type { ReleaseBuilds } from '../ports/release-builds';
import type { Releases } from '../ports/releases';
import type { ServiceStates } from '../ports/service-states';
import type { Stages } from '../ports/stages';
import type { TargetPortsOf } from '../ports/target-ports';
import type { Waits } from '../ports/waits';
import { dynamoDbClient } from './clients/dynamodb';
import { eventBridgeClient } from './clients/eventbridge';
import { stepFunctionsClient } from './clients/step-functions';
import { stsClient } from './clients/sts';
import { stepFunctionsExecutions } from './executions/step-functions-executions';
import { artifactsOnDemand, buildsOnDemand, environmentsOnDemand, targetsOnDemand } from './on-demand';
import { fenceOf } from './release-fence';
import type { ReleaseResources } from './release-ports';
import { dynamoReleaseBuilds } from './state/dynamo-release-builds';
import { dynamoReleases } from './state/dynamo-releases';
import { dynamoServiceStates } from './state/dynamo-service-states';
import { dynamoStages } from './state/dynamo-stages';
import { dynamoWaits } from './state/dynamo-waits';
import { SYSTEM_CLOCK } from './system-clock';
import { callBudget } from './target/call-budget';
import { emfMetrics } from './telling/emf-metrics';
import { eventBridgeEvents } from './telling/event-bridge-events';

/** What every worker that ends releases needs. */
export interface FinishPorts {
  readonly releases: Releases;
  readonly states: ServiceStates;
  readonly stages: Stages;
  readonly environments: EnvironmentRemover;
  /** Executions of the state machine `Release`. */
  readonly executions: Executions;
  /** Executions of the state machine `ServiceRelease`. */
  readonly serviceExecutions: Executions;
  readonly releaseBuilds: ReleaseBuilds;
  readonly builds: Pick<Builds, 'stop'>;
  readonly events: Events;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf;
  readonly metrics: Metrics;
  readonly waits: Pick<Waits, 'end'>;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/** Names of the table, the state machines and the bucket of releases. */
export interface FinishResources extends ReleaseResources {
  readonly SERVICE_RELEASE_STATE_MACHINE: string;
  readonly ARTIFACT_BUCKET: string;
  readonly CALLS_TABLE: string;
}

/**
 * @param session name of the worker in the CloudTrail of the targets' accounts
 * @param log where it says that it cannot reserve calls
 * @returns the ports of a worker that ends releases
 */
export function finishPorts(env: FinishResources, session: string, log: Log): FinishPorts {
  const dynamoDb = dynamoDbClient();
  const stepFunctions = stepFunctionsClient();
  const releases = dynamoReleases(dynamoDb, env.STATE_TABLE);
  return {
    releases,
    states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
    stages: dynamoStages(dynamoDb, env.STATE_TABLE),
    environments: environmentsOnDemand(),
    executions: stepFunctionsExecutions(stepFunctions, env.RELEASE_STATE_MACHINE),
    serviceExecutions: stepFunctionsExecutions(stepFunctions, env.SERVICE_RELEASE_STATE_MACHINE),
    releaseBuilds: dynamoReleaseBuilds(dynamoDb, env.STATE_TABLE),
    builds: buildsOnDemand(),
    events: eventBridgeEvents(eventBridgeClient()),
    artifacts: artifactsOnDemand(env.ARTIFACT_BUCKET),
    target: targetsOnDemand(stsClient(), {
      artifactBucket: env.ARTIFACT_BUCKET,
      session,
      budget: callBudget(env.CALLS_TABLE, log),
      fence: fenceOf(releases, SYSTEM_CLOCK, { undoes: true }),
    }),
    metrics: emfMetrics(),
    waits: dynamoWaits(dynamoDb, env.STATE_TABLE),
    now: Date.now,
  };
}
