import { ReleaseError } from '../core/contracts/errors';
import type { Lineage } from '../core/trigger/tag-order';
import type { PullRequestReading, Source } from '../ports/source';

/** A repository as data: branches to commits, commits to trees (path → text). */
export interface MemoryRepository {
  readonly branches: Record<string, string>;
  readonly tags?: Record<string, string>;
  /** By number. */
  readonly pullRequests?: Record<number, PullRequestReading>;
  /** By commit. */
  readonly messages?: Record<string, string>;
  readonly commits: Record<string, Record<string, string>>;
  /** Symbolic links besides these files: by commit, path → what is written in the link. */
  readonly links?: Record<string, Record<string, string>>;
  /** The commits before each; nothing is below one that is not here. */
  readonly parents?: Record<string, readonly string[]>;
  /** The host's id; a test that has none takes the name. */
  readonly id?: string;
  /** Commits that are there, and on no branch or tag: those of forks. */
  readonly foreign?: readonly string[];
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
    return { ...found, ...linksOf(name, commit) };
  };
  const linksOf = (name: string, commit: string): Record<string, string> => find(name).links?.[commit] ?? {};
  const isBelow = (parents: Record<string, readonly string[]>, one: string, other: string): boolean =>
    (parents[other] ?? []).some((parent) => parent === one || isBelow(parents, one, parent));
  return {
    async commit({ name }, commit) {
      const { commits, messages = {}, parents = {} } = find(name);
      const isThere = [commits, messages, parents].some((one) => commit in one);
      return isThere ? { message: messages[commit] ?? 'a commit', parents: parents[commit] ?? [] } : undefined;
    },
    async lineage({ name }, commit, other): Promise<Lineage> {
      const { parents = {} } = find(name);
      if (commit === other) return 'identical';
      if (isBelow(parents, other, commit)) return 'ahead';
      return isBelow(parents, commit, other) ? 'behind' : 'diverged';
    },
    repositoryId: async ({ name }) => find(name).id ?? `id of ${name}`,
    findCommit: async ({ name }, commit) => {
      const { commits, foreign = [] } = find(name);
      return commit in commits && !foreign.includes(commit) ? 'reachable' : 'unreachable';
    },
    async head({ name }, ref) {
      const { branches, tags = {}, messages = {} } = find(name);
      const commit = 'branch' in ref ? branches[ref.branch] : tags[ref.tag];
      return commit === undefined ? undefined : { commit, message: messages[commit] ?? 'a commit' };
    },
    branches: async ({ name }) => new Map(Object.entries(find(name).branches)),
    pullRequest: async ({ name }, number) => find(name).pullRequests?.[number],
    tags: async ({ name }, prefixes) =>
      new Map(Object.entries(find(name).tags ?? {}).filter(([tag]) => prefixes.some((one) => tag.startsWith(one)))),
    openPullRequests: async ({ name }) =>
      Object.values(find(name).pullRequests ?? {}).flatMap(({ state, head, number, into, branch, isFork }) =>
        state === 'open' ? [{ number, into, branch, isFork, commit: head.commit }] : [],
      ),
    listFiles: async ({ name }, commit) => Object.keys(tree(name, commit)),
    symbolicLinks: async ({ name }, commit) => {
      tree(name, commit);
      return new Map(Object.entries(linksOf(name, commit)));
    },
    changedFiles: async ({ name }, base, head) => {
      if (!find(name).commits[base]) return 'unknown';
      const before = tree(name, base);
      const after = tree(name, head);
      return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
        (path) => before[path] !== after[path],
      );
    },
    editedFiles: async ({ name }, base, head) => {
      const [before = {}, after] = [find(name).commits[base], find(name).commits[head] ?? tree(name, head)];
      return new Set(Object.keys(after).filter((path) => path in before && before[path] !== after[path]));
    },
    readFile: async ({ name }, commit, path) => (path in linksOf(name, commit) ? undefined : tree(name, commit)[path]),
    cloneUrl: async ({ name }) => `https://git.example.com/${name}`,
    cloneToken: async () => undefined,
  };
}
