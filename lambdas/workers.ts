import type { WorkerDeclarations } from '../lib/core/contracts/worker-declaration';
import { BUILD_WORKERS } from './build/workers';
import { DEPLOY_WORKERS } from './deploy/workers';
import { DOOR_WORKERS } from './door/workers';
import { PLAN_WORKERS } from './plan/workers';
import { NOTIFY_WORKERS, RECORD_WORKERS } from './record/workers';
import { REMOVAL_WORKERS } from './remove/workers';
import { HOOK_WORKERS, SHIFT_WORKERS } from './shift/workers';
import { TRIGGER_WORKERS } from './trigger/workers';
import { WATCH_WORKERS } from './watch/workers';

/** Workers that stand together: the files of their handlers, and their roles. */
export interface WorkerGroup {
  /** Folder of the handlers within `lambdas`. */
  readonly step: string;
  /** Path of the construct that holds them, from the stack down: the beginning of their roles' names. */
  readonly path: string;
  readonly workers: WorkerDeclarations;
  /** What the constructs are called, where there are several of each worker. */
  readonly called?: readonly string[];
}

/** Every worker there is. */
export const WORKER_GROUPS = [
  { step: 'door', path: 'Seedbed/DoorWorkers', workers: DOOR_WORKERS },
  { step: 'trigger', path: 'Seedbed/TriggerWorkers', workers: TRIGGER_WORKERS },
  { step: 'plan', path: 'Seedbed/PlanWorkers', workers: PLAN_WORKERS },
  { step: 'build', path: 'Seedbed/BuildWorkers', workers: BUILD_WORKERS },
  { step: 'deploy', path: 'Seedbed/DeployWorkers', workers: DEPLOY_WORKERS },
  { step: 'shift', path: 'Seedbed/ShiftWorkers', workers: SHIFT_WORKERS },
  { step: 'watch', path: 'Seedbed/WatchWorkers', workers: WATCH_WORKERS },
  { step: 'remove', path: 'Seedbed/RemovalWorkers', workers: REMOVAL_WORKERS },
  { step: 'record', path: 'Seedbed/RecordWorkers', workers: RECORD_WORKERS },
  { step: 'record', path: 'Seedbed/Notifications/Worker', workers: NOTIFY_WORKERS },
  {
    step: 'shift',
    path: 'SeedbedTarget/Hooks',
    workers: HOOK_WORKERS,
    called: ['BeforeAllowTraffic', 'AfterAllowTraffic'],
  },
] as const satisfies readonly WorkerGroup[];
