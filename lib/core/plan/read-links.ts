import { mapBounded } from '../map-bounded';
import type { SymbolicLinks } from './symbolic-links';

/** Contents read in one plan, a call for each: few repositories have more, and hosts limit calls. */
const MOST_READ = 200;
const AT_ONCE = 10;

/**
 * Reads what is written in symbolic links, once where it is the same.
 *
 * @param ids of the contents, by the link's path
 * @returns by the link's path; undefined for those beyond the first two hundred contents
 */
export async function readLinks(
  ids: ReadonlyMap<string, string>,
  read: (id: string) => Promise<string>,
): Promise<SymbolicLinks> {
  const distinct = [...new Set(ids.values())].slice(0, MOST_READ);
  const contents = await mapBounded(distinct, AT_ONCE, async (id) => [id, await read(id)] as const);
  const byId = new Map(contents);
  return new Map([...ids].map(([path, id]) => [path, byId.get(id)]));
}
