import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, normalize } from 'node:path/posix';
import { ReleaseError } from '../contracts/errors';

/** One file or symbolic link of a bundle. */
export interface BundleEntry {
  /** Path within the bundle, `/` between parts. */
  readonly path: string;
  /** Unix mode with its type bits: `0o100644`, `0o100755` or, for a symbolic link, `0o120777`. */
  readonly mode: number;
  /** Content; of a symbolic link, its target. */
  readonly bytes: Uint8Array;
}

/** An entry whose content is made when it is asked for: unpacked, a large bundle takes several times its size. */
export interface PackedBundleEntry extends Pick<BundleEntry, 'path' | 'mode'> {
  readonly unpack: () => Uint8Array;
}

const TYPE = 0o170000;
const LINK = 0o120000;
const DIRECTORY = 0o040000;
const FILE_MODE = 0o100644;
const EXECUTABLE_MODE = 0o100755;
const LINK_MODE = 0o120777;
const COMPILED_PYTHON = /^(.*\/)?__pycache__\/([^/][^/.]*)\.[^/]*\.pyc$/;

/**
 * Brings the entries of a zip into the one form that depends on nothing but their content: sorted by path, only the
 * executable bit of a mode kept, no directories. Compiled Python whose source is in the bundle is left out: it records
 * the paths and times of the machine that compiled it, and AWS advises against shipping it.
 *
 * @param name of the bundle, for messages
 * @throws ReleaseError `BundleCorrupt` for an entry or link that would land outside the package
 */
export function stableEntries<Entry extends BundleEntry | PackedBundleEntry>(
  name: string,
  entries: readonly Entry[],
): readonly Entry[] {
  // A path that occurs twice: unpacking lets the later one win.
  const byPath = new Map(entries.filter((entry) => !isDirectory(entry)).map((entry) => [entry.path, entry]));
  return [...byPath.values()]
    .filter(({ path }) => !byPath.has(sourceOfCompiled(path)))
    .map((entry) => ({ ...entry, mode: stableMode(entry.mode) }))
    .map((entry) => refuseEscape(name, entry))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @returns the SHA-256 (hex) over path, mode and bytes of each entry; give it the result of `stableEntries`. */
export function contentHash(entries: Iterable<BundleEntry>): string {
  const hash = createHash('sha256');
  for (const { path, mode, bytes } of entries) {
    // Lengths make the encoding unambiguous: no two lists of entries feed the same bytes.
    hash.update(`${Buffer.byteLength(path)} ${path} ${mode.toString(8)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

const isDirectory = ({ path, mode }: Pick<BundleEntry, 'path' | 'mode'>): boolean =>
  path.endsWith('/') || (mode & TYPE) === DIRECTORY;

function stableMode(mode: number): number {
  if ((mode & TYPE) === LINK) return LINK_MODE;
  return mode & 0o111 ? EXECUTABLE_MODE : FILE_MODE;
}

/** @returns the path of the Python source that a `__pycache__` entry was compiled from; `''` for any other entry. */
function sourceOfCompiled(path: string): string {
  const match = COMPILED_PYTHON.exec(path);
  return match ? `${match[1] ?? ''}${match[2]}.py` : '';
}

function refuseEscape<Entry extends BundleEntry | PackedBundleEntry>(name: string, entry: Entry): Entry {
  const escapes = (path: string) => isAbsolute(path) || normalize(path).split('/')[0] === '..';
  if (escapes(entry.path) || entry.path.includes('\\')) {
    throw new ReleaseError('BundleCorrupt', `bundle ${name} has an entry outside the package: "${entry.path}"`);
  }
  if (entry.mode === LINK_MODE) {
    const target = Buffer.from('unpack' in entry ? entry.unpack() : entry.bytes).toString('utf8');
    if (isAbsolute(target) || escapes(join(dirname(entry.path), target))) {
      throw new ReleaseError(
        'BundleCorrupt',
        `bundle ${name} has a symbolic link that leaves the package: "${entry.path}" → "${target}"; make it a copy`,
      );
    }
  }
  return entry;
}
