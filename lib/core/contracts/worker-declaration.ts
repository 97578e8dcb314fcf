import type { DoorCall } from './door';

/**
 * Everything that a worker may be allowed besides its own log. `lib/constructs/platform-rights.ts` says what each of
 * them is in IAM.
 */
export type Right =
  | 'proveRelease'
  | 'readState'
  | 'writeState'
  | 'findOpenReleases'
  | 'noteBuilds'
  | 'writeRecords'
  | 'moveQueue'
  | CodeCommitRight
  | 'keepWaits'
  | 'callBack'
  | 'readPackages'
  | 'writePackages'
  | 'writeTemplates'
  | 'readBundles'
  | 'readGitHubSecret'
  | 'keepCloneCredentials'
  | 'readApps'
  | 'readEnvironmentStamps'
  | 'removeMadeEnvironments'
  | 'publishEvents'
  | 'startBuilds'
  | 'watchBuilds'
  | 'stopBuilds'
  | 'readBuildQuotas'
  | 'readLambdaSettings'
  | 'startReleases'
  | 'stopReleases'
  | 'watchReleases'
  | 'followReleases'
  | 'stopServiceReleases'
  | 'watchServiceReleases'
  | 'actInTargets'
  | 'emptyBuckets'
  | 'reserveCalls'
  | 'pruneWorkers';

/**
 * A worker, said once: its construct, its rights, its bundle and its line in docs/security.md are made of this. The key
 * that it is declared under names it: `startBuild` is the construct `StartBuild`, and its handler is in
 * `start-build.handler.ts`.
 */
export interface WorkerDeclaration {
  /** What it does, and so why it has its rights: its line in docs/security.md. */
  readonly purpose: string;
  /** The variables that its handler reads. */
  readonly environment: readonly string[];
  readonly rights: readonly Right[];
  /** The calls of the door that it answers; such a worker is invoked by the door alone. */
  readonly calls?: readonly DoorCall[];
  /** In seconds, 30 if not given. */
  readonly timeout?: number;
  /** In MB, 512 if not given. */
  readonly memory?: number;
}

/** The workers of one step, by their keys. */
export type WorkerDeclarations = Readonly<Record<string, WorkerDeclaration>>;

/** What a wait worker may take, in seconds: it polls for up to 55, and needs some for its first and last call. */
export const WAIT_WORKER_TIMEOUT = 70;

/** @returns the name of a worker in files and logs: `start-build` for `startBuild`. */
export const kebabName = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** @returns the name of a worker's construct: `StartBuild` for `startBuild`. */
export const constructName = (key: string): string => `${key[0]!.toUpperCase()}${key.slice(1)}`;

/** What a worker may read of the connected repositories at CodeCommit. */
export type CodeCommitRight =
  | 'findClones'
  | 'identify'
  | 'listBranches'
  | 'listTags'
  | 'readBranches'
  | 'readTags'
  | 'readLineage'
  | 'readTrees'
  | 'readLinks'
  | 'readFiles';
