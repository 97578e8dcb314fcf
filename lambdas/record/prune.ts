import { type AppConfig, KEPT_RELEASES } from '../../lib/core/contracts/app-config';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { DeployedPackage } from '../../lib/core/contracts/manifest';
import { PruneInput } from '../../lib/core/contracts/payloads';
import type { StageKey, Target } from '../../lib/core/contracts/release';
import type { ReleaseRecord, ServiceState } from '../../lib/core/contracts/state';
import { stackCondition } from '../../lib/core/deploy/stack-status';
import { codeStorageMetrics } from '../../lib/core/record/code-storage';
import { prunableVersions, versionsInStack } from '../../lib/core/record/prunable-versions';
import type { Apps } from '../../lib/ports/apps';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { CodeStorages } from '../../lib/ports/code-storages';
import type { Log } from '../../lib/ports/log';
import type { Metrics } from '../../lib/ports/metrics';
import type { Releases } from '../../lib/ports/releases';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { Stages } from '../../lib/ports/stages';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import type { Versions } from '../../lib/ports/versions';
import { type PruneWorkersPorts, pruneWorkers } from './prune-workers';

export interface PrunePorts {
  readonly apps: Pick<Apps, 'names' | 'find'>;
  readonly stages: Pick<Stages, 'list'>;
  readonly releases: Pick<Releases, 'latest' | 'recordPruned'>;
  readonly states: Pick<ServiceStates, 'list' | 'lastDeployed'>;
  readonly artifacts: Pick<Artifacts, 'readJson'>;
  readonly target: TargetPortsOf<'stacks' | 'versions'>;
  readonly storages: Pick<CodeStorages, 'keep'>;
  /** Of the platform's own functions. */
  readonly workers: Pick<PruneWorkersPorts, 'called' | 'versions'>;
  readonly metrics: Metrics;
  readonly log: Log;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
  /** @returns a number from 0 to 1, 1 excluded. */
  readonly chance: () => number;
}

/** What was deleted: how many versions, and how many bytes of code they had. */
type Pruned = NonNullable<ReleaseRecord['pruned']>;

interface PrunedStage extends StageKey {
  readonly target: Target;
  /** How many deployments of a service can be rolled back to. */
  readonly keepReleases: number;
}

/** In milliseconds: a run of all stages begins no further one after this, so that it ends before its time is up. */
const LONG = 10 * 60_000;

/**
 * Deletes versions of functions that nothing needs: after a release those of its stage, each night those of all stages
 * and of the platform's own workers. It then reads how much code storage the targets use. Whatever goes wrong is logged
 * and left for the next time: no release depends on it.
 */
export const prune =
  (ports: PrunePorts) =>
  async (event: unknown): Promise<Pruned> => {
    const { release } = PruneInput.parse(event);
    const began = ports.now();
    const found = await stagesOf(ports, release);
    const sum = { versions: 0, bytes: 0 };
    for (const stage of found) {
      // The next night begins elsewhere.
      if (ports.now() - began > LONG) break;
      const pruned = await pruneStage(ports, stage);
      sum.versions += pruned.versions;
      sum.bytes += pruned.bytes;
    }
    if (release && sum.versions > 0)
      await quietly(ports, release, () => ports.releases.recordPruned({ ...release, id: release.releaseId }, sum));
    if (!release)
      await quietly(ports, { stack: 'of the platform' }, () => pruneWorkers({ ...ports, ...ports.workers }));
    await readStorages(
      ports,
      found.map(({ target }) => target),
    );
    return sum;
  };

