import { ReleaseError } from './errors';
import type { ReleaseKey } from './release';
import type { ReleaseRecord } from './state';

/**
 * A stored release that this version of Seedbed does not understand, because a newer one has written it, or because it
 * is damaged. It stands in lists as what it is; nothing is done with it.
 */
export interface UnreadableRelease {
  readonly release: ReleaseKey;
  readonly status: 'unreadable';
  /** Its key, what of it is not understood, and what to do. */
  readonly why: string;
}

/** A release in a list. */
export type ListedRelease = ReleaseRecord | UnreadableRelease;

export const isReadable = (listed: ListedRelease): listed is ReleaseRecord => listed.status !== 'unreadable';

/** @returns those that can be read, for whom the others do not matter */
export const readable = (listed: readonly ListedRelease[]): readonly ReleaseRecord[] => listed.filter(isReadable);

/**
 * @param consequence what is not done without knowing them, as a clause
 * @returns all of them
 * @throws ReleaseError `StateUnreadable` if one cannot be read
 */
export function allReadable(listed: readonly ListedRelease[], consequence: string): readonly ReleaseRecord[] {
  const unreadable = listed.find((one) => !isReadable(one));
  if (unreadable) throw new ReleaseError('StateUnreadable', `${unreadable.why}; ${consequence}`);
  return readable(listed);
}

/**
 * @param item of the state table
 * @param problem what its schema does not understand
 * @returns the sentence for people
 */
export const unreadableItem = (item: Readonly<Record<string, unknown>>, problem: string): string =>
  `item "${item.pk}" "${item.sk}" of the state table was written by a newer version of Seedbed, or is damaged ` +
  `(${problem}); upgrade whatever says this, the platform or the command line`;

/** @returns the sentence for people on a release that the platform understands and whoever asked it does not. */
export const unreadableRelease = (id: string): string =>
  `release ${id} was written by a newer version of Seedbed; upgrade the command line`;
