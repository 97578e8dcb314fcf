import type { Octokit } from '@octokit/core';
import { ReleaseError } from '../core/contracts/errors';
import type { Repository } from '../core/contracts/release';
import { readLinks } from '../core/plan/read-links';
import type { Lineage } from '../core/trigger/tag-order';
import type { Head, Source } from '../ports/source';
import type { GitHubClients } from './client';
import { ownerAndRepo } from './credentials';
import { isStatus } from './errors';
import { keeping } from './keeping';
import { differences, edits, findEntry, isFile, linksOf, pathsOf, readTree, type Tree, type TreePage } from './trees';

const PER_PAGE = 100;
/** Branches and tags that are compared with a commit side by side, and in all: each takes a call. */
const AT_ONCE = 5;
const MOST_COMPARED = 100;
/** A plan needs two, each of some ten megabytes if there are 100,000 files. */
const TREES_KEPT = 4;
/** Contents of symbolic links, of some hundred characters each. */
const LINKS_KEPT = 1_000;
/** How long a token is taken to be valid if GitHub does not say. */
const TOKEN_LIFE_MS = 60 * 60_000;

/** One page of a list: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
interface Page<T> {
  readonly data: readonly T[];
  readonly headers: { readonly link?: string };
}

/** The fork itself may be gone by now. */
const isOfFork = (head: { readonly id: number } | null, base: { readonly id: number }): boolean => head?.id !== base.id;

