import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ReleaseError } from '../core/contracts/errors';

/**
 * Makes sure that a file or directory of a checkout is really in it, and not a symbolic link to something on the
 * build's machine, which would then be read as configuration or shipped as code. A missing file is left to its reader.
 *
 * @param root directory that it has to stay in
 * @param path within it
 * @throws ReleaseError `PackageFailed`
 */
export async function refuseLinkOutside(root: string, path: string): Promise<void> {
  const [from, to] = await Promise.all([realpath(root), realpath(join(root, path)).catch(() => undefined)]);
  if (to === undefined) return;
  const [first] = relative(from, to).split(sep);
  if (first !== '..') return;
  throw new ReleaseError(
    'PackageFailed',
    `"${path}" leads out of the repository, by a symbolic link or by ".."; put what it points at into the repository`,
  );
}
