import type { ReleaseId, StageKey } from '../core/contracts/release';
import { NO_NOTICE, type Notice } from '../core/notices/notice';
import type { Notices } from '../ports/notices';

/** In-memory twin of the port Notices. */
export function memoryNotices(): Notices {
  const notices = new Map<string, Notice>();
  const turns = new Map<string, { by?: string; until: number; left: Set<ReleaseId> }>();
  const stageOf = ({ app, stage }: StageKey): string => `${app}/${stage}`;
  const turnOf = (stage: StageKey) => {
    const turn = turns.get(stageOf(stage)) ?? { until: 0, left: new Set() };
    turns.set(stageOf(stage), turn);
    return turn;
  };
  return {
    async begin(release, { by, now, until }) {
      const turn = turnOf(release);
      if (turn.by === undefined || turn.by === by || turn.until <= now) {
        Object.assign(turn, { by, until });
        return true;
      }
      turn.left.add(release.id);
      return false;
    },
    async end(stage, { by }, failed) {
      const turn = turnOf(stage);
      if (turn.by !== by) return [];
      const left = [...turn.left].sort();
      turn.left = new Set(left.length === 0 ? failed : []);
      if (left.length === 0) turn.by = undefined;
      return left;
    },
    find: async ({ id, ...stage }) => notices.get(`${stageOf(stage)}/${id}`) ?? NO_NOTICE,
    async record({ id, ...stage }, values) {
      const key = `${stageOf(stage)}/${id}`;
      notices.set(key, { ...NO_NOTICE, ...notices.get(key), ...values });
    },
  };
}
