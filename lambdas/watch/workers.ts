import { WAIT_WORKER_TIMEOUT, type WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

/** The worker that looks after all that the services of a release wait for. */
export const WATCH_WORKERS = {
  watch: {
    purpose:
      'Looks, for all services of a release together, at the builds, stacks and shifts in the target that they wait for, and ' +
      'calls back the states that wait when those have ended; lets CodeDeploy go on when hooks have passed.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['readState', 'keepWaits', 'callBack', 'readPackages', 'watchBuilds', 'actInTargets'],
    timeout: WAIT_WORKER_TIMEOUT,
  },
} as const satisfies WorkerDeclarations;
