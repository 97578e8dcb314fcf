import { ReleaseError } from '../contracts/errors';
import type { ReleaseRecord } from '../contracts/state';

/** A shorter part of an id matches too much: ids of the same half-hour begin alike. */
const SHORTEST = 6;
/** How many releases a message offers. */
const OFFERED = 3;

/**
 * Finds the release that `--to` names.
 * @param text its id, or its beginning or end, of any case
 * @param history releases of the stage, newest first
 * @throws ReleaseError `ReleaseNotFound` if none or several match; `RollbackImpossible` if it left nothing to return to
 */
export function findTarget(text: string, history: readonly ReleaseRecord[]): ReleaseRecord {
  const wanted = text.toUpperCase();
  if (wanted.length < SHORTEST) {
    throw new ReleaseError('ReleaseNotFound', `--to: "${text}" is too short to name a release; ${offer(history)}`);
  }
  const exact = history.filter(({ release: { id } }) => id === wanted);
  const matching = history.filter(({ release: { id } }) => id.startsWith(wanted) || id.endsWith(wanted));
  const found = exact.length > 0 ? exact : matching;
  if (found.length > 1) {
    const ids = found.slice(0, OFFERED).map(inWords).join(', ');
    throw new ReleaseError(
      'ReleaseNotFound',
      `--to: "${text}" names ${found.length} releases: ${ids}; write more of the id`,
    );
  }
  const [record] = found;
  if (!record) {
    throw new ReleaseError('ReleaseNotFound', `--to: this stage had no release "${text}"; ${offer(history)}`);
  }
  const problem = LEFT_NOTHING[record.status];
  if (problem === undefined) return record;
  throw new ReleaseError(
    'RollbackImpossible',
    `--to: release ${record.release.id} ${problem}, so it left nothing to return to; ${offer(history)}`,
  );
}

const LEFT_NOTHING: Readonly<Partial<Record<ReleaseRecord['status'], string>>> = {
  waiting: 'has not begun',
  running: 'has not ended',
  failed: 'failed',
  aborted: 'was aborted',
  superseded: 'never ran: a newer one took its place',
};

/** @returns the releases that one can return to, as the end of a message. */
export function offer(history: readonly ReleaseRecord[]): string {
  const good = history.filter(({ status }) => status === 'succeeded').slice(0, OFFERED);
  return good.length === 0
    ? 'no release has succeeded in this stage yet'
    : `use one of: ${good.map(inWords).join(', ')}`;
}

const inWords = ({ release: { id, commit }, finishedAt }: ReleaseRecord): string =>
  `${id} (commit ${commit.slice(0, 7)}${finishedAt ? `, ${finishedAt.slice(0, 16).replace('T', ' ')}` : ''})`;
