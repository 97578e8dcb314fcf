import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ReleaseError } from '../core/contracts/errors';

/**
 * Makes sure that a file or directory of a checkout is one: not a symbolic link to what the build's own machine has, which would
 * then be read as configuration or shipped as code. What is not there is for others to complain of.
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
