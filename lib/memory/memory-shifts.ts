import type { HookMoment } from '../core/contracts/started-shift';
import { minutesOf, percentAfter } from '../core/shift/carefulness';
import type { AlarmState } from '../ports/alarms';
import type { ShiftGroup, ShiftRequest, ShiftStatus, Shifts } from '../ports/shifts';
import type { MemoryFunctions } from './memory-functions';

/** A hook that CodeDeploy has called for and waits to be told of. */
interface HookCall {
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
  /** Lets minutes go by; without a number so many that all traffic has moved that may. */
  advance(minutes?: number): void;
  /** Ends the deployment under way of a group, as an alarm or a fault of CodeDeploy does, and rolls it back. */
  fail(group: string, error: NonNullable<ShiftStatus['error']>): void;
}

/** What it moves and watches. */
export interface ShiftedThings {
  readonly functions: MemoryFunctions;
  /** States of alarms by name. */
  readonly alarms: ReadonlyMap<string, AlarmState>;
}

interface Deployment {
  readonly id: string;
  readonly application: string;
  readonly request: ShiftRequest;
  /** The group's settings at its start. */
  readonly settings: ShiftGroup;
  readonly isRollback: boolean;
  phase: 'created' | 'shifting' | 'ended' | HookMoment;
  /** Minute at which its phase began. */
  since: number;
  /** Of the hook that it waits for. */
  executionId?: string;
  status: ShiftStatus['status'];
  error?: ShiftStatus['error'];
  rollback?: string;
}

const WRONG_FROM_THE_START = 'INVALID_LAMBDA_CONFIGURATION';
/** The longest that a shift may take. */
const LONGEST_SHIFT = 2_880;

