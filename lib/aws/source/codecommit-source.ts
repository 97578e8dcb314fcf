import {
  BranchDoesNotExistException,
  type CodeCommitClient,
  type Commit,
  CommitDoesNotExistException,
  CommitIdDoesNotExistException,
  FileDoesNotExistException,
  GetBlobCommand,
  GetBranchCommand,
  GetCommitCommand,
  GetFileCommand,
  GetFolderCommand,
  GetMergeOptionsCommand,
  GetRepositoryCommand,
  paginateGetDifferences,
  paginateListBranches,
  RepositoryDoesNotExistException,
  TipsDivergenceExceededException,
} from '@aws-sdk/client-codecommit';
import { ReleaseError } from '../../core/contracts/errors';
import type { Repository } from '../../core/contracts/release';
import { mapBounded } from '../../core/map-bounded';
import { readLinks } from '../../core/plan/read-links';
import { keeping } from '../../github/keeping';
import type { Source } from '../../ports/source';
import { readGitReferences } from './git-references';

/** Branches whose head is read side by side. */
const AT_ONCE = 10;

/** Each of some ten megabytes if there are 100,000 files. */
const LISTS_KEPT = 2;
/** Of a symbolic link: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_BlobMetadata.html */
const LINK = '120000';

/** A file or a symbolic link of a tree. */
interface Entry {
  readonly path: string;
  readonly mode?: string;
  readonly blobId?: string;
}
/** Of files with content of their own. */
const FILES: ReadonlySet<string | undefined> = new Set(['100644', '100755']);
const isFile = (mode: string | undefined): boolean => FILES.has(mode);

