import type { ReleaseRecord } from '../contracts/state';

const HOUR = 3_600_000;
/** No release is called late before: a first stack or a queue of builds may take as long. */
const NEVER_BEFORE = HOUR;
/** Of a stage of which no release has succeeded yet. */
const WITHOUT_HISTORY = 6 * HOUR;
const TIMES_THE_LONGEST = 3;

type Times = Pick<ReleaseRecord, 'status' | 'finishedAt'> & {
  readonly release: Pick<ReleaseRecord['release'], 'requestedAt'>;
};

/**
 * @param now epoch milliseconds
 * @returns whether a release that is open may be late at all: only then its stage's history has to be read
 */
export const mayBeOverdue = ({ release }: Times, now: number): boolean =>
  now - Date.parse(release.requestedAt) > NEVER_BEFORE;

/**
 * @param open a release that waits or runs
 * @param history the stage's latest releases; those that have not succeeded do not count
 * @param now epoch milliseconds
 * @returns whether it has been open for more than three times as long as any of those, from when it was asked for
 */
export function isOverdue(open: Times, history: readonly Times[], now: number): boolean {
  const took = history.flatMap(({ release, status, finishedAt }) =>
    status === 'succeeded' && finishedAt ? [Date.parse(finishedAt) - Date.parse(release.requestedAt)] : [],
  );
  const usual = took.length === 0 ? WITHOUT_HISTORY : TIMES_THE_LONGEST * Math.max(...took);
  return now - Date.parse(open.release.requestedAt) > Math.max(usual, NEVER_BEFORE);
}
