import { ReleaseError } from '../../core/contracts/errors';
import { ReleaseId, type ReleaseKey } from '../../core/contracts/release';
import type { Apps } from '../../ports/apps';
import type { CodeStorages } from '../../ports/code-storages';
import type { PlatformWorkers } from '../../ports/platform-workers';
import type { ReleaseBuilds } from '../../ports/release-builds';
import type { ReleaseProgress } from '../../ports/release-progress';
import type { Releases } from '../../ports/releases';
import type { ServiceStates } from '../../ports/service-states';
import type { Stages } from '../../ports/stages';
import type { DoorClient } from './door-client';

/** What people and programs reach of the platform by its door. */
export interface DoorPlatform {
  readonly workers: PlatformWorkers;
  readonly apps: Pick<Apps, 'find' | 'names'>;
  readonly stages: Pick<Stages, 'list'>;
  readonly releases: Pick<Releases, 'find' | 'latest' | 'ignored'>;
  readonly serviceStates: Pick<ServiceStates, 'list' | 'records'>;
  readonly releaseBuilds: Pick<ReleaseBuilds, 'list'>;
  readonly codeStorages: Pick<CodeStorages, 'list'>;
  readonly progress: ReleaseProgress;
}

/** The ports over the door. */
export const doorPlatform = (call: DoorClient): DoorPlatform => ({
  workers: {
    startRelease: (input) => call('startRelease', input),
    startRollback: ({ dryRun, ...input }) => {
      if (!dryRun) return call('startRollback', input);
      const { requestId: _, ...asked } = input;
      return call('previewRollback', asked);
    },
    cancelRelease: (input) => call('cancelRelease', input),
    previewRelease: (input) => call('previewRelease', input),
    holdServices: (input) => call('holdServices', input),
    resumeServices: (input) => call('resumeServices', input),
    removeStage: (input) => call('removeStage', input),
    diagnose: (app) => call('diagnose', { app }),
  },
  apps: {
    find: (app) => unless('AppNotFound', call('readApp', { app })),
    names: async () => (await call('listApps', {})).apps,
  },
  stages: { list: async (app) => (await call('listStages', { app })).made },
  releases: {
    // Part of an id is none.
    find: async (key) =>
      ReleaseId.safeParse(key.id).success ? unless('ReleaseNotFound', call('readRelease', named(key))) : undefined,
    latest: async ({ app, stage }, limit) => (await call('listReleases', { app, stage, limit })).releases,
    ignored: async (app, limit) =>
      (app === undefined ? await call('listIgnoredOfNoApp', { limit }) : await call('listIgnored', { app, limit }))
        .ignored,
  },
  serviceStates: {
    list: async ({ app, stage }) => (await call('readStage', { app, stage })).services,
    records: async (key) => (await call('listServices', named(key))).services,
  },
  releaseBuilds: { list: async (key) => (await call('listBuilds', named(key))).builds },
  codeStorages: { list: async () => (await call('listCodeStorages', {})).storages },
  progress: {
    ofRelease: (key) => call('readProgress', named(key)),
    ofServices: async (key, paths) =>
      (await call('readServiceProgress', { ...named(key), services: [...paths] })).services,
  },
});

/** A key may be a whole release, and the door takes no more than it asks for. */
const named = ({ app, stage, id }: ReleaseKey) => ({ app, stage, release: id });

/** @returns undefined for what is not there */
const unless = async <T>(code: 'AppNotFound' | 'ReleaseNotFound', found: Promise<T>): Promise<T | undefined> =>
  found.catch((error: unknown) => {
    if (error instanceof ReleaseError && error.code === code) return undefined;
    throw error;
  });
