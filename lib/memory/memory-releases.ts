import type { Release, ReleaseKey, StageKey } from '../core/contracts/release';
import type { IgnoredPush, RefState, ReleaseRecord } from '../core/contracts/state';
import { releaseNotRunning } from '../core/record/fencing';
import { cancelledError } from '../core/record/step-error';
import type { Queue, Releases } from '../ports/releases';
import { backUp } from './back-up';

interface Stage {
  waiting?: Release;
  last?: string;
  lockedBy?: string;
  readonly events: Map<string, string>;
  readonly records: Map<string, ReleaseRecord>;
  readonly refs: Map<string, RefState>;
}

/** The port Releases in memory: whatever it lists can be read. */
export interface MemoryReleases extends Releases {
  latest(stage: StageKey, limit: number): Promise<readonly ReleaseRecord[]>;
  /** @returns what brings back all that is stored now, as restoring a table does */
  backUp(): () => void;
}

/** In-memory twin of the port Releases. */
export function memoryReleases(): MemoryReleases {
  const stages = new Map<string, Stage>();
  const ignored = new Map<string, IgnoredPush>();

  const stageOf = ({ app, stage }: StageKey): Stage => {
    const name = `${app}/${stage}`;
    const found = stages.get(name) ?? { events: new Map(), records: new Map(), refs: new Map() };
    stages.set(name, found);
    return found;
  };
  const change = (key: ReleaseKey, changes: Partial<ReleaseRecord>): void => {
    const { records } = stageOf(key);
    const record = records.get(key.id);
    if (!record) throw new Error(`there is no release ${key.id} of ${key.app} to ${key.stage}`);
    records.set(key.id, { ...record, ...changes });
  };

  return {
    backUp: () => backUp(stages),
    async queue(key): Promise<Queue> {
      const { waiting, last } = stageOf(key);
      return { waiting, last };
    },

    async accept(release, seen, move) {
      const stage = stageOf(release);
      const releaseId = stage.events.get(release.trigger.id);
      if (releaseId !== undefined) return { kind: 'duplicate', releaseId };
      if (stage.waiting?.id !== seen.waiting?.id || stage.last !== seen.last) return { kind: 'queue-changed' };
      const state = move && stage.refs.get(move.ref);
      if (move?.once && state?.releaseId !== undefined && state.head === move.head) {
        const isAsked = state.again !== undefined && !stage.waiting && state.again === stage.last;
        if (!isAsked) return { kind: 'duplicate', releaseId: state.releaseId };
      }
      if (move) {
        const { ref, head } = move;
        stage.refs.set(ref, { stage: release.stage, ref, head, releaseId: release.id, at: release.requestedAt });
      }
      if (stage.waiting) {
        const end = { status: 'superseded', supersededBy: release.id, finishedAt: release.requestedAt } as const;
        change(stage.waiting, end);
      }
      stage.events.set(release.trigger.id, release.id);
      stage.records.set(release.id, { release, status: 'waiting' });
      stage.waiting = release;
      return { kind: 'accepted' };
    },

    async settle(key, seen, state) {
      const { refs, waiting, last } = stageOf(key);
      if (waiting?.id !== seen.waiting?.id || last !== seen.last) return 'queue-changed';
      refs.set(state.ref, { ...state, stage: key.stage });
      return 'settled';
    },

    async repeat(key, ref, wanted) {
      const { refs } = stageOf(key);
      const state = refs.get(ref);
      if (state?.releaseId === key.id) refs.set(ref, { ...state, again: wanted ? key.id : undefined });
    },

    refs: async (app) =>
      [...stages].flatMap(([name, { refs }]) => (name.startsWith(`${app}/`) ? [...refs.values()] : [])),

    async takeLock(release, at) {
      const stage = stageOf(release);
      if (stage.waiting?.id !== release.id) return 'not-waiting';
      if (stage.lockedBy !== undefined) return 'held';
      stage.waiting = undefined;
      stage.lockedBy = release.id;
      stage.last = release.id;
      change(release, { status: 'running', startedAt: at });
      return 'taken';
    },

    async recordExecution(key, executionArn) {
      change(key, { executionArn });
    },

    async recordPlan(key, plan, at) {
      if (stageOf(key).records.get(key.id)?.status !== 'running') throw releaseNotRunning(key);
      change(key, { plan, plannedAt: at });
    },

    async end(key, end) {
      const stage = stageOf(key);
      if (stage.records.get(key.id)?.status !== 'running') return false;
      change(key, end);
      stage.lockedBy = undefined;
      return true;
    },

    async cancel(key, cancel) {
      const stage = stageOf(key);
      const status = stage.records.get(key.id)?.status;
      if (status === 'running') change(key, { cancel });
      if (status !== 'waiting') return status === 'running' ? 'running' : 'ended';
      stage.waiting = undefined;
      change(key, { status: 'aborted', finishedAt: cancel.at, cancel, error: cancelledError(cancel) });
      return 'waiting';
    },

    async recordPruned(key, pruned) {
      change(key, { pruned });
    },

    async recordAnnouncement(key, at) {
      change(key, { announcedAt: at });
    },

    find: async (key) => stageOf(key).records.get(key.id),
    async standing(key) {
      const record = stageOf(key).records.get(key.id);
      return record && { status: record.status, isCancelled: record.cancel !== undefined };
    },

    async latest(key, limit) {
      const records = [...stageOf(key).records.values()];
      return records.sort((a, b) => (a.release.id < b.release.id ? 1 : -1)).slice(0, limit);
    },

    open: async () =>
      [...stages.values()]
        .flatMap(({ records }) => [...records.values()])
        .filter(({ status }) => status === 'waiting' || status === 'running')
        .map(({ release: { app, stage, id } }) => ({ app, stage, id })),

    async recordIgnored(push) {
      ignored.set(`${push.at} ${push.eventId}`, push);
    },

    ignored: async (app, limit) =>
      [...ignored]
        .sort(([a], [b]) => (a < b ? 1 : -1))
        .map(([, push]) => push)
        .filter((push) => push.app === app)
        .slice(0, limit),
  };
}
