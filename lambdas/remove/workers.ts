import { WAIT_WORKER_TIMEOUT, type WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

/**
 * The workers of a removal: they delete what a service has in the target as its deploy role. Only the one that empties
 * buckets may assume the role that can (see `RemovalRole`).
 */
export const REMOVAL_WORKERS = {
  prepareRemoval: {
    purpose: 'Reads what a service of the stage is made of, and marks the service in the state table.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['writeState', 'readPackages', 'actInTargets'],
    // A stack can have 200 exports, each of which is asked for, by all services of a phase at once.
    timeout: 600,
  },
  removeShifts: {
    purpose: "Deletes CodeDeploy's groups of the service in the target.",
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['actInTargets', 'proveRelease'],
    // As many groups as functions are deleted after the wait, as fast as CodeDeploy takes it.
    timeout: WAIT_WORKER_TIMEOUT + 240,
  },
  emptyBuckets: {
    purpose: "Empties buckets, with the target's removal role and only if that is allowed.",
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['actInTargets', 'proveRelease', 'emptyBuckets'],
    timeout: 900,
  },
  startStackDeletion: {
    purpose: 'Has CloudFormation delete the stack in the target.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['actInTargets', 'proveRelease'],
  },
  verifyRemoval: {
    purpose: 'Reads what is left.',
    environment: ['ARTIFACT_BUCKET'],
    rights: ['actInTargets'],
  },
  recordRemoval: {
    purpose: 'Writes state.',
    environment: ['STATE_TABLE'],
    rights: ['writeState'],
  },
} as const satisfies WorkerDeclarations;
