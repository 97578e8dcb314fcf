import { directoriesAbove, directoryOf, ROOT } from '../contracts/service-path';

/** What is written in each symbolic link of a commit, by the link's path; undefined if it was not read. */
export type SymbolicLinks = ReadonlyMap<string, string | undefined>;

/** So many links may one path lead through: Linux gives up after as many (path_resolution(7), ELOOP). */
const LONGEST_WAY = 40;

/**
 * Finds the symbolic links that show other content than before although they themselves are the same: something changed
 * where they lead, be it a file, anything in a directory, or another link on the way. A package has what a link leads
 * to, so such a link counts as changed, for whoever holds it. Links out of the repository, and links that lead nowhere,
 * show nothing of it. A link that was not read counts as soon as anything changed.
 *
 * @param changed paths that differ between two commits
 * @param links those of the later commit; whatever is new, gone or other than before is among `changed` itself
 * @returns the paths of these links, in the order of `links`
 */
export function changedThroughLinks(changed: readonly string[], links: SymbolicLinks): readonly string[] {
  if (changed.length === 0 || links.size === 0) return [];
  const itself = new Set(changed);
  const touched = new Set<string>();
  for (const path of changed) touch(touched, path);
  const counts = (way: Way): boolean =>
    way === 'unknown' ||
    way.links.some((link) => itself.has(link)) ||
    (way.end !== undefined &&
      // A file, something in a directory, or the submodule that it lies in.
      (touched.has(way.end) || directoriesAbove(way.end).some((directory) => itself.has(directory))));
  const found = new Set<string>();
  let left = [...links.keys()].map((link) => ({ link, way: wayOf(link, links) }));
  // A link may lead to a directory that holds another one, which counts because of the first: until none is added.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    left = left.filter(({ link, way }) => {
      if (!counts(way)) return true;
      found.add(link);
      touch(touched, link);
      return false;
    });
  }
  return [...links.keys()].filter((link) => found.has(link));
}

/** Adds a path and the directories that it lies in. */
function touch(touched: Set<string>, path: string): void {
  touched.add(path);
  for (let at = path; at !== ROOT; ) {
    at = directoryOf(at);
    if (touched.has(at)) return;
    touched.add(at);
  }
}

/** Where a link leads, in the repository, and the other links on the way there; `unknown` if one was not read. */
type Way = { readonly links: readonly string[]; readonly end?: string } | 'unknown';

function wayOf(link: string, links: SymbolicLinks): Way {
  const passed: string[] = [];
  const at: string[] = [];
  let left = link.split('/');
  for (let followed = 0; left.length > 0; ) {
    const [part = '', ...rest] = left;
    left = rest;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.pop() === undefined) return { links: passed };
      continue;
    }
    const path = [...at, part].join('/');
    if (!links.has(path)) {
      at.push(part);
      continue;
    }
    // The link itself is no sign: it is among the changed files if it changed.
    if (path !== link) passed.push(path);
    const target = links.get(path);
    if (target === undefined) return 'unknown';
    followed += 1;
    if (target.startsWith('/') || followed > LONGEST_WAY) return { links: passed };
    left = [...target.split('/'), ...left];
  }
  return { links: passed, end: at.join('/') || ROOT };
}