/** The port Source over GitHub's REST API: https://docs.github.com/en/rest */
export function gitHubSource(clients: GitHubClients, now: () => number = Date.now): Source {
  /** A commit never changes, so a worker reads its tree only once. */
  const trees = keeping<Tree>(TREES_KEPT);
  /** By hash. */
  const links = keeping<string>(LINKS_KEPT);
  const reading = (repository: Repository): Octokit => clients.client(repository, 'read');
  const keyOf = ({ name }: Repository, commit: string): string => `${name} ${commit}`;

  const ask =
    (repository: Repository) =>
    async (sha: string, recursive: boolean): Promise<TreePage> => {
      const { data } = await reading(repository).request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
        ...ownerAndRepo(repository),
        tree_sha: sha,
        ...(recursive && { recursive: '1' }),
        // Octokit's own parser looks at each value, and a large tree has a million.
        request: { parseSuccessResponseBody: false },
      });
      return (await new Response(data as unknown as ReadableStream).json()) as TreePage;
    };

  const linkOf = (repository: Repository, sha: string): Promise<string> =>
    links.get(sha, async () => {
      const route = 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}';
      const { data } = await reading(repository).request(route, { ...ownerAndRepo(repository), file_sha: sha });
      return Buffer.from(data.content, data.encoding as BufferEncoding).toString('utf8');
    });

  const treeOf = (repository: Repository, commit: string): Promise<Tree> =>
    trees.get(keyOf(repository, commit), () => orNoCommit(repository, commit, () => readTree(ask(repository), commit)));

  /** What is the same in a large tree is not read, so the result serves only this comparison. */
  const readBase = (repository: Repository, base: string, { commit, tree }: { commit: string; tree: Tree }) =>
    trees.get(`${keyOf(repository, base)} beside ${commit}`, () => readTree(ask(repository), base, tree));

  /** @returns what two trees tell together; undefined if the first one's commit is gone */
  async function between<T>(
    repository: Repository,
    base: string,
    head: string,
    compare: (before: Tree, after: Tree) => T,
  ): Promise<T | undefined> {
    const after = await treeOf(repository, head);
    try {
      const before = trees.known(keyOf(repository, base)) ?? readBase(repository, base, { commit: head, tree: after });
      return compare(await before, after);
    } catch (error) {
      // The repository is there: its head has been read.
      if (isStatus(error, 404, 422)) return undefined;
      throw error;
    }
  }

  /** @throws ReleaseError `CommitNotFound`, or `RepositoryNotFound` if that is why */
  async function orNoCommit<T>(repository: Repository, commit: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isStatus(error, 404, 409, 422)) throw error;
      await requireRepository(repository);
      throw new ReleaseError(
        'CommitNotFound',
        `repository "${repository.name}" has no commit ${commit}; push it, or release another commit`,
        { cause: error },
      );
    }
  }

  /** @returns undefined if the repository is there, and what was asked for is not */
  async function orUndefined<T>(repository: Repository, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!isStatus(error, 404, 409)) throw error;
      if (!error.message.startsWith('Branch not found')) await requireRepository(repository);
      return undefined;
    }
  }

  /** GitHub answers 404 for whatever a token cannot see. */
  async function requireRepository(
    repository: Repository,
  ): Promise<{ readonly id: number; readonly clone_url: string }> {
    try {
      return (await reading(repository).request('GET /repos/{owner}/{repo}', ownerAndRepo(repository))).data;
    } catch (error) {
      throw isStatus(error, 404) ? await notFound(repository) : error;
    }
  }

  async function notFound({ name }: Repository): Promise<ReleaseError> {
    const { as } = await clients.credentials();
    return new ReleaseError(
      'RepositoryNotFound',
      `${as} of secret "${clients.access.secret}" cannot see repository "${name}" on GitHub: it was deleted, moved ` +
        'or made private; give access to it, or correct "repository" of the app in seedbed.yml',
    );
  }

  const readCommit = (client: Octokit, repository: Repository, commit: string) =>
    client.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      ...ownerAndRepo(repository),
      commit_sha: commit,
    });

  const commitMessage = async (client: Octokit, repository: Repository, commit: string): Promise<string> =>
    (await readCommit(client, repository, commit)).data.message;

  async function branchHead(repository: Repository, branch: string): Promise<Head | undefined> {
    const { data } = await reading(repository).request('GET /repos/{owner}/{repo}/branches/{branch}', {
      ...ownerAndRepo(repository),
      branch,
    });
    // GitHub redirects from a branch's old name to its new one: the old one no longer exists.
    if (data.name !== branch) return undefined;
    return { commit: data.commit.sha, message: data.commit.commit.message };
  }

  async function tagHead(repository: Repository, tag: string): Promise<Head | undefined> {
    const client = reading(repository);
    const names = ownerAndRepo(repository);
    const reference = await client.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...names, ref: `tags/${tag}` });
    let { object } = reference.data;
    const pointsAt = object.sha;
    // An annotated tag names what it tags, which may be a tag too.
    while (object.type === 'tag') {
      const route = 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}';
      object = (await client.request(route, { ...names, tag_sha: object.sha })).data.object;
    }
    if (object.type !== 'commit') return undefined;
    const message = await commitMessage(client, repository, object.sha);
    return { commit: object.sha, message, ...(pointsAt !== object.sha && { object: pointsAt }) };
  }

  /** @returns a whole list: reads pages as long as GitHub names a next one. */
  async function all<T>(repository: Repository, read: (page: number) => Promise<Page<T>>): Promise<T[]> {
    const found: T[] = [];
    try {
      for (let number = 1; ; number += 1) {
        const { data, headers } = await read(number);
        found.push(...data);
        if (!/rel="next"/.test(headers.link ?? '')) return found;
      }
    } catch (error) {
      throw isStatus(error, 404) ? await notFound(repository) : error;
    }
  }

  /** @returns how a commit stands to another, or to the head of a branch or tag */
  async function lineage(repository: Repository, commit: string, other: string): Promise<Lineage> {
    if (commit === other) return 'identical';
    try {
      const { data } = await reading(repository).request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...ownerAndRepo(repository),
        basehead: `${other}...${commit}`,
        // Files are on the first page only: https://docs.github.com/en/rest/commits/commits#compare-two-commits
        per_page: 1,
        page: 2,
      });
      return data.status;
    } catch (error) {
      // One of them is not there, or they have nothing in common.
      if (isStatus(error, 404)) return 'diverged';
      throw error;
    }
  }

  /** @returns whether a commit is the head of a branch or tag, or lies below it */
  const isBelow = async (repository: Repository, commit: string, ref: string): Promise<boolean> =>
    ['behind', 'identical'].includes(await lineage(repository, commit, ref));

  async function isBelowAny(repository: Repository, commit: string, refs: readonly string[]): Promise<boolean> {
    for (let at = 0; at < refs.length; at += AT_ONCE) {
      const some = refs.slice(at, at + AT_ONCE).map((ref) => isBelow(repository, commit, ref));
      if ((await Promise.all(some)).includes(true)) return true;
    }
    return false;
  }

  const self: Source = {
    repositoryId: async (repository) => String((await requireRepository(repository)).id),
    lineage,

    commit: (repository, commit) =>
      orUndefined(repository, async () => {
        const { data } = await readCommit(reading(repository), repository, commit);
        return { message: data.message, parents: data.parents.map(({ sha }) => sha) };
      }),

    async findCommit(repository, commit, first) {
      if (await isBelowAny(repository, commit, first)) return 'reachable';
      const [branches, tags] = await Promise.all([self.branches(repository), self.tags(repository, [''])]);
      if ([...branches.values(), ...tags.values()].includes(commit)) return 'reachable';
      const others = [...branches.keys()].filter((branch) => !first.includes(branch));
      const refs = [...others, ...tags.keys()];
      if (await isBelowAny(repository, commit, refs.slice(0, MOST_COMPARED))) return 'reachable';
      return refs.length > MOST_COMPARED ? 'unknown' : 'unreachable';
    },

    head: (repository, ref) =>
      orUndefined(repository, () =>
        'branch' in ref ? branchHead(repository, ref.branch) : tagHead(repository, ref.tag),
      ),

    async branches(repository) {
      const list = await all(repository, async (page) => {
        const input = { ...ownerAndRepo(repository), per_page: PER_PAGE, page };
        return reading(repository).request('GET /repos/{owner}/{repo}/branches', input);
      });
      return new Map(list.map(({ name, commit }) => [name, commit.sha]));
    },

    async tags(repository, prefixes) {
      // As a rule one call, whatever the number of tags; where a server makes pages of them, they are read.
      const route = 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}';
      const lists = await Promise.all(
        prefixes.map((prefix) =>
          all(repository, async (page) => {
            const input = { ...ownerAndRepo(repository), ref: `tags/${prefix}`, per_page: PER_PAGE, page };
            return reading(repository).request(route, input);
          }),
        ),
      );
      return new Map(lists.flat().map(({ ref, object }) => [ref.replace(/^refs\/tags\//, ''), object.sha]));
    },

    pullRequest: (repository, number) =>
      orUndefined(repository, async () => {
        const client = clients.client(repository, 'pulls');
        const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
        const { data } = await client.request(route, { ...ownerAndRepo(repository), pull_number: number });
        const { state, base, head } = data;
        return {
          number,
          state,
          into: base.ref,
          branch: head.ref,
          head: { commit: head.sha, message: await commitMessage(client, repository, head.sha) },
          isFork: isOfFork(head.repo, base.repo),
        };
      }),

    async openPullRequests(repository) {
      const list = await all(repository, async (page) => {
        const input = { ...ownerAndRepo(repository), state: 'open', per_page: PER_PAGE, page } as const;
        return clients.client(repository, 'pulls').request('GET /repos/{owner}/{repo}/pulls', input);
      });
      return list.map(({ number, base, head }) => ({
        number,
        into: base.ref,
        branch: head.ref,
        commit: head.sha,
        isFork: isOfFork(head.repo, base.repo),
      }));
    },

    listFiles: async (repository, commit) => pathsOf(await treeOf(repository, commit)),

    symbolicLinks: async (repository, commit) =>
      readLinks(linksOf(await treeOf(repository, commit)), (sha) => linkOf(repository, sha)),

    changedFiles: async (repository, base, head) =>
      base === head ? [] : ((await between(repository, base, head, differences)) ?? 'unknown'),

    editedFiles: async (repository, base, head) =>
      (base === head ? undefined : await between(repository, base, head, edits)) ?? new Set(),

    async readFile(repository, commit, path) {
      const input = { ...ownerAndRepo(repository), path, ref: commit };
      const [entry, content] = await Promise.all([
        orNoCommit(repository, commit, async () => {
          const tree = trees.known(keyOf(repository, commit));
          return tree ? (await tree).files.get(path) : findEntry(ask(repository), commit, path);
        }),
        reading(repository)
          .request('GET /repos/{owner}/{repo}/contents/{path}', {
            ...input,
            headers: { accept: 'application/vnd.github.raw+json' },
            request: { parseSuccessResponseBody: false },
          })
          .then(({ data }) => new Response(data as unknown as ReadableStream).arrayBuffer())
          .catch((error: unknown) => {
            if (isStatus(error, 404)) return undefined;
            throw error;
          }),
      ]);
      // GitHub follows symbolic links, and lists directories.
      return isFile(entry) && content ? Buffer.from(content).toString('utf8') : undefined;
    },

    cloneUrl: async (repository) => (await requireRepository(repository)).clone_url,

    async cloneToken(repository) {
      const { token, until } = await clients.token(repository, 'read', true);
      return { token, until: until ?? new Date(now() + TOKEN_LIFE_MS).toISOString() };
    },
  };
  return self;
}
