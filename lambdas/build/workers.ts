import { SOURCE_ENV } from '../../lib/config/environment';
import { WAIT_WORKER_TIMEOUT, type WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

/** The workers of `build`: they start CodeBuild and wait for it. */
export const BUILD_WORKERS = {
  startBuild: {
    purpose:
      "Starts builds in the platform's projects and notes them in the state table; gets clone tokens from GitHub (reads the " +
      'secret) and keeps them; reads outputs of stacks in the target and stores them for builds.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET', ...SOURCE_ENV],
    rights: [
      'readGitHubSecret',
      'findClones',
      'keepCloneCredentials',
      'readState',
      'noteBuilds',
      'writePackages',
      'startBuilds',
      // A hook after a deployment gets the outputs that the service's stack has now.
      'actInTargets',
    ],
  },
  waitForBuild: {
    purpose: 'Reads the state of builds and the errors that they leave.',
    environment: ['ARTIFACT_BUCKET'],
    rights: ['readPackages', 'watchBuilds'],
    timeout: WAIT_WORKER_TIMEOUT,
  },
} as const satisfies WorkerDeclarations;
