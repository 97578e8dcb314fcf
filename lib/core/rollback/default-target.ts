import type { ReleaseId, ServicePath } from '../contracts/release';
import type { ReleaseRecord } from '../contracts/state';

/** Where a rollback goes that names no release. */
export interface DefaultTarget {
  /**
   * - `undo`: the newest release did not succeed or still runs; the stage returns to what the last good one left
   * - `back`: the newest release succeeded; the stage returns to one before it
   */
  readonly kind: 'undo' | 'back';
  /**
   * Releases to return to, the first choice first; none if there is nothing to return to. A later one counts only if
   * the stage is already what those before it left.
   */
  readonly candidates: readonly ReleaseId[];
}

/**
 * @param history releases of one stage, newest first
 * @param service the only service that is to be rolled back
 * @returns where to go. Releases that wait or were superseded have changed nothing and do not count. After a rollback
 *   one goes on from where it led: twice back is two releases back. A rollback of one service is no step of the others.
 */
export function defaultTarget(history: readonly ReleaseRecord[], service?: ServicePath): DefaultTarget {
  const begun = history.filter(({ status }) => status !== 'waiting' && status !== 'superseded');
  const succeeded = begun.filter(({ status }) => status === 'succeeded');
  const [newest] = begun;
  if (!newest) return { kind: 'back', candidates: [] };
  if (newest.status !== 'succeeded') {
    // A failed rollback is tried again: what was good before it began is what it should lead away from.
    const again = newest.release.rollback;
    if (again && again.service === service) return { kind: 'undo', candidates: [again.to] };
    return { kind: 'undo', candidates: succeeded.slice(0, 1).map(({ release }) => release.id) };
  }

  const steps = succeeded.filter(({ release: { rollback } }) => !rollback?.service || rollback.service === service);
  const reached = whereItLed(steps);
  if (reached === undefined) return { kind: 'back', candidates: [] };
  const older = steps.filter(({ release }) => !release.rollback && release.id < reached);
  return { kind: 'back', candidates: older.map(({ release }) => release.id) };
}

/**
 * @returns the release whose result the newest step brought about: its own, or through rollbacks that of an earlier
 *   one.
 */
function whereItLed(steps: readonly ReleaseRecord[]): ReleaseId | undefined {
  const byId = new Map(steps.map((record) => [record.release.id, record.release]));
  let id = steps[0]?.release.id;
  for (let to = id; to !== undefined; to = byId.get(to)?.rollback?.to) id = to;
  return id;
}