/** In-memory twin of the port Shifts. What is due happens as soon as somebody looks; a rollback takes two looks. */
export function memoryShifts({ functions, alarms }: ShiftedThings): MemoryShifts {
  const groups = new Map<string, Map<string, ShiftGroup>>();
  const deployments = new Map<string, Deployment>();
  let minute = 0;
  const underWay = (): Deployment[] => [...deployments.values()].filter(({ status }) => status === 'running');

  function begin(of: Pick<Deployment, 'application' | 'request' | 'settings' | 'isRollback'>): Deployment {
    const id = `d-${String(deployments.size + 1).padStart(9, '0')}`;
    const begun: Deployment = { ...of, id, phase: 'created', since: minute, status: 'running' };
    deployments.set(id, begun);
    return begun;
  }

  function enter(one: Deployment, phase: Deployment['phase']): void {
    const isHook = one.request.hooks.some((moment) => moment === phase);
    Object.assign(one, { phase, since: minute, executionId: isHook ? `${phase} of ${one.id}` : undefined });
  }

  function end(one: Deployment, status: 'succeeded' | 'failed' | 'stopped', error?: ShiftStatus['error']): void {
    enter(one, 'ended');
    Object.assign(one, { status, error });
    // There is nothing to undo of what never began.
    if (status === 'succeeded' || one.isRollback || error?.code === WRONG_FROM_THE_START) return;
    const { currentVersion: targetVersion, targetVersion: currentVersion } = one.request;
    const description = `rollback of ${one.id}`;
    const request = { ...one.request, currentVersion, targetVersion, hooks: [], description };
    one.rollback = begin({ ...one, request, isRollback: true }).id;
  }

  function point({ request: { functionName, alias, ...versions } }: Deployment, percent: number): void {
    const found = functions.all.get(functionName)!;
    found.aliases[alias] = percent === 100 ? versions.targetVersion : versions.currentVersion;
    found.weights[alias] = percent > 0 && percent < 100 ? { [versions.targetVersion]: percent / 100 } : {};
  }

  /** @returns whether a deployment has moved on. */
  function step(one: Deployment): boolean {
    if (one.status !== 'running') return false;
    const active = one.settings.alarms.filter((name) => alarms.get(name) === 'alarm');
    if (one.isRollback) {
      point(one, 100);
      end(one, 'succeeded');
    } else if (active.length > 0) {
      end(one, 'stopped', { code: 'ALARM_ACTIVE', message: active.join(', ') });
    } else if (one.executionId !== undefined) {
      return false;
    } else if (one.phase === 'created') {
      start(one);
    } else if (one.phase === 'BeforeAllowTraffic') {
      enter(one, 'shifting');
    } else if (one.phase === 'AfterAllowTraffic') {
      end(one, 'succeeded');
    } else {
      return shift(one);
    }
    return true;
  }

  function start(one: Deployment): void {
    const { functionName, alias, currentVersion } = one.request;
    const found = functions.all.get(functionName);
    const isWhole = Object.keys(found?.weights[alias] ?? {}).length === 0;
    if (isWhole && found?.aliases[alias] === currentVersion) enter(one, 'BeforeAllowTraffic');
    else {
      const message = `alias ${alias} of ${functionName} is not whole on version ${currentVersion}`;
      end(one, 'failed', { code: WRONG_FROM_THE_START, message });
    }
  }

  function shift(one: Deployment): boolean {
    const minutes = minute - one.since;
    point(one, percentAfter(one.settings.shift, minutes));
    const isThrough = minutes >= minutesOf(one.settings.shift);
    if (isThrough) enter(one, 'AfterAllowTraffic');
    return isThrough;
  }

  function tick(): void {
    for (const one of [...deployments.values()]) while (step(one));
  }

  const statusOf = ({ id, application, request, isRollback, ...one }: Deployment): ShiftStatus => ({
    deploymentId: id,
    application,
    group: request.group,
    description: request.description,
    isRollback,
    status: one.status,
    error: one.error,
    rollback: one.rollback,
    createdAt: new Date(0).toISOString(),
  });

  return {
    groups,
    calls: () => {
      tick();
      return underWay().flatMap(({ id, application, request: { group }, phase, executionId }) =>
        executionId === undefined
          ? []
          : [{ application, group, deploymentId: id, executionId, moment: phase as HookMoment }],
      );
    },
    advance: (minutes = LONGEST_SHIFT) => {
      minute += minutes;
      tick();
    },
    fail: (group, error) => {
      const found = underWay().find((one) => one.request.group === group);
      if (!found) throw new Error(`no deployment of ${group} is under way`);
      end(found, error.code === 'ALARM_ACTIVE' ? 'stopped' : 'failed', error);
    },

    ensureGroups: async (application, wanted) => {
      groups.set(application, new Map(wanted.map((one) => [one.group, one])));
    },
    start: async (application, request) => {
      const settings = groups.get(application)?.get(request.group);
      if (!settings) throw new Error(`there is no group ${request.group} in application ${application}`);
      const isBusy = underWay().some((one) => one.application === application && one.request.group === request.group);
      if (isBusy) return 'busy';
      const { id } = begin({ application, request, settings, isRollback: false });
      tick();
      return { deploymentId: id };
    },
    statuses: async (ids) => {
      tick();
      return ids.flatMap((id) => deployments.get(id) ?? []).map(statusOf);
    },
    open: async (prefix) => {
      tick();
      return underWay()
        .filter(({ application }) => application.startsWith(prefix))
        .map(statusOf);
    },
    stop: async (deploymentId) => {
      const found = deployments.get(deploymentId);
      if (found?.status === 'running') end(found, 'stopped', { code: 'MANUAL_STOP', message: 'somebody stopped it' });
    },
    reportHook: async ({ deploymentId, executionId, status }) => {
      const found = deployments.get(deploymentId);
      if (!found || executionId !== found.executionId) return;
      found.executionId = undefined;
      if (status === 'Failed') {
        end(found, 'failed', { code: 'HOOK_EXECUTION_FAILURE', message: `the hook of ${found.phase} failed` });
      }
      tick();
    },
  };
}
