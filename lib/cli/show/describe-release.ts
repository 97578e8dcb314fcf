import type { MadeStage } from '../../core/contracts/made-stage';
import type { Release } from '../../core/contracts/release';
import type { ReleaseRecord } from '../../core/contracts/state';
import type { ListedRelease } from '../../core/contracts/unreadable';
import { renderSeconds } from '../../core/text/seconds';
import type { Paint } from './paint';

/** @returns what a release brings to its stage, in a few words: `b1f02aa main`, `rollback to 01J…`. */
export function describeSubject({ commit, branch, tag, pullRequest, rollback, remove }: Release): string {
  if (remove) return 'removal';
  const short = commit.slice(0, 7);
  if (rollback) return `rollback to ${shortId(rollback.to)} (${short})`;
  const ref = pullRequest ? `#${pullRequest.number}` : (tag ?? branch);
  return ref === undefined ? short : `${short} ${ref}`;
}

/** @returns what made a stage, and whose settings it has. */
export function describeOrigin({ origin, template }: Pick<MadeStage, 'origin' | 'template'>): string {
  const { branch } = origin;
  const madeBy = origin.kind === 'branch' ? `branch ${branch}` : `pull request #${origin.number} (${branch})`;
  return `${madeBy}, like ${template}`;
}

/** @returns the end of an id, which tells releases apart; every command takes it. */
export const shortId = (id: string): string => id.slice(-8);

/** @returns who started a release, without what AWS puts before a name. */
export const describeBy = ({ trigger }: Release): string =>
  trigger.by === undefined ? trigger.type : describeCaller(trigger.by);

/** @returns a caller without what AWS puts before a name; of a session with its role, since its name proves nothing. */
export const describeCaller = (by: string): string => /:assumed-role\/(.+)$/.exec(by)?.[1] ?? by.replace(/^.*[/:]/, '');

/** @returns how long a release took, from its request on; up to now, if it has not ended. */
export const describeTook = ({ release, finishedAt }: ReleaseRecord, now: number): string =>
  renderSeconds((finishedAt === undefined ? now : Date.parse(finishedAt)) - Date.parse(release.requestedAt));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** @returns how long ago something was, for a column: `just now`, `12 min ago`, `3 h ago`, `5 d ago`. */
export function describeAgo(at: string, now: number): string {
  const passed = now - Date.parse(at);
  if (passed < MINUTE) return 'just now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  return passed < 2 * DAY ? `${Math.floor(passed / HOUR)} h ago` : `${Math.floor(passed / DAY)} d ago`;
}

/** @returns a line with the word of its status painted. */
export function paintStatus(
  line: string,
  status: ListedRelease['status'] | 'deployed' | 'deploying',
  paint: Paint,
): string {
  const painted = { succeeded: paint.green, deployed: paint.green, failed: paint.red, aborted: paint.red } as const;
  const colour = painted[status as keyof typeof painted] ?? paint.yellow;
  return line.replace(new RegExp(`\\b${status}\\b`), (word) => colour(word));
}
