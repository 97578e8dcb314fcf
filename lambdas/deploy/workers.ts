import { WAIT_WORKER_TIMEOUT, type WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

/**
 * The workers of `deploy`: they decide, and update stacks and functions in the target as its deploy role. Workers that
 * read bundles check that all of them exist before anything is touched, or check one again that was refused.
 */
export const DEPLOY_WORKERS = {
  takePackage: {
    purpose: "Reuses an earlier release's package for a rollback.",
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['readState', 'readPackages', 'writePackages'],
  },
  decide: {
    purpose: 'Compares packages with what is live; marks the service.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['writeState', 'readPackages', 'writePackages', 'actInTargets'],
  },
  startStackUpdate: {
    purpose: 'Renders the template and passes it to CloudFormation in the target.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET', 'CALLS_TABLE'],
    rights: [
      'readState',
      'readPackages',
      'writePackages',
      'writeTemplates',
      'readBundles',
      'actInTargets',
      'reserveCalls',
    ],
    // CloudFormation may take a minute to say what the update would do, and the functions of a stack that is adopted
    // are published first, as fast as Lambda lets us.
    timeout: 180,
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
    purpose: 'Updates code, publishes versions and waits for them in the target.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET', 'CALLS_TABLE'],
    rights: ['readBundles', 'actInTargets', 'proveRelease', 'reserveCalls'],
    timeout: 120,
  },
  putCodeBack: {
    purpose: 'After a rollback, restores `$LATEST` to the code of the versions that serve again.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET', 'CALLS_TABLE'],
    rights: ['readState', 'readPackages', 'readBundles', 'actInTargets', 'reserveCalls'],
    timeout: 300,
  },
  restoreFunctions: {
    purpose: 'After a failure, puts functions and aliases back as they were.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET', 'CALLS_TABLE'],
    rights: ['readState', 'readPackages', 'actInTargets', 'reserveCalls'],
    timeout: 300,
  },
} as const satisfies WorkerDeclarations;
