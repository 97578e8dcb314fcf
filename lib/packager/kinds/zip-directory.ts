import { mkdir, readdir, readFile, readlink, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { type BundleEntry, contentHash, stableEntries } from '../../core/build/bundle-entries';
import { ReleaseError } from '../../core/contracts/errors';
import { writeZip } from '../write-zip';

/** A zip that was made of a directory. */
export interface DirectoryZip {
  readonly file: string;
  readonly contentHash: string;
}

const LINK_MODE = 0o120777;
const DEFLATED = 8;

/**
 * Zips what is in a directory. Links within it stay links; others are followed, as long as they stay in the repository.
 *
 * @param file absolute path of the zip, made with its directory
 * @param within absolute path that no link may lead out of
 * @throws ReleaseError `PackageFailed` for a link that does
 */
export async function zipDirectory(directory: string, file: string, within: readonly string[]): Promise<DirectoryZip> {
  const entries: BundleEntry[] = [];
  const roots = await Promise.all([directory, ...within].map((one) => realpath(one)));
  for await (const entry of walk(directory, { roots, path: '', above: [] })) entries.push(entry);
  const stable = stableEntries(file, entries);
  const packed = stable.map(({ path, mode, bytes }) => ({
    path,
    mode,
    size: bytes.length,
    method: DEFLATED,
    compressed: deflateRawSync(bytes),
    crc: crc32(bytes),
  }));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, writeZip(packed).bytes);
  return { file, contentHash: contentHash(stable) };
}

interface Walk {
  readonly roots: readonly string[];
  /** Of the directory, within the zip; empty or with a slash at its end. */
  readonly path: string;
  /** Real paths of the directories that lead here. */
  readonly above: readonly string[];
}

async function* walk(directory: string, { roots, path, above }: Walk): AsyncGenerator<BundleEntry> {
  const real = await realpath(directory);
  if (above.includes(real)) return;
  const inside = { roots, above: [...above, real] };
  for (const { name } of (await readdir(directory, { withFileTypes: true })).sort(byName)) {
    const at = join(directory, name);
    const link = await readlink(at).catch(() => undefined);
    if (link !== undefined && staysIn(`${path}${name}`, link)) {
      yield { path: `${path}${name}`, mode: LINK_MODE, bytes: Buffer.from(link) };
      continue;
    }
    const found = await stat(at).catch(() => undefined);
    if (found === undefined) continue;
    if (link !== undefined) refuseOutside(await realpath(at), roots, `${path}${name}`);
    if (found.isDirectory()) yield* walk(at, { ...inside, path: `${path}${name}/` });
    else if (found.isFile()) yield { path: `${path}${name}`, mode: found.mode, bytes: await readFile(at) };
  }
}

/** @returns whether a link at that path of a zip leads to something in the zip */
function staysIn(path: string, link: string): boolean {
  if (link.startsWith('/')) return false;
  const target = join('/zip', dirname(path), link);
  return target.startsWith('/zip/');
}

function refuseOutside(real: string, roots: readonly string[], path: string): void {
  if (roots.some((root) => !relative(root, real).split(sep).includes('..'))) return;
  throw new ReleaseError(
    'PackageFailed',
    `"${path}" leads out of the repository, by a symbolic link; put what it points at into the repository`,
  );
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);
