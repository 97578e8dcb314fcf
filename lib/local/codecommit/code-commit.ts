import { AwsError } from '../calls/aws-error';
import type { GatewayService } from '../gateway/gateway';
import { git } from '../git/git';
import { branchHead } from '../git/rev-parse';
import { REPOSITORIES_PATH } from './git-http';
import type { RepositoryHome } from './reference-events';
import type { Repositories, RepositoryRecord } from './repositories';
import { differences, readBlob, readCommit, readFolder, resolveCommit } from './trees';

const PAGE = 100;

/** What the service needs. */
export interface CodeCommitParts {
  readonly repositories: Repositories;
  readonly home: RepositoryHome;
  readonly endpoint: string;
}

/**
 * The part of CodeCommit's API that a reader of repositories needs, over bare git repositories. Inputs and errors are
 * those of the API reference.
 */
export function codeCommit({ repositories, home, endpoint }: CodeCommitParts): GatewayService {
  const metadata = (record: RepositoryRecord) => ({
    accountId: home.accountId,
    repositoryId: record.id,
    repositoryName: record.name,
    repositoryDescription: record.description,
    defaultBranch: record.defaultBranch,
    creationDate: record.created.getTime() / 1000,
    lastModifiedDate: record.created.getTime() / 1000,
    cloneUrlHttp: `${endpoint}${REPOSITORIES_PATH}${record.name}`,
    cloneUrlSsh: '',
    Arn: `arn:aws:codecommit:${home.region}:${home.accountId}:${record.name}`,
  });
  const directory = (input: { repositoryName: string }) => repositories.directory(input.repositoryName);

  return {
    target: 'CodeCommit_20150413',
    model: 'codecommit',
    others: 'refuse',
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodecommit.html
    rights: (operation, { repositoryName }) => [
      {
        action: `codecommit:${operation}`,
        resource:
          operation === 'ListRepositories'
            ? '*'
            : `arn:aws:codecommit:${home.region}:${home.accountId}:${repositoryName}`,
      },
    ],
    operations: {
      CreateRepository: async (input) => ({
        repositoryMetadata: metadata(await repositories.create(input.repositoryName, input.repositoryDescription)),
      }),
      GetRepository: async (input) => ({ repositoryMetadata: metadata(await repositories.get(input.repositoryName)) }),
      DeleteRepository: async (input) => ({ repositoryId: await repositories.delete(input.repositoryName) }),
      ListRepositories: async () => {
        const records = await Promise.all((await repositories.list()).map((name) => repositories.get(name)));
        return { repositories: records.map(({ name, id }) => ({ repositoryName: name, repositoryId: id })) };
      },
      GetBranch: async (input) => {
        if (!input.branchName) throw new AwsError('BranchNameRequiredException', 'A branch name is required');
        const commitId = await branchHead(await directory(input), input.branchName);
        if (!commitId) throw new AwsError('BranchDoesNotExistException', `Branch ${input.branchName} does not exist`);
        return { branch: { branchName: input.branchName, commitId } };
      },
      ListBranches: async (input) => {
        const names = await git(await directory(input), ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads']);
        return { branches: names.toString('utf8').split('\n').filter(Boolean) };
      },
      GetCommit: async (input) => ({ commit: await readCommit(await directory(input), input.commitId) }),
      GetDifferences: async (input) => {
        const at = await directory(input);
        const [after, before] = await Promise.all([
          resolveCommit(at, input.afterCommitSpecifier),
          input.beforeCommitSpecifier && resolveCommit(at, input.beforeCommitSpecifier),
        ]);
        const path = input.afterPath ?? input.beforePath;
        return page(await differences(at, { before, after, path }), input);
      },
      GetFile: async (input) => {
        const at = await directory(input);
        const commitId = await resolveCommit(at, input.commitSpecifier ?? 'HEAD');
        const folder = await readFolder(at, commitId, parentOf(input.filePath)).catch(() => undefined);
        const entries = [...(folder?.files ?? []), ...(folder?.symbolicLinks ?? [])];
        const file = entries.find(({ absolutePath }) => absolutePath === clean(input.filePath));
        if (!file)
          throw new AwsError('FileDoesNotExistException', `The file ${input.filePath} does not exist in ${commitId}`);
        const content = await readBlob(at, file.blobId);
        return {
          commitId,
          blobId: file.blobId,
          filePath: file.absolutePath,
          fileMode: file.fileMode,
          fileSize: content.length,
          fileContent: content.toString('base64'),
        };
      },
      GetBlob: async (input) => {
        if (!input.blobId) throw new AwsError('BlobIdRequiredException', 'A blob ID is required');
        const content = await readBlob(await directory(input), input.blobId).catch(() => undefined);
        if (!content) throw new AwsError('BlobIdDoesNotExistException', `Blob ${input.blobId} does not exist`);
        return { content: content.toString('base64') };
      },
      GetMergeOptions: async (input) => {
        const at = await directory(input);
        const [source, destination] = await Promise.all([
          resolveCommit(at, input.sourceCommitSpecifier),
          resolveCommit(at, input.destinationCommitSpecifier),
        ]);
        const base = await git(at, ['merge-base', source, destination]).catch(() => Buffer.from(''));
        const baseCommitId = base.toString('utf8').trim();
        const mergeOptions = baseCommitId === destination ? ['FAST_FORWARD_MERGE'] : [];
        return { mergeOptions, sourceCommitId: source, destinationCommitId: destination, baseCommitId };
      },
      GetFolder: async (input) => {
        const at = await directory(input);
        return readFolder(at, await resolveCommit(at, input.commitSpecifier ?? 'HEAD'), clean(input.folderPath));
      },
    },
  };
}

/** Cuts one page out of all differences. The token is the index of the next page's first item. */
function page(all: readonly unknown[], input: { MaxResults?: number; NextToken?: string }) {
  const start = input.NextToken === undefined ? 0 : Number(input.NextToken);
  if (!Number.isInteger(start) || start < 0 || start > all.length)
    throw new AwsError('InvalidContinuationTokenException', `${input.NextToken} is not a valid continuation token`);
  const size = input.MaxResults ?? PAGE;
  if (!Number.isInteger(size) || size < 1)
    throw new AwsError('InvalidMaxResultsException', `${input.MaxResults} is not a valid number of results`);
  const end = start + size;
  return { differences: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}

const clean = (path = ''): string => path.replace(/^\/+|\/+$/g, '');
const parentOf = (path = ''): string => clean(path).split('/').slice(0, -1).join('/');
