import { SOURCE_ENV } from '../../lib/config/environment';
import type { WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

const ENDING = [
  'STATE_TABLE',
  'CALLS_TABLE',
  'ARTIFACT_BUCKET',
  'RELEASE_STATE_MACHINE',
  'SERVICE_RELEASE_STATE_MACHINE',
] as const;
/** What ending a release takes: it undoes what a stopped execution left, and starts what waits. */
const END = [
  'writeState',
  'startReleases',
  'watchReleases',
  'stopReleases',
  'watchServiceReleases',
  'stopServiceReleases',
  'publishEvents',
  'readPackages',
  'readBundles',
  'actInTargets',
  'reserveCalls',
  // Of builds that nobody waits for any more.
  'stopBuilds',
  // What a made stage had of its own, when it is removed.
  'removeMadeEnvironments',
] as const;
/** In seconds. Of a release that was stopped, `Finish` waits for CodeDeploy. */
const TIMEOUT = 180;

/** The workers of `record`: they keep what came of services and releases, free locks and start what waits. */
export const RECORD_WORKERS = {
  record: {
    purpose: 'Writes state and `deployed.json`; reads outputs in the target.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['writeRecords', 'readPackages', 'writePackages', 'actInTargets'],
    timeout: TIMEOUT,
  },
  recordFailure: {
    purpose: 'Writes state, and `deployed.json` of what serves all the same.',
    environment: ['STATE_TABLE', 'ARTIFACT_BUCKET'],
    rights: ['writeRecords', 'readPackages', 'writePackages'],
    timeout: TIMEOUT,
  },
  finish: {
    purpose:
      'Ends releases: undoes in the target what a stopped one left, stops builds, starts the next; removes what a removed ' +
      'made stage had of its own environment.',
    environment: ENDING,
    rights: END,
    timeout: TIMEOUT,
  },
  sweep: {
    purpose: 'Finds releases that ended unnoticed; as `Finish`.',
    environment: ENDING,
    rights: [...END, 'readApps', 'findOpenReleases'],
    timeout: TIMEOUT,
  },
  prune: {
    purpose:
      'Deletes versions of functions that nothing needs, and of workers that no release calls any more; reads how much ' +
      'code storage the targets use.',
    environment: [
      'STATE_TABLE',
      'ARTIFACT_BUCKET',
      'CALLS_TABLE',
      'RELEASE_STATE_MACHINE',
      'SERVICE_RELEASE_STATE_MACHINE',
      'WATCHER_STATE_MACHINE',
    ],
    rights: ['writeRecords', 'readApps', 'readPackages', 'actInTargets', 'reserveCalls', 'pruneWorkers'],
    // A few calls a second, for as many functions as there are.
    timeout: 900,
  },
} as const satisfies WorkerDeclarations;

/** The worker that tells of releases wherever people look; what it tells there, `Notifications` lets it. */
export const NOTIFY_WORKERS = {
  notify: {
    purpose: 'Reads records, tells GitHub (reads the secret), the topic and webhooks.',
    // `WEBHOOKS` is JSON, a list of WebhookNotification.
    environment: ['STATE_TABLE', 'RELEASES_TOPIC', 'WEBHOOKS', ...SOURCE_ENV],
    rights: ['readGitHubSecret', 'readState'],
    // GitHub wants some seconds between what is written.
    timeout: 60,
  },
} as const satisfies WorkerDeclarations;
