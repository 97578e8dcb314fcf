import { createHash } from 'node:crypto';
import type { AppConfig } from '../lib/core/contracts/app-config';
import type { Release } from '../lib/core/contracts/release';
import { memoryApps } from '../lib/memory/memory-apps';
import { memoryArtifacts } from '../lib/memory/memory-artifacts';
import { memoryCloneCredentials } from '../lib/memory/memory-clone-credentials';
import { memoryCodeStorages } from '../lib/memory/memory-code-storages';
import { memoryEnvironmentRemover } from '../lib/memory/memory-environment-remover';
import { memoryEnvironments } from '../lib/memory/memory-environments';
import { memoryEvents } from '../lib/memory/memory-events';
import { memoryExecutions } from '../lib/memory/memory-executions';
import { memoryFence } from '../lib/memory/memory-fence';
import { memoryKnownRepositories } from '../lib/memory/memory-known-repositories';
import { memoryMetrics } from '../lib/memory/memory-metrics';
import { memoryPlannedBases } from '../lib/memory/memory-planned-bases';
import { memoryReconciliations } from '../lib/memory/memory-reconciliations';
import { memoryReleaseBuilds } from '../lib/memory/memory-release-builds';
import { memoryReleases } from '../lib/memory/memory-releases';
import { memoryServiceStates } from '../lib/memory/memory-service-states';
import { type MemoryRepository, memorySource } from '../lib/memory/memory-source';
import { memoryStages } from '../lib/memory/memory-stages';
import { memoryTarget } from '../lib/memory/memory-target';
import { memoryWaits } from '../lib/memory/memory-waits';
import { provedTarget } from '../lib/memory/proved-target';
import type { Log } from '../lib/ports/log';
import { aRelease, COMMIT } from './builders';

export const NOW = Date.parse('2026-01-02T03:04:05.000Z');

/** An app "shop" with stages `dev` (main, topic/*) and `prod` (main), unless said otherwise. */
export const anApp = (more: Partial<AppConfig> = {}): AppConfig => {
  const { repository, target, shift } = aRelease();
  const dev = { branches: ['main', 'topic/*'], tags: [], target, shift };
  const prod = { branches: ['main'], tags: [], target, shift };
  return { app: 'shop', repository, stages: { dev, prod }, branchStages: [], ...more };
};

/** @returns every port that starting and ending releases needs, in memory, over one repository `shop`. */
export function memoryPlatform(
  options: { readonly branches?: Record<string, string>; readonly app?: Partial<AppConfig> } = {},
) {
  const branches = options.branches ?? { main: COMMIT };
  const commits: Record<string, Record<string, string>> = {};
  for (const commit of Object.values(branches)) commits[commit] = { 'seed.yml': '' };
  const app = anApp(options.app);
  /** A test changes what is in it. */
  const repository = {
    branches,
    commits,
    parents: {},
    tags: {},
    messages: {},
    pullRequests: {},
    id: '1',
    foreign: [],
    links: {},
  } satisfies MemoryRepository;
  const warnings: string[] = [];
  const log: Log = { info: () => {}, warn: (message) => warnings.push(message) };
  const artifacts = memoryArtifacts();
  const inTarget = memoryTarget(artifacts);
  const releases = memoryReleases();
  let slept = 0;
  const stoppedBuilds: string[] = [];
  return {
    artifacts,
    /** What the stages' target has. */
    inTarget,
    target: provedTarget(inTarget.portsOf, memoryFence(releases)),
    pace: {
      now: () => slept,
      sleep: async (milliseconds: number) => {
        slept += milliseconds;
      },
    },
    /** Branch → commit; a test pushes by changing it. */
    branches,
    warnings,
    log,
    /** Moves a branch to a commit of its own. @returns the event of the push */
    moved(branch: string, id: string) {
      const commit = createHash('sha1').update(`${branch} ${id}`).digest('hex');
      branches[branch] = commit;
      commits[commit] = { 'seed.yml': '' };
      return aPush(branch, { id });
    },
    /** Tags, commits and pull requests beside the branches. */
    repository: repository as Required<Mutable<MemoryRepository>>,
    apps: memoryApps([app]),
    source: memorySource({ [app.repository.name]: repository }),
    cloneCredentials: memoryCloneCredentials(),
    releases,
    stages: memoryStages(),
    knownRepositories: memoryKnownRepositories(),
    reconciliations: memoryReconciliations(),
    bases: memoryPlannedBases(),
    codeStorages: memoryCodeStorages(),
    environmentStamps: memoryEnvironments(),
    states: memoryServiceStates(),
    environments: memoryEnvironmentRemover(),
    executions: memoryExecutions('Release'),
    serviceExecutions: memoryExecutions('ServiceRelease'),
    releaseBuilds: memoryReleaseBuilds(),
    builds: {
      async stop(buildId: string) {
        stoppedBuilds.push(buildId);
      },
    },
    /** Builds that somebody stopped, in order. */
    stoppedBuilds,
    events: memoryEvents(),
    metrics: memoryMetrics(),
    waits: memoryWaits(),
    now: () => NOW,
    random: () => new Uint8Array(10),
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** @returns the event of a push to the repository `shop`. */
export const aPush = (
  branch = 'main',
  more: { id?: string; repository?: string; event?: string; type?: 'branch' | 'tag' } = {},
) => ({
  id: more.id ?? 'event-1',
  time: '2026-01-02T03:04:04Z',
  'detail-type': 'CodeCommit Repository State Change',
  detail: {
    event: more.event ?? 'referenceUpdated',
    repositoryName: more.repository ?? 'shop',
    referenceType: more.type ?? 'branch',
    referenceName: branch,
    callerUserArn: 'arn:aws:iam::123456789012:user/ada',
  },
});

/** @returns the event of an execution's end. */
export const anExecutionEnd = (release: Release, status: string, more: { error?: string; cause?: string } = {}) => ({
  'detail-type': 'Step Functions Execution Status Change',
  detail: { status, input: JSON.stringify(release), ...more },
});
