import { SOURCE_ENV } from '../../lib/config/environment';
import type { WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

/** The workers of `plan`: one for releases, one that only tells. Trees of 100,000 files are read and compared here. */
export const PLAN_WORKERS = {
  plan: {
    purpose:
      'Reads trees, and of environments only stamps that tell of a change; writes the plan and plan bases; makes clone ' +
      'tokens; looks at packages and versions before a rollback.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET', ...SOURCE_ENV],
    rights: [
      'writeState',
      'readGitHubSecret',
      'readTrees',
      'readLinks',
      'readFiles',
      'keepCloneCredentials',
      'readEnvironmentStamps',
      // Before a rollback moves anything, all that it needs is looked for: packages, bundles, versions.
      'readPackages',
      'readBundles',
      'actInTargets',
    ],
    timeout: 120,
    memory: 1024,
  },
  preview: {
    purpose: 'As `Plan`, and writes nothing.',
    environment: ['STATE_TABLE', ...SOURCE_ENV],
    rights: [
      'readState',
      'readApps',
      'readEnvironmentStamps',
      'readGitHubSecret',
      'readBranches',
      'readTags',
      'readTrees',
      'readLinks',
      'readFiles',
    ],
    calls: ['previewRelease'],
    timeout: 120,
    memory: 1024,
  },
} as const satisfies WorkerDeclarations;
