import { WAIT_WORKER_TIMEOUT, type WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

/** The workers of `shift`: they move aliases in the target, themselves or by CodeDeploy, as its deploy role. */
export const SHIFT_WORKERS = {
  startShift: {
    purpose: 'Starts CodeDeploy in the target.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET', 'CALLS_TABLE'],
    rights: ['readState', 'readPackages', 'actInTargets', 'reserveCalls'],
    // As many deployments as functions, as fast as CodeDeploy takes them.
    timeout: 300,
  },
  waitForShift: {
    purpose: 'Reads CodeDeploy and alarms in the target.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['actInTargets', 'proveRelease'],
    timeout: WAIT_WORKER_TIMEOUT,
  },
  stopShift: {
    purpose: 'Stops CodeDeploy in the target.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['actInTargets', 'proveRelease'],
    timeout: WAIT_WORKER_TIMEOUT,
  },
  moveAliases: {
    purpose: 'Moves aliases in the target.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET', 'CALLS_TABLE'],
    rights: ['actInTargets', 'proveRelease', 'reserveCalls'],
    timeout: 300,
  },
} as const satisfies WorkerDeclarations;

/**
 * The worker that CodeDeploy calls, once for each moment of a shift: it lives in the target, which gives it its rights.
 */
export const HOOK_WORKERS = {
  runHook: {
    purpose: 'Calls the hooks of apps during a shift and keeps what became of them.',
    environment: ['MOMENT', 'HOOKS_TABLE'],
    rights: [],
    // As long as the longest user's hook, which it waits for.
    timeout: 900,
    memory: 256,
  },
} as const satisfies WorkerDeclarations;
