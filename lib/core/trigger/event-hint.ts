import * as z from 'zod';
import type { Lineage } from './tag-order';

/** A commit, or the object of an annotated tag, as events name it. */
const ObjectId = z.string().regex(/^[0-9a-f]{40}$/);
/** With which git says that there was, or is, nothing. */
export const NOTHING = '0'.repeat(40);

/**
 * What an event says of a branch, tag or pull request. It is no more than a hint: what is released is what the
 * repository has. But a host's API may lag behind its events by seconds, and the hint tells when to look again.
 */
export interface EventHint {
  /** What it pointed at before; undefined if it was not there, or the event does not say. */
  readonly before?: string;
  /** What it points at since; undefined if it is gone. */
  readonly after?: string;
}

/**
 * @param before and `after` as an event has them, if it does; whatever is no object's hash says nothing
 * @returns undefined if the event does not say what there is now
 */
export function hintOf(before: unknown, after: unknown): EventHint | undefined {
  const [was, is] = [before, after].map((one) => ObjectId.safeParse(one).data);
  // Of what is gone, only what was there tells whether it is still to be seen.
  if (is === undefined || (is === NOTHING && was === undefined)) return undefined;
  const present = (one: string | undefined) => (one === NOTHING ? undefined : one);
  return { before: present(was), after: present(is) };
}

/** What was read of a reference: the object and the commit that it points at, or that it is gone. */
export type SeenState = { readonly object: string; readonly commit: string } | 'gone';

/**
 * Says whether what was read is older than an event that tells of it.
 * @param lineage how a commit that was read stands to that of the event; asked for only where it matters
 */
export async function isBehind(
  seen: SeenState,
  { before, after }: EventHint,
  lineage: (commit: string, after: string) => Promise<Lineage>,
): Promise<boolean> {
  if (seen === 'gone') return after !== undefined;
  const ids = [seen.object, seen.commit];
  if (after === undefined) return before === undefined || ids.includes(before);
  if (ids.includes(after)) return false;
  return (before !== undefined && ids.includes(before)) || (await lineage(seen.commit, after)) === 'behind';
}
