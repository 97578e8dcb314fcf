import { git } from '../../git/git';
import { revParse } from '../../git/rev-parse';

/**
 * What no reference's name contains (git-check-ref-format). Git would take such a text, `main~1` or `a:b`, for an
 * expression.
 */
const NO_NAME = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|^-|\/\/|^\/|\/$|\.lock$|\.$/u;
const OBJECT_ID = /^[0-9a-f]{7,40}$/;

/** @returns the object that a reference (such as `refs/heads/main`) points to; for an annotated tag, the tag itself. */
export async function objectOf(directory: string, name: string): Promise<string | undefined> {
  if (NO_NAME.test(name)) return undefined;
  return revParse(directory, name);
}

/** @returns the head of a branch, if there is one. */
export const branchHead = (directory: string, branch: string): Promise<string | undefined> =>
  objectOf(directory, `refs/heads/${branch}`);

/**
 * @returns the commit of a branch, a tag, a full name or an object id, which may be abbreviated; undefined if there is
 * none.
 */
export async function resolveCommit(directory: string, reference: string): Promise<string | undefined> {
  if (NO_NAME.test(reference)) return undefined;
  const names = [`refs/heads/${reference}`, `refs/tags/${reference}`];
  if (/^(heads|tags|pull)\//.test(reference)) names.push(`refs/${reference}`);
  if (reference.startsWith('refs/') || reference === 'HEAD') names.unshift(reference);
  if (OBJECT_ID.test(reference)) names.unshift(reference);
  for (const name of names) {
    const found = await revParse(directory, `${name}^{commit}`);
    if (found) return found;
  }
  return undefined;
}

/** @returns the kind of the object with this id; undefined if there is none. */
export async function kindOf(directory: string, sha: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
  const kind = await git(directory, ['cat-file', '-t', sha]).catch(() => undefined);
  return kind?.toString('utf8').trim();
}

/** One reference, and the object to which it points. */
export interface Reference {
  readonly name: string;
  readonly sha: string;
  readonly kind: string;
}

/** @returns all references whose full name begins with `prefix`, by name. */
export async function listReferences(directory: string, prefix: string): Promise<readonly Reference[]> {
  const listed = await git(directory, ['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)']);
  return listed
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [name = '', sha = '', kind = ''] = line.split(' ');
      return name.startsWith(prefix) && sha ? [{ name, sha, kind }] : [];
    });
}
