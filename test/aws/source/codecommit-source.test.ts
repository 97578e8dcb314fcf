import { CodeCommitClient, GetRepositoryCommand, RepositoryDoesNotExistException } from '@aws-sdk/client-codecommit';
import { mockClient } from 'aws-sdk-client-mock';
import { codeCommitSource } from '../../../lib/aws/source/codecommit-source';

describe("codeCommitSource: a repository's clone URL", () => {
  const sdk = mockClient(CodeCommitClient);
  const source = () => codeCommitSource(new CodeCommitClient({ region: 'eu-west-1' }));
  const shop = { provider: 'codecommit', name: 'shop' } as const;
  beforeEach(() => {
    sdk.reset();
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