/** The port Source over CodeCommit: https://docs.aws.amazon.com/codecommit/latest/APIReference/ */
export function codeCommitSource(client: CodeCommitClient, now: () => number = Date.now): Source {
  /** A repository's URL is made of its Region and name, so a worker asks for it only once. */
  const cloneUrls = new Map<string, string>();

  /** Every file on either side of the differences between two trees; without `base`, all of `head`. */
  async function differences(repository: Repository, head: string, base?: string): Promise<readonly Entry[]> {
    const entries = new Map<string, Entry>();
    await named(repository, async () => {
      const commits = { beforeCommitSpecifier: base, afterCommitSpecifier: head };
      for await (const page of paginateGetDifferences({ client }, { repositoryName: repository.name, ...commits })) {
        for (const { beforeBlob, afterBlob } of page.differences ?? []) {
          for (const { path, mode, blobId } of [beforeBlob ?? {}, afterBlob ?? {}]) {
            if (path) entries.set(path, { path, mode, blobId });
          }
        }
      }
    });
    return [...entries.values()];
  }

  /** A plan needs the files of one commit and its links, which are in one list. */
  const lists = keeping<readonly Entry[]>(LISTS_KEPT);
  const entriesOf = (repository: Repository, commit: string): Promise<readonly Entry[]> =>
    lists.get(`${repository.name} ${commit}`, async () => {
      try {
        return await differences(repository, commit);
      } catch (error) {
        throw error instanceof CommitDoesNotExistException ? commitNotFound(repository, commit) : error;
      }
    });

  async function linkOf(repository: Repository, blobId: string): Promise<string> {
    const { content } = await named(repository, () =>
      client.send(new GetBlobCommand({ repositoryName: repository.name, blobId })),
    );
    return Buffer.from(content ?? []).toString('utf8');
  }

  async function edits(repository: Repository, base: string, head: string): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    const commits = { beforeCommitSpecifier: base, afterCommitSpecifier: head };
    await named(repository, async () => {
      for await (const page of paginateGetDifferences({ client }, { repositoryName: repository.name, ...commits })) {
        for (const { beforeBlob, afterBlob } of page.differences ?? []) {
          const isEdit = beforeBlob?.path !== undefined && beforeBlob.path === afterBlob?.path;
          if (isEdit && isFile(beforeBlob.mode) && isFile(afterBlob.mode)) found.add(beforeBlob.path!);
        }
      }
    });
    return found;
  }

  async function branchHead(repository: Repository, branchName: string): Promise<string | undefined> {
    try {
      const { branch } = await named(repository, () =>
        client.send(new GetBranchCommand({ repositoryName: repository.name, branchName })),
      );
      return branch?.commitId;
    } catch (error) {
      if (error instanceof BranchDoesNotExistException) return undefined;
      throw error;
    }
  }

  /** No call is for tags, but any call that takes a commit also takes a tag, and this one says which commit it is. */
  async function tagHead(repository: Repository, tag: string): Promise<string | undefined> {
    try {
      const input = { repositoryName: repository.name, commitSpecifier: `refs/tags/${tag}`, folderPath: '/' };
      return (await named(repository, () => client.send(new GetFolderCommand(input)))).commitId;
    } catch (error) {
      if (error instanceof CommitDoesNotExistException) return undefined;
      throw error;
    }
  }

  async function readCommit(repository: Repository, commitId: string): Promise<Commit> {
    const input = { repositoryName: repository.name, commitId };
    return (await named(repository, () => client.send(new GetCommitCommand(input)))).commit ?? {};
  }

  async function cloneUrl(repository: Repository): Promise<string> {
    const known = cloneUrls.get(repository.name);
    if (known !== undefined) return known;
    const { repositoryMetadata } = await named(repository, () =>
      client.send(new GetRepositoryCommand({ repositoryName: repository.name })),
    );
    const url = repositoryMetadata!.cloneUrlHttp!;
    cloneUrls.set(repository.name, url);
    return url;
  }

  return {
    async repositoryId(repository) {
      const { repositoryMetadata } = await named(repository, () =>
        client.send(new GetRepositoryCommand({ repositoryName: repository.name })),
      );
      return repositoryMetadata!.repositoryId!;
    },

    async commit(repository, commit) {
      try {
        const { message = '', parents = [] } = await readCommit(repository, commit);
        return { message: message.trimEnd(), parents };
      } catch (error) {
        if (error instanceof CommitIdDoesNotExistException) return undefined;
        throw error;
      }
    },

    async lineage(repository, commit, other) {
      if (commit === other) return 'identical';
      try {
        // No call asks for this, but the one about merging says where the two have parted.
        const input = { sourceCommitSpecifier: commit, destinationCommitSpecifier: other };
        const { baseCommitId } = await named(repository, () =>
          client.send(new GetMergeOptionsCommand({ repositoryName: repository.name, ...input })),
        );
        if (baseCommitId === other) return 'ahead';
        return baseCommitId === commit ? 'behind' : 'diverged';
      } catch (error) {
        const isKnown =
          error instanceof CommitDoesNotExistException || error instanceof TipsDivergenceExceededException;
        if (isKnown) return 'diverged';
        throw error;
      }
    },

    // CodeCommit has no forks: whatever commit it has was pushed to this repository.
    findCommit: async () => 'reachable',

    async head(repository, ref) {
      const commit = await ('branch' in ref ? branchHead(repository, ref.branch) : tagHead(repository, ref.tag));
      if (commit === undefined) return undefined;
      const { message = '' } = await readCommit(repository, commit);
      return { commit, message: message.trimEnd() };
    },

    async branches(repository) {
      const names: string[] = [];
      await named(repository, async () => {
        for await (const page of paginateListBranches({ client }, { repositoryName: repository.name })) {
          names.push(...(page.branches ?? []));
        }
      });
      const heads = await mapBounded(names, AT_ONCE, (name) => branchHead(repository, name));
      return new Map(
        names.flatMap((name, index) => (heads[index] === undefined ? [] : [[name, heads[index]] as const])),
      );
    },

    async tags(repository, prefixes) {
      const [url, region, credentials] = await Promise.all([
        cloneUrl(repository),
        client.config.region(),
        client.config.credentials(),
      ]);
      const references = await readGitReferences({ cloneUrl: url, region, credentials, now: now() });
      return new Map(
        [...references].flatMap(([name, commit]) => {
          const tag = /^refs\/tags\/(.+)$/s.exec(name)?.[1];
          return tag !== undefined && prefixes.some((prefix) => tag.startsWith(prefix)) ? [[tag, commit] as const] : [];
        }),
      );
    },

    // CodeCommit's pull requests have no say in what is deployed.
    pullRequest: async () => undefined,
    openPullRequests: async () => [],
    // A build's role may pull from its repository.
    cloneToken: async () => undefined,

    listFiles: async (repository, commit) => (await entriesOf(repository, commit)).map(({ path }) => path),

    async symbolicLinks(repository, commit) {
      const links = (await entriesOf(repository, commit)).filter(({ mode }) => mode === LINK);
      return readLinks(new Map(links.map(({ path, blobId = '' }) => [path, blobId])), (id) => linkOf(repository, id));
    },

    async changedFiles(repository, base, head) {
      if (base === head) return [];
      try {
        return (await differences(repository, head, base)).map(({ path }) => path);
      } catch (error) {
        // CodeCommit does not say which of the two is missing; a missing head surfaces in listFiles.
        if (error instanceof CommitDoesNotExistException) return 'unknown';
        throw error;
      }
    },

    async editedFiles(repository, base, head) {
      if (base === head) return new Set();
      try {
        return await edits(repository, base, head);
      } catch (error) {
        if (error instanceof CommitDoesNotExistException) return new Set();
        throw error;
      }
    },

    async readFile(repository, commit, path) {
      try {
        const { fileContent } = await named(repository, () =>
          client.send(new GetFileCommand({ repositoryName: repository.name, commitSpecifier: commit, filePath: path })),
        );
        return Buffer.from(fileContent ?? []).toString('utf8');
      } catch (error) {
        if (error instanceof FileDoesNotExistException) return undefined;
        if (error instanceof CommitDoesNotExistException) throw commitNotFound(repository, commit);
        throw error;
      }
    },

    cloneUrl,
  };
}

async function named<T>(repository: Repository, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof RepositoryDoesNotExistException)) throw error;
    throw new ReleaseError(
      'RepositoryNotFound',
      `CodeCommit has no repository "${repository.name}"; create it, or correct "repository" of the app in seedbed.yml`,
      { cause: error },
    );
  }
}

const commitNotFound = (repository: Repository, commit: string): ReleaseError =>
  new ReleaseError(
    'CommitNotFound',
    `repository "${repository.name}" has no commit ${commit}; push it, or release another commit`,
  );
