import type { ReleaseKey, StageKey } from '../core/contracts/release';
import type { DeployedThen, ServiceRecord, ServiceState } from '../core/contracts/state';
import { deployedThen } from '../core/deploy/deployed-then';
import { releaseSuperseded } from '../core/record/fencing';
import type { ServiceChange, ServiceMark, ServiceStates } from '../ports/service-states';
import { backUp } from './back-up';

/** The port ServiceStates in memory. */
export interface MemoryServiceStates extends ServiceStates {
  /** @returns what brings back all that is stored now, as restoring a table does */
  backUp(): () => void;
}

/** In-memory twin of the port ServiceStates. */
export function memoryServiceStates(): MemoryServiceStates {
  const states = new Map<string, Map<string, ServiceState>>();
  const records = new Map<string, Map<string, ServiceRecord>>();
  const deployed = new Map<string, Map<string, DeployedThen>>();

  const inStage = ({ app, stage }: StageKey) => entry(states, `${app}/${stage}`);
  const ofRelease = ({ app, stage, id }: ReleaseKey) => entry(records, `${app}/${stage}/${id}`);
  const ofService = ({ app, stage }: StageKey, path: string) => entry(deployed, `${app}/${stage} ${path}`);
  const write = (release: ReleaseKey, path: string, { status, ...change }: ServiceChange & ServiceMark): void => {
    const before = inStage(release).get(path);
    if (isFenced(before, release)) throw releaseSuperseded(release, path);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    inStage(release).set(path, { ...before, path, status, releaseId: release.id, ...given });
  };

  return {
    backUp() {
      const restore = [backUp(states), backUp(records), backUp(deployed)];
      return () => {
        for (const one of restore) one();
      };
    },
    list: async (stage) => byPath(inStage(stage).values()),
    find: async (stage, path) => inStage(stage).get(path),
    async beginService(release, path, mark) {
      write(release, path, { status: 'deploying', ...mark });
    },
    async endService(release, change, record) {
      write(release, record.path, change);
      ofRelease(release).set(record.path, record);
      const then = deployedThen(release, change, record.path);
      if (then) ofService(release, record.path).set(release.id, then);
    },
    async closeService(release, record) {
      const { path } = record;
      const before = inStage(release).get(path);
      if (before && before.releaseId > release.id) throw releaseSuperseded(release, path);
      const closedBy = release.id;
      inStage(release).set(path, { ...before, path, status: 'failed', releaseId: release.id, closedBy });
      ofRelease(release).set(path, record);
    },
    async deployedAt(stage, path, releaseId) {
      const until = [...ofService(stage, path).values()].filter((one) => one.releaseId <= releaseId);
      return until.sort((a, b) => (a.releaseId < b.releaseId ? 1 : -1))[0];
    },
    async lastDeployed(stage, path, count) {
      const all = [...ofService(stage, path).values()];
      return all.sort((a, b) => (a.releaseId < b.releaseId ? 1 : -1)).slice(0, count);
    },
    async forgetService(release, record) {
      if (isFenced(inStage(release).get(record.path), release)) throw releaseSuperseded(release, record.path);
      inStage(release).delete(record.path);
      ofRelease(release).set(record.path, record);
    },
    async hold(stage, path, held) {
      const before = inStage(stage).get(path);
      if (before) inStage(stage).set(path, { ...before, held });
      return before !== undefined;
    },
    async endHold(stage, path, hold) {
      const { held, ...before } = inStage(stage).get(path) ?? {};
      if (held?.at === hold.at) inStage(stage).set(path, before as ServiceState);
    },
    records: async (release) => byPath(ofRelease(release).values()),
  };
}

const isFenced = (before: ServiceState | undefined, { id }: ReleaseKey): boolean =>
  before !== undefined && (before.releaseId > id || before.closedBy === id);

function entry<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const found = map.get(key) ?? new Map<string, T>();
  map.set(key, found);
  return found;
}

const byPath = <T extends { readonly path: string }>(items: Iterable<T>): T[] =>
  [...items].sort((a, b) => (a.path < b.path ? -1 : 1));
