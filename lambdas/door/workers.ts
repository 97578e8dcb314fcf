import type { WorkerDeclarations } from '../../lib/core/contracts/worker-declaration';

/** The worker of the door that answers questions; what is to be done is done by the workers of the steps. */
export const DOOR_WORKERS = {
  read: {
    purpose:
      'Tells who asks at the door of apps, stages and releases, and how far those have come: reads the state table, the ' +
      'configuration of apps and histories of executions.',
    environment: ['STATE_TABLE', 'RELEASE_STATE_MACHINE', 'SERVICE_RELEASE_STATE_MACHINE'],
    rights: ['readState', 'readApps', 'followReleases'],
    calls: [
      'listApps',
      'readApp',
      'listStages',
      'readStage',
      'listReleases',
      'readRelease',
      'listServices',
      'listBuilds',
      'readProgress',
      'readServiceProgress',
      'listIgnored',
      'listIgnoredOfNoApp',
      'listCodeStorages',
    ],
    // The door waits no longer.
    timeout: 30,
    memory: 1024,
  },
} as const satisfies WorkerDeclarations;