/** @returns the stages to look at: one, or all there are, from any of them on. */
async function stagesOf({ apps, stages, chance }: PrunePorts, only: StageKey | undefined): Promise<PrunedStage[]> {
  const names = only ? [only.app] : await apps.names();
  const all: PrunedStage[] = [];
  for (const app of names) {
    const config = await apps.find(app);
    if (!config) continue;
    const made = (await stages.list(app)).map(({ stage, template }) => settingsOf(config, stage, template));
    const configured = Object.keys(config.stages).map((stage) => settingsOf(config, stage));
    all.push(...[...configured, ...made].flatMap((one) => one ?? []));
  }
  if (only) return all.filter(({ stage }) => stage === only.stage);
  const first = Math.floor(chance() * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}

function settingsOf({ app, stages }: AppConfig, stage: string, template = stage): PrunedStage | undefined {
  const settings = stages[template];
  return settings && { app, stage, target: settings.target, keepReleases: settings.keepReleases ?? KEPT_RELEASES };
}

const stageName = ({ app, stage }: StageKey) => ({ app, stage });

async function pruneStage(ports: PrunePorts, stage: PrunedStage): Promise<Pruned> {
  const sum = { versions: 0, bytes: 0 };
  await quietly(ports, stageName(stage), async () => {
    for (const service of await ports.states.list(stage)) {
      if (service.status !== 'deployed' || service.stackName === undefined) continue;
      // One whose deployments cannot be read, say, keeps the others from nothing.
      await quietly(ports, { ...stageName(stage), service: service.path }, async () => {
        for await (const { size } of pruneService(ports, stage, service)) {
          sum.versions += 1;
          sum.bytes += size;
        }
      });
    }
  });
  const { app, stage: name } = stage;
  if (sum.versions > 0) ports.log.info('deleted versions that nothing needed', { app, stage: name, ...sum });
  return sum;
}

/** Deletes the versions of one service that nothing needs; yields each one that it has deleted. */
async function* pruneService(
  ports: PrunePorts,
  stage: PrunedStage,
  { path, stackName }: ServiceState,
): AsyncGenerator<{ readonly size: number }> {
  const { stacks, versions } = ports.target(stage.target);
  const stack = await stacks.describe(stackName!);
  // One that could not be rolled back will be, to versions that only CloudFormation knows.
  // Of an update that stays as it failed, nobody knows yet which versions it needs.
  if (!stack || stackCondition(stack.status) !== 'ready' || stack.status === 'UPDATE_FAILED') return;
  const [packages, resources] = await Promise.all([readPackages(ports, stage, path), stacks.resources(stackName!)]);
  const inStack = versionsInStack(resources);
  const names = new Set(Object.values(packages[0]?.functions ?? {}).map(({ name }) => name));
  for (const name of names) {
    const reachable = packages.flatMap(({ functions }) =>
      Object.values(functions).flatMap((one) => (one.name === name ? [one.version] : [])),
    );
    const [published, aliases] = [await versions.list(name), await versions.aliases(name)];
    const prunable = prunableVersions({
      published,
      aliases,
      reachable: new Set(reachable),
      inStack: inStack.get(name) ?? new Set(),
    });
    if (prunable.length === 0) continue;
    // A release may have begun since; what it does with versions is its own business.
    if (!(await isIdle(ports, stage))) return;
    for (const { version, size, isDurable } of prunable) {
      if (await isKept(versions, { name, version, isDurable })) continue;
      if ((await versions.delete(name, version)) === 'deleted') yield { size };
    }
  }
}

/** @returns what the last deployments left, newest first; none if the newest cannot be read. */
async function readPackages(
  { states, artifacts }: PrunePorts,
  { keepReleases, ...stage }: PrunedStage,
  path: string,
): Promise<readonly DeployedPackage[]> {
  const then = await states.lastDeployed(stage, path, keepReleases);
  const read = await Promise.all(then.map(({ deployedPackage }) => readPackage(artifacts, deployedPackage)));
  return read[0] === undefined ? [] : read.flatMap((one) => one ?? []);
}

/** @returns undefined for one that was collected or cannot be read: nobody can roll back to it. */
async function readPackage(artifacts: PrunePorts['artifacts'], key: string): Promise<DeployedPackage | undefined> {
  try {
    return await artifacts.readJson(key, DeployedPackage);
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'ManifestInvalid') return undefined;
    throw error;
  }
}

/** How many of a stage's newest releases are looked at for one that waits or runs. */
const NEWEST = 10;

async function isIdle({ releases }: PrunePorts, stage: StageKey): Promise<boolean> {
  const newest = await releases.latest(stage, NEWEST);
  // One that cannot be read may run.
  return !newest.some(({ status }) => status === 'waiting' || status === 'running' || status === 'unreadable');
}

const isKept = async (
  versions: Versions,
  { name, version, isDurable }: { readonly name: string; readonly version: string; readonly isDurable: boolean },
): Promise<boolean> => isDurable && versions.isAwaited(name, version);

async function readStorages(ports: PrunePorts, targets: readonly Target[]): Promise<void> {
  const distinct = new Map(targets.map((target) => [`${target.account} ${target.region}`, target]));
  for (const target of distinct.values()) {
    const { account, region } = target;
    await quietly(ports, { account, region }, async () => {
      const { used, limit } = await ports.target(target).versions.storage();
      await ports.storages.keep({ account, region, used, limit, at: new Date(ports.now()).toISOString() });
      const { dimensions, values } = codeStorageMetrics({ account, used, limit });
      ports.metrics.add(dimensions, values);
    });
  }
}

/** Runs what may fail without anybody's release failing. */
async function quietly({ log }: PrunePorts, where: object, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn('old versions or code storage could not be looked at', { ...where, error });
  }
}
