import { createHash } from 'node:crypto';

const LONGEST = 32;
const HASH = 8;
const PULL_REQUEST = /^pr-\d+$/;
/** A branch whose own name looks like one with a hash must not pass for another branch's stage. */
const HASHED = new RegExp(`-[0-9a-f]{${HASH}}$`);

/** @returns the name of the stage of a pull request. */
export const pullRequestStageName = (number: number): string => `pr-${number}`;

/** @returns whether a stage has the name of a pull request's stage. */
export const isPullRequestStage = (name: string): boolean => PULL_REQUEST.test(name);

/**
 * Names the stage of a branch: the branch's name in lower case, with `-` for everything but letters and digits. If that
 * loses anything (case, characters, length), or the name means something else, it ends in a hash of the branch:
 * different branches have different stages.
 *
 * @param configured the names of the app's configured stages, none of which is ever returned
 */
export function branchStageName(branch: string, configured: readonly string[]): string {
  const isFree = (name: string): boolean => !configured.includes(name) && !isPullRequestStage(name);
  const words = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|(?<!-)-+$/g, '');
  const safe = /^[a-z]/.test(words) ? words : `branch-${words}`;
  if (safe === branch && safe.length <= LONGEST && !HASHED.test(safe) && isFree(safe)) return safe;

  const start = safe.slice(0, LONGEST - HASH - 1).replace(/(?<!-)-+$/, '');
  for (let salt = ''; ; salt += '\n') {
    const hash = createHash('sha256')
      .update(branch + salt)
      .digest('hex')
      .slice(0, HASH);
    const name = `${start}-${hash}`;
    if (isFree(name)) return name;
  }
}
