import { SOURCE_ENV } from '../../lib/config/environment';
import type { WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

const RELEASES = ['STATE_TABLE', 'RELEASE_STATE_MACHINE'] as const;
/** What starting a release, queueing it or telling of it takes. */
const QUEUE = ['writeState', 'readApps', 'startReleases', 'publishEvents'] as const;

/** The workers of `trigger`: pushes and calls become releases. */
export const TRIGGER_WORKERS = {
  push: {
    purpose: 'Reads branches and tags at CodeCommit, queues and starts releases.',
    environment: RELEASES,
    rights: [...QUEUE, 'identify', 'readBranches', 'readTags', 'readLineage'],
  },
  start: {
    purpose:
      'Releases that somebody asks for; as `Push`, also at GitHub; looks whether the commit and the services that are asked for exist.',
    environment: [...RELEASES, ...SOURCE_ENV],
    rights: [...QUEUE, 'readGitHubSecret', 'identify', 'readBranches', 'readTags', 'readFiles', 'readTrees'],
    calls: ['startRelease'],
    // All files are listed where a service is asked for that is not there.
    timeout: 60,
  },
  // GitHub gives up after ten seconds; what it waits for no longer is done all the same.
  webhook: {
    purpose:
      'Open to the internet through the API: checks the signature first (reads the secret), then reads GitHub, queues and ' +
      'starts releases.',
    environment: [...RELEASES, ...SOURCE_ENV],
    rights: [...QUEUE, 'readGitHubSecret'],
  },
  reconcile: {
    purpose:
      'Finds what a lost event did not tell: lists branches and tags (of CodeCommit by git, which takes the right to pull), ' +
      'then as `Push`; also at GitHub.',
    environment: [...RELEASES, ...SOURCE_ENV],
    rights: [
      ...QUEUE,
      'readGitHubSecret',
      'identify',
      'listBranches',
      'listTags',
      'readBranches',
      'readTags',
      'readLineage',
    ],
    // It looks at all repositories, whatever their number, and at those of GitHub as long as that lets it.
    timeout: 300,
  },
  rollback: {
    purpose:
      'Reads packages and live versions to see what a rollback would do; stops the release that runs, queues and starts the ' +
      'rollback.',
    environment: [...RELEASES, 'ARTIFACT_BUCKET'],
    rights: [...QUEUE, 'readPackages', 'readBundles', 'actInTargets', 'stopReleases'],
    calls: ['startRollback', 'previewRollback'],
    // The versions of all functions that would move are looked at.
    timeout: 120,
  },
  cancel: {
    purpose: 'Stops executions; ends a release that waits, and starts the next.',
    environment: RELEASES,
    // A release that just begins is started, so that it can be stopped; none is put into the queue.
    rights: ['moveQueue', 'readApps', 'startReleases', 'publishEvents', 'watchReleases', 'stopReleases'],
    calls: ['cancelRelease'],
  },
  hold: {
    purpose: 'Notes at services of a stage that pushes leave them alone, or takes that back; starts nothing.',
    environment: ['STATE_TABLE'],
    rights: ['writeRecords', 'readApps'],
    calls: ['holdServices', 'resumeServices'],
  },
  doctor: {
    purpose:
      'Asks GitHub what the App or token may do, and AWS how many builds may run of those that the services have, and how ' +
      'many functions; changes nothing.',
    environment: ['STATE_TABLE', 'RELEASE_STATE_MACHINE', 'WEBHOOK_URL', ...SOURCE_ENV],
    rights: [
      'readState',
      'readApps',
      'readGitHubSecret',
      'identify',
      'listBranches',
      'readBuildQuotas',
      'readLambdaSettings',
    ],
    calls: ['diagnose'],
    // Some twenty calls, of which those that would write come a second apart.
    timeout: 60,
  },
  remove: {
    purpose: 'Queues the removal of a stage; reads no repository.',
    environment: RELEASES,
    rights: QUEUE,
    calls: ['removeStage'],
  },
} as const satisfies WorkerDeclarations;
