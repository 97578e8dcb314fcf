import { git } from './git';
import { revParse } from './rev-parse';

/** The object id that stands for "nothing". */
export const NOTHING = '0'.repeat(40);

/** One reference that moved. {@link NOTHING} as `before` means that it is new, as `after` that it was deleted. */
export interface MovedReference {
  readonly before: string;
  readonly after: string;
  /** Full name, such as `refs/heads/main`. */
  readonly name: string;
}

/** @returns the references that git named to the repository's hook. */
export const readMoved = (body: Buffer): readonly MovedReference[] =>
  body
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [before, after, name] = line.split(' ');
      return before && after && name ? [{ before, after, name }] : [];
    });

/** Makes the first branch that is pushed the default one, as CodeCommit and GitHub do. */
export async function followFirstBranch(directory: string, moved: readonly MovedReference[]): Promise<void> {
  const branch = moved.find(({ name, before }) => name.startsWith('refs/heads/') && before === NOTHING);
  if (!branch) return;
  if (!(await revParse(directory, 'HEAD'))) await git(directory, ['symbolic-ref', 'HEAD', branch.name]);
}
