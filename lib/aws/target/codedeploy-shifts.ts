import {
  BatchGetDeploymentsCommand,
  type CodeDeployClient,
  CreateDeploymentCommand,
  DeploymentAlreadyCompletedException,
  DeploymentCreator,
  type DeploymentInfo,
  DeploymentLimitExceededException,
  DeploymentStatus,
  LifecycleEventAlreadyCompletedException,
  ListDeploymentsCommand,
  PutLifecycleEventHookExecutionStatusCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { HOOK_FUNCTIONS } from '../../core/contracts/code-deploy-names';
import type { Clock } from '../../ports/clock';
import type { ShiftRequest, ShiftStatus, Shifts } from '../../ports/shifts';
import { busyIsThrottled } from '../clients/busy-is-throttled';
import { chunks } from '../clients/chunks';
import { SYSTEM_CLOCK } from '../system-clock';
import { codeDeployGroups } from './codedeploy-groups';
import { rateBudget } from './rate-budget';

/** CodeDeploy publishes no rates: this many at once work, and a call that is throttled all the same is tried again. */
const CALLS_PER_SECOND = 10;
/**
 * The most that BatchGetDeployments takes:
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html
 */
const DEPLOYMENTS_PER_CALL = 25;

/** How calls are spread over time. */
interface CodeDeployPace {
  readonly clock?: Clock;
  /** Of all callers of one target. */
  readonly budget?: ReturnType<typeof codeDeployBudget>;
}

/** @returns what a worker may call of one target's CodeDeploy */
export const codeDeployBudget = (clock: Clock = SYSTEM_CLOCK) => rateBudget(CALLS_PER_SECOND, clock);

/** The port Shifts over CodeDeploy: https://docs.aws.amazon.com/codedeploy/latest/APIReference/ */
export function codeDeployShifts(
  client: CodeDeployClient,
  { clock = SYSTEM_CLOCK, budget = codeDeployBudget(clock) }: CodeDeployPace = {},
): Shifts {
  const ensureGroups = codeDeployGroups(client, clock);
  const paced = <T>(call: () => Promise<T>): Promise<T> => busyIsThrottled('CodeDeploy', () => budget(call));

  async function statuses(deploymentIds: readonly string[]): Promise<readonly ShiftStatus[]> {
    const pages = await Promise.all(
      chunks(deploymentIds, DEPLOYMENTS_PER_CALL).map((ids) =>
        paced(() => client.send(new BatchGetDeploymentsCommand({ deploymentIds: ids }))),
      ),
    );
    return pages.flatMap(({ deploymentsInfo }) => deploymentsInfo ?? []).map(statusOf);
  }

  return {
    ensureGroups: (application, groups) => busyIsThrottled('CodeDeploy', () => ensureGroups(application, groups)),

    async start(application, request) {
      const input = {
        applicationName: application,
        deploymentGroupName: request.group,
        description: request.description,
        revision: { revisionType: 'AppSpecContent', appSpecContent: { content: appSpec(request) } },
      } as const;
      try {
        const { deploymentId } = await paced(() => client.send(new CreateDeploymentCommand(input)));
        return { deploymentId: deploymentId! };
      } catch (error) {
        if (error instanceof DeploymentLimitExceededException) return 'busy';
        throw error;
      }
    },

    statuses,

    async open(prefix) {
      const ids: string[] = [];
      let nextToken: string | undefined;
      do {
        // Without a group it lists the deployments of the whole account, however many applications there are. This is
        // not the SDK's paginator, since each page waits for its turn in the budget.
        const input = { includeOnlyStatuses: UNDER_WAY, nextToken };
        const page = await paced(() => client.send(new ListDeploymentsCommand(input)));
        ids.push(...(page.deployments ?? []));
        nextToken = page.nextToken;
      } while (nextToken);
      const found = await statuses(ids);
      return found.filter(({ application, status }) => application.startsWith(prefix) && status === 'running');
    },

    async stop(deploymentId) {
      try {
        await paced(() => client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true })));
      } catch (error) {
        if (!(error instanceof DeploymentAlreadyCompletedException)) throw error;
      }
    },

    async reportHook({ deploymentId, executionId, status }) {
      const input = { deploymentId, lifecycleEventHookExecutionId: executionId, status };
      try {
        await paced(() => client.send(new PutLifecycleEventHookExecutionStatusCommand(input)));
      } catch (error) {
        if (!(error instanceof LifecycleEventAlreadyCompletedException)) throw error;
      }
    },
  };
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure.html */
const appSpec = ({ functionName, alias, currentVersion, targetVersion, hooks }: ShiftRequest): string =>
  JSON.stringify({
    version: '0.0',
    Resources: [
      {
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Name: functionName,
            Alias: alias,
            CurrentVersion: currentVersion,
            TargetVersion: targetVersion,
          },
        },
      },
    ],
    ...(hooks.length > 0 && { Hooks: hooks.map((moment) => ({ [moment]: HOOK_FUNCTIONS[moment] })) }),
  });

const UNDER_WAY = [
  DeploymentStatus.CREATED,
  DeploymentStatus.QUEUED,
  DeploymentStatus.IN_PROGRESS,
  DeploymentStatus.BAKING,
  DeploymentStatus.READY,
];

const ENDED: Partial<Record<DeploymentStatus, ShiftStatus['status']>> = {
  [DeploymentStatus.SUCCEEDED]: 'succeeded',
  [DeploymentStatus.FAILED]: 'failed',
  [DeploymentStatus.STOPPED]: 'stopped',
};

function statusOf({ errorInformation: error, rollbackInfo, creator, ...info }: DeploymentInfo): ShiftStatus {
  return {
    deploymentId: info.deploymentId!,
    application: info.applicationName!,
    group: info.deploymentGroupName!,
    description: info.description ?? '',
    status: ENDED[info.status!] ?? 'running',
    error: error?.code && { code: error.code, message: error.message ?? '' },
    rollback: rollbackInfo?.rollbackDeploymentId || undefined,
    isRollback:
      creator === DeploymentCreator.CodeDeployRollback || Boolean(rollbackInfo?.rollbackTriggeringDeploymentId),
    createdAt: info.createTime!.toISOString(),
  };
}
