import { ReleaseError } from '../core/contracts/errors';

/** One entry of a directory, as GitHub lists it. */
export interface TreeEntry {
  /** Relative to what was asked for. */
  readonly path: string;
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
}

export interface TreePage {
  readonly tree: readonly TreeEntry[];
  /** Whether there was more than GitHub gives in one answer. */
  readonly truncated: boolean;
}

/** @param sha of a commit or a tree */
export type AskTree = (sha: string, recursive: boolean) => Promise<TreePage>;

/** A whole tree. */
export interface Tree {
  /** Mode and hash of each file, submodule and symbolic link, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Hash of each directory, by path. */
  readonly directories: ReadonlyMap<string, string>;
  /** Directories that were not read because they are the same in the tree it is compared with. */
  readonly same: ReadonlySet<string>;
}

const SUBMODULE = '160000';
const LINK = '120000';
const FILES = new Set(['100644', '100755']);

/**
 * Reads a tree with one call, or, where it is larger than GitHub gives at once, directory by directory.
 * @param like the tree it will be compared with: a directory with the same hash there is not read
 */
export async function readTree(ask: AskTree, commit: string, like?: Tree): Promise<Tree> {
  const files = new Map<string, string>();
  const directories = new Map<string, string>();
  const same = new Set<string>();

  const take = (prefix: string, { path, mode, type, sha }: TreeEntry): void => {
    if (type === 'tree') directories.set(prefix + path, sha);
    else files.set(prefix + path, `${mode} ${sha}`);
  };
  async function read(sha: string, prefix: string): Promise<void> {
    const whole = await ask(sha, true);
    if (!whole.truncated) {
      for (const entry of whole.tree) take(prefix, entry);
      return;
    }
    const { tree, truncated } = await ask(sha, false);
    if (truncated) throw tooLarge(prefix);
    for (const entry of tree) take(prefix, entry);
    await Promise.all(
      tree.map(async ({ path, type, sha: of }) => {
        if (type !== 'tree') return;
        const directory = prefix + path;
        if (like?.directories.get(directory) === of) same.add(directory);
        else await read(of, `${directory}/`);
      }),
    );
  }
  await read(commit, '');
  return { files, directories, same };
}

const tooLarge = (prefix: string): ReleaseError =>
  new ReleaseError(
    'ConfigInvalid',
    `directory "${prefix || '.'}" of the repository has more entries than GitHub lists (100,000); move some of them ` +
      'into other directories',
  );

/**
 * Looks for one path without reading the whole tree.
 * @returns mode and hash, or undefined if there is no such file
 */
export async function findEntry(ask: AskTree, commit: string, path: string): Promise<string | undefined> {
  let sha = commit;
  const parts = path.split('/');
  for (const [index, part] of parts.entries()) {
    const { tree } = await ask(sha, false);
    const found = tree.find((entry) => entry.path === part);
    if (!found || (found.type === 'tree') !== index < parts.length - 1) return undefined;
    if (found.type !== 'tree') return `${found.mode} ${found.sha}`;
    sha = found.sha;
  }
  return undefined;
}

/** @returns whether an entry is a file with content of its own: not a symbolic link, not a submodule. */
export const isFile = (entry: string | undefined): boolean => entry !== undefined && FILES.has(modeOf(entry));

/** @returns the paths of a tree that a checkout has: all but those of submodules. */
export const pathsOf = ({ files }: Tree): readonly string[] =>
  [...files].flatMap(([path, entry]) => (modeOf(entry) === SUBMODULE ? [] : [path]));

/** @returns the hash of the content of each symbolic link, by path. */
export const linksOf = ({ files }: Tree): ReadonlyMap<string, string> =>
  new Map(
    [...files].flatMap(([path, entry]) => (modeOf(entry) === LINK ? [[path, entry.slice(LINK.length + 1)]] : [])),
  );

const modeOf = (entry: string): string => entry.slice(0, entry.indexOf(' '));

/** @returns the paths whose mode or content differs: a file, a link, or the commit of a submodule. */
export function differences(base: Tree, head: Tree): readonly string[] {
  const changed: string[] = [];
  for (const [path, entry] of base.files) if (head.files.get(path) !== entry) changed.push(path);
  for (const path of head.files.keys()) {
    if (!base.files.has(path) && !isBelow(path, base.same)) changed.push(path);
  }
  return changed;
}

/** @returns the paths that are files of their own in both trees, and differ. */
export const edits = (base: Tree, head: Tree): ReadonlySet<string> =>
  new Set(
    [...base.files].flatMap(([path, entry]) => {
      const after = head.files.get(path);
      return after !== entry && isFile(entry) && isFile(after) ? [path] : [];
    }),
  );

function isBelow(path: string, directories: ReadonlySet<string>): boolean {
  if (directories.size === 0) return false;
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (directories.has(path.slice(0, end))) return true;
  }
  return false;
}
