import { ReleaseError } from '../core/errors';
import type { Source } from '../ports/source';

/** A repository as data: branches to commits, commits to trees (path → text). */
export interface MemoryRepository {
  readonly branches: Record<string, string>;
  readonly commits: Record<string, Record<string, string>>;
}

/** In-memory twin of the port Source, over repositories by name. */
export function memorySource(repositories: Record<string, MemoryRepository>): Source {
  const find = (name: string): MemoryRepository => {
    const found = repositories[name];
    if (!found) throw new ReleaseError('RepositoryNotFound', `there is no repository "${name}"`);
    return found;
  };
  const tree = (name: string, commit: string): Record<string, string> => {
    const found = find(name).commits[commit];
    if (!found) throw new ReleaseError('CommitNotFound', `repository "${name}" has no commit ${commit}`);
    return found;
  };
  return {
    headCommit: async ({ name }, branch) => find(name).branches[branch],
    listFiles: async ({ name }, commit) => Object.keys(tree(name, commit)),
    changedFiles: async ({ name }, base, head) => {
      const before = find(name).commits[base];
      if (!before) return 'unknown';
      const after = tree(name, head);
      return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
        (path) => before[path] !== after[path],
      );
    },
    readFile: async ({ name }, commit, path) => tree(name, commit)[path],
    cloneUrl: async ({ name }) => `https://git.example.com/${name}`,
  };
}
