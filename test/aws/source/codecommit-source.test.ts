import {
  CodeCommitClient,
  CommitDoesNotExistException,
  GetBlobCommand,
  GetDifferencesCommand,
  GetRepositoryCommand,
  RepositoryDoesNotExistException,
} from '@aws-sdk/client-codecommit';
import { mockClient } from 'aws-sdk-client-mock';
import { codeCommitSource } from '../../../lib/aws/source/codecommit-source';

const sdk = mockClient(CodeCommitClient);
const source = () => codeCommitSource(new CodeCommitClient({ region: 'eu-west-1' }));
const shop = { provider: 'codecommit', name: 'shop' } as const;
beforeEach(() => sdk.reset());

describe("codeCommitSource: a repository's clone URL", () => {
  beforeEach(() => {
    sdk
      .on(GetRepositoryCommand)
      .callsFake(({ repositoryName }) => ({ repositoryMetadata: { cloneUrlHttp: `https://git/${repositoryName}` } }));
  });

  it('is asked for once per repository', async () => {
    const { cloneUrl } = source();
    const urls = [await cloneUrl(shop), await cloneUrl(shop), await cloneUrl({ ...shop, name: 'site' })];
    expect(urls).toEqual(['https://git/shop', 'https://git/shop', 'https://git/site']);
    expect(sdk.commandCalls(GetRepositoryCommand)).toHaveLength(2);
  });

  it('is asked for again after it could not be read', async () => {
    const { cloneUrl } = source();
    sdk
      .on(GetRepositoryCommand)
      .rejectsOnce(new RepositoryDoesNotExistException({ message: 'shop does not exist', $metadata: {} }));
    await expect(cloneUrl(shop)).rejects.toMatchObject({ code: 'RepositoryNotFound' });
    sdk.on(GetRepositoryCommand).resolves({ repositoryMetadata: { cloneUrlHttp: 'https://git/shop' } });
    expect(await cloneUrl(shop)).toBe('https://git/shop');
  });
});

describe('codeCommitSource: symbolic links', () => {
  it('are told from files by their mode, in a list that is read once, and read once where they say the same', async () => {
    const entry = (path: string, blobId: string, mode: string) => ({ afterBlob: { path, blobId, mode } });
    sdk.on(GetDifferencesCommand).resolves({
      differences: [entry('a', '1', '100644'), entry('b', '2', '120000'), entry('c', '2', '120000')],
    });
    sdk.on(GetBlobCommand).resolves({ content: Buffer.from('../a') });
    const { listFiles, symbolicLinks } = source();
    expect(await listFiles(shop, 'head')).toEqual(['a', 'b', 'c']);
    expect(Object.fromEntries(await symbolicLinks(shop, 'head'))).toEqual({ b: '../a', c: '../a' });
    expect(sdk.commandCalls(GetDifferencesCommand)).toHaveLength(1);
    expect(sdk.commandCalls(GetBlobCommand).map(({ args }) => args[0].input)).toEqual([
      { repositoryName: 'shop', blobId: '2' },
    ]);
  });
});

describe('codeCommitSource: the files that differ', () => {
  it('are those of all pages, on either side, each once', async () => {
    sdk
      .on(GetDifferencesCommand)
      .callsFake(({ NextToken }) =>
        NextToken === undefined
          ? { differences: [{ beforeBlob: { path: 'a' }, afterBlob: { path: 'b' } }], NextToken: 'more' }
          : { differences: [{ afterBlob: { path: 'b' } }, { afterBlob: { path: 'c' } }] },
      );
    expect(await source().changedFiles(shop, 'base', 'head')).toEqual(['a', 'b', 'c']);
    expect(sdk.commandCalls(GetDifferencesCommand)[0]!.args[0].input).toMatchObject({
      repositoryName: 'shop',
      beforeCommitSpecifier: 'base',
      afterCommitSpecifier: 'head',
    });
  });

  it('were edited if they are files of their own on both sides', async () => {
    const blob = (path: string, mode = '100644') => ({ path, mode, blobId: '1' });
    sdk.on(GetDifferencesCommand).resolves({
      differences: [
        { beforeBlob: blob('edited'), afterBlob: blob('edited', '100755') },
        { beforeBlob: blob('removed') },
        { afterBlob: blob('added') },
        { beforeBlob: blob('linked'), afterBlob: blob('linked', '120000') },
        { beforeBlob: blob('one'), afterBlob: blob('other') },
      ],
    });
    expect([...(await source().editedFiles(shop, 'base', 'head'))]).toEqual(['edited']);
  });

  it('are unknown if a commit is gone, and no answer at all if the repository is', async () => {
    const refusal = { message: 'no', $metadata: {} };
    sdk
      .on(GetDifferencesCommand)
      .rejectsOnce(new CommitDoesNotExistException(refusal))
      .rejects(new RepositoryDoesNotExistException(refusal));
    expect(await source().changedFiles(shop, 'base', 'head')).toBe('unknown');
    await expect(source().changedFiles(shop, 'base', 'head')).rejects.toMatchObject({ code: 'RepositoryNotFound' });
  });
});
