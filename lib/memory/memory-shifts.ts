import type { HookMoment } from '../core/shift/started-shift';
import type { ShiftGroup, ShiftRequest, ShiftStatus, Shifts } from '../ports/shifts';
import type { MemoryFunctions } from './memory-functions';

/** A hook that CodeDeploy has called for and waits to be told of. */
export interface HookCall {
  readonly application: string;
  readonly group: string;
  readonly deploymentId: string;
  readonly executionId: string;
  readonly moment: HookMoment;
}

/** CodeDeploy of one target in memory, and what only CodeDeploy itself does. */
export interface MemoryShifts extends Shifts {
  /** By application, its groups by name. */
  readonly groups: ReadonlyMap<string, ReadonlyMap<string, ShiftGroup>>;
  /** @returns the hooks that wait to be reported. */
  calls(): readonly HookCall[];
  /** Time goes by: traffic that moves in steps moves whole. */
  advance(): void;
  /** Ends the deployment under way of a group, as an alarm or a fault of CodeDeploy does, and rolls it back. */
  fail(group: string, error: NonNullable<ShiftStatus['error']>): void;
}

interface Deployment {
  readonly application: string;
  readonly request: ShiftRequest;
  readonly shift: ShiftGroup['shift'];
  readonly isRollback: boolean;
  status: ShiftStatus['status'];
  error?: ShiftStatus['error'];
  rollback?: string;
  moment?: HookMoment;
}

/** In-memory twin of the port Shifts; it moves the aliases of `functions`. */
export function memoryShifts(functions: MemoryFunctions): MemoryShifts {
  const groups = new Map<string, Map<string, ShiftGroup>>();
  const deployments = new Map<string, Deployment>();
  const nextId = (): string => `d-${deployments.size + 1}`;
  const isOpen = ({ status }: Deployment): boolean => status === 'running';

  const point = (
    { functionName, alias }: ShiftRequest,
    version: string,
    weights: Record<string, number> = {},
  ): void => {
    const found = functions.all.get(functionName);
    if (!found) return;
    found.aliases[alias] = version;
    found.weights[alias] = weights;
  };
  const rollBack = (deployment: Deployment): void => {
    point(deployment.request, deployment.request.currentVersion);
    deployment.rollback = nextId();
    deployment.moment = undefined;
    deployments.set(deployment.rollback, { ...deployment, isRollback: true, status: 'succeeded', rollback: undefined });
  };
  const end = (deployment: Deployment, status: 'failed' | 'stopped', error?: ShiftStatus['error']): void => {
    deployment.status = status;
    deployment.error = error;
    rollBack(deployment);
  };
  const pass = (deployment: Deployment): void => {
    const { request, shift } = deployment;
    const wantsAfter = request.hooks.includes('AfterAllowTraffic');
    if (deployment.moment === 'BeforeAllowTraffic' && shift.kind !== 'all-at-once') {
      deployment.moment = undefined;
      point(request, request.currentVersion, { [request.targetVersion]: shift.percent / 100 });
      return;
    }
    if (deployment.moment !== 'AfterAllowTraffic') {
      point(request, request.targetVersion);
      deployment.moment = wantsAfter ? 'AfterAllowTraffic' : undefined;
    } else deployment.moment = undefined;
    if (deployment.moment === undefined) deployment.status = 'succeeded';
  };
  const statusOf = (deploymentId: string, { application, request, ...one }: Deployment): ShiftStatus => ({
    ...{ deploymentId, application, group: request.group, description: request.description },
    ...{ status: one.status, error: one.error, rollback: one.rollback, isRollback: one.isRollback },
    createdAt: new Date(0).toISOString(),
  });

  return {
    groups,
    calls: () =>
      [...deployments].flatMap(
        ([
          deploymentId,
          {
            application,
            request: { group },
            moment,
          },
        ]) =>
          moment === undefined
            ? []
            : [{ application, group, deploymentId, moment, executionId: `${moment} of ${deploymentId}` }],
      ),
    advance: () => {
      for (const one of deployments.values()) if (isOpen(one) && one.moment === undefined) pass(one);
    },
    fail: (group, error) => {
      const found = [...deployments.values()].find((one) => isOpen(one) && one.request.group === group);
      if (!found) throw new Error(`no deployment of ${group} is under way`);
      end(found, error.code === 'ALARM_ACTIVE' ? 'stopped' : 'failed', error);
    },

    ensureGroups: async (application, wanted) => {
      groups.set(application, new Map(wanted.map((one) => [one.group, one])));
    },
    start: async (application, request) => {
      const group = groups.get(application)?.get(request.group);
      if (!group) throw new Error(`there is no group ${request.group} in application ${application}`);
      const isBusy = [...deployments.values()].some(
        (one) => isOpen(one) && one.application === application && one.request.group === request.group,
      );
      if (isBusy) return 'busy';
      const deploymentId = nextId();
      const deployment: Deployment = { application, request, shift: group.shift, isRollback: false, status: 'running' };
      deployments.set(deploymentId, deployment);
      const found = await functions.alias(request.functionName, request.alias);
      if (found?.version !== request.currentVersion || Object.keys(found.weights).length > 0) {
        end(deployment, 'failed', {
          code: 'INVALID_LAMBDA_CONFIGURATION',
          message: 'the alias is not at currentversion',
        });
      } else if (request.hooks.includes('BeforeAllowTraffic')) deployment.moment = 'BeforeAllowTraffic';
      else pass(deployment);
      return { deploymentId };
    },
    statuses: async (ids) =>
      ids.flatMap((id) => {
        const found = deployments.get(id);
        return found ? [statusOf(id, found)] : [];
      }),
    open: async (prefix) =>
      [...deployments].flatMap(([id, one]) =>
        isOpen(one) && one.application.startsWith(prefix) ? [statusOf(id, one)] : [],
      ),
    stop: async (deploymentId) => {
      const found = deployments.get(deploymentId);
      if (found && isOpen(found)) end(found, 'stopped');
    },
    reportHook: async ({ deploymentId, executionId, status }) => {
      const found = deployments.get(deploymentId);
      if (!found || executionId !== `${found.moment} of ${deploymentId}`) return;
      if (status === 'Succeeded') pass(found);
      else end(found, 'failed', { code: 'HOOK_FAILED', message: `the hook of ${found.moment} failed` });
    },
  };
}
