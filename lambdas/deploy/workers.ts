import { WAIT_WORKER_TIMEOUT, type WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

/**
 * The workers of `deploy`: they decide, and update stacks and functions in the target as its deploy role. Who reads
 * bundles sees to it that every one is there before anything is touched, or looks once more at one that was refused.
 */
export const DEPLOY_WORKERS = {
  takePackage: {
    purpose: 'Makes an earlier package that of a rollback.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['readState', 'readPackages', 'writePackages'],
  },
  decide: {
    purpose: 'Compares packages with what is live; marks the service.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['writeState', 'readPackages', 'actInTargets'],
  },
  startStackUpdate: {
    purpose: 'Renders the template, gives it to CloudFormation in the target.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['readState', 'readPackages', 'writePackages', 'readBundles', 'actInTargets'],
    // The functions of a stack that is adopted are published first, as fast as Lambda lets us.
    timeout: 120,
  },
  waitForStack: {
    purpose: 'Reads stacks in the target.',
    environment: ['ARTIFACT_BUCKET'],
    rights: ['actInTargets'],
    timeout: WAIT_WORKER_TIMEOUT,
  },
  readFunctions: {
    purpose: 'Reads the functions that a stack has left.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['readState', 'readPackages', 'actInTargets'],
  },
  prepareFunctions: {
    purpose: 'Updates code and publishes versions in the target.',
    environment: ['ARTIFACT_BUCKET'],
    rights: ['readBundles', 'actInTargets'],
    timeout: 120,
  },
  waitForFunctions: {
    purpose: 'Reads functions in the target.',
    environment: ['ARTIFACT_BUCKET'],
    rights: ['actInTargets'],
    timeout: WAIT_WORKER_TIMEOUT,
  },
  putCodeBack: {
    purpose: 'After a rollback, makes the code of the versions that serve again that of the functions themselves.',
    environment: ['ARTIFACT_BUCKET'],
    rights: ['readPackages', 'readBundles', 'actInTargets'],
    timeout: 300,
  },
  restoreFunctions: {
    purpose: 'After a failure, puts functions and aliases back as they were.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['readState', 'readPackages', 'actInTargets'],
    timeout: 300,
  },
} as const satisfies WorkerDeclarations;
