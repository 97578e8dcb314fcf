import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CodeCommitClient,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  GetBlobCommand,
  GetBranchCommand,
  GetCommitCommand,
  GetDifferencesCommand,
  GetFileCommand,
  GetFolderCommand,
  GetRepositoryCommand,
  ListBranchesCommand,
  ListRepositoriesCommand,
} from '@aws-sdk/client-codecommit';
import { type ACloud, aCloud, aRecorder, PATIENCE, type Recorder, run } from './a-cloud';

jest.setTimeout(PATIENCE);

const NEVER = '1'.repeat(40);

describe('a repository of the double of CodeCommit', () => {
  const work = mkdtempSync(join(tmpdir(), 'seedbed-clone-'));
  let at: ACloud;
  let client: CodeCommitClient;
  let clone: string;
  let first: string;
  let second: string;

  const git = async (...args: string[]) => (await run('git', ['-C', clone, ...args])).stdout.trim();
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await writeFile(join(clone, path), text);
  };
  const commit = async (message: string) => {
    await git('add', '--all');
    await git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  const repository = async (repositoryName: string) => {
    const { repositoryMetadata } = await client.send(new CreateRepositoryCommand({ repositoryName }));
    clone = join(work, repositoryName);
    await run('git', ['clone', '--quiet', repositoryMetadata?.cloneUrlHttp ?? '', clone]);
    return repositoryMetadata;
  };

  beforeAll(async () => {
    at = await aCloud('codecommit');
    client = new CodeCommitClient(at.client);
    await repository('shop');
    await write('services/orders/list.ts', 'list');
    await write('old.sh', 'echo a script that is long enough to be found again after a rename\n');
    await chmod(join(clone, 'old.sh'), 0o755);
    await symlink('old.sh', join(clone, 'link'));
    first = await commit('first');
    await rename(join(clone, 'old.sh'), join(clone, 'new.sh'));
    await write('services/orders/list.ts', 'list better');
    await write('ünïcode name.txt', 'added');
    second = await commit('second');
    await git('push', '--quiet', 'origin', 'HEAD:main');
  });
  afterAll(async () => {
    await at.cloud.stop();
    rmSync(work, { recursive: true });
  });

  const shop = { repositoryName: 'shop' };

  it('describes itself, with the first pushed branch as default', async () => {
    const { repositoryMetadata } = await client.send(new GetRepositoryCommand(shop));
    expect(repositoryMetadata).toMatchObject({
      ...shop,
      accountId: '111122223333',
      Arn: 'arn:aws:codecommit:us-east-1:111122223333:shop',
      cloneUrlHttp: `${at.cloud.endpoint}/v1/repos/shop`,
      defaultBranch: 'main',
    });
    const { repositories } = await client.send(new ListRepositoriesCommand({}));
    expect(repositories).toContainEqual({ ...shop, repositoryId: repositoryMetadata?.repositoryId });
  });

  it('gives the heads of its branches, and their commits', async () => {
    expect((await client.send(new ListBranchesCommand(shop))).branches).toEqual(['main']);
    const { branch } = await client.send(new GetBranchCommand({ ...shop, branchName: 'main' }));
    expect(branch).toEqual({ branchName: 'main', commitId: second });
    const found = await client.send(new GetCommitCommand({ ...shop, commitId: second }));
    expect(found.commit).toMatchObject({
      commitId: second,
      parents: [first],
      message: 'second\n',
      author: { name: 'Ada', email: 'ada@example.com' },
    });
  });

  it('compares two commits by their trees, a rename as a deletion and an addition', async () => {
    const between = { beforeCommitSpecifier: first, afterCommitSpecifier: second };
    const { differences } = await client.send(new GetDifferencesCommand({ ...shop, ...between }));
    const paths = differences?.map(({ changeType, beforeBlob, afterBlob }) => [
      changeType,
      beforeBlob?.path,
      afterBlob?.path,
    ]);
    expect(paths).toEqual([
      ['A', undefined, 'new.sh'],
      ['D', 'old.sh', undefined],
      ['M', 'services/orders/list.ts', 'services/orders/list.ts'],
      ['A', undefined, 'ünïcode name.txt'],
    ]);
    expect(differences?.[0]?.afterBlob?.mode).toBe('100755');
  });

  it('lists the whole tree as added when there is nothing to compare with, page by page', async () => {
    const pages: string[][] = [];
    let NextToken: string | undefined;
    do {
      const input = { ...shop, afterCommitSpecifier: 'main', MaxResults: 3, NextToken };
      const page = await client.send(new GetDifferencesCommand(input));
      pages.push((page.differences ?? []).map(({ changeType, afterBlob }) => `${changeType} ${afterBlob?.path}`));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(pages).toEqual([['A link', 'A new.sh', 'A services/orders/list.ts'], ['A ünïcode name.txt']]);
  });

  it('gives files and folders', async () => {
    const filePath = 'services/orders/list.ts';
    const file = await client.send(new GetFileCommand({ ...shop, filePath, commitSpecifier: first }));
    expect(Buffer.from(file.fileContent ?? []).toString()).toBe('list');
    expect(file).toMatchObject({ commitId: first, filePath, fileMode: 'NORMAL', fileSize: 4 });
    const root = await client.send(new GetFolderCommand({ ...shop, folderPath: '/' }));
    expect(root.subFolders?.map(({ absolutePath }) => absolutePath)).toEqual(['services']);
    expect(root.files?.map((entry) => [entry.absolutePath, entry.fileMode])).toEqual([
      ['new.sh', 'EXECUTABLE'],
      ['ünïcode name.txt', 'NORMAL'],
    ]);
    expect(root.symbolicLinks?.map(({ absolutePath }) => absolutePath)).toEqual(['link']);
    const { content } = await client.send(new GetBlobCommand({ ...shop, blobId: root.symbolicLinks![0]!.blobId! }));
    expect(Buffer.from(content ?? []).toString()).toBe('old.sh');
    const folder = await client.send(new GetFolderCommand({ ...shop, folderPath: 'services/orders' }));
    expect(folder.files?.map(({ relativePath }) => relativePath)).toEqual(['list.ts']);
  });

  it.each([
    ['RepositoryDoesNotExistException', new GetRepositoryCommand({ repositoryName: 'none' })],
    ['InvalidRepositoryNameException', new GetRepositoryCommand({ repositoryName: 'a/b' })],
    ['RepositoryNameExistsException', new CreateRepositoryCommand(shop)],
    ['BranchDoesNotExistException', new GetBranchCommand({ ...shop, branchName: 'none' })],
    ['CommitIdDoesNotExistException', new GetCommitCommand({ ...shop, commitId: NEVER })],
    ['CommitDoesNotExistException', new GetDifferencesCommand({ ...shop, afterCommitSpecifier: NEVER })],
    ['BlobIdDoesNotExistException', new GetBlobCommand({ ...shop, blobId: NEVER })],
    ['FileDoesNotExistException', new GetFileCommand({ ...shop, filePath: 'services/none.ts' })],
    ['FolderDoesNotExistException', new GetFolderCommand({ ...shop, folderPath: 'none' })],
  ])('answers %s', async (name, command) => {
    await expect(client.send(command as GetRepositoryCommand)).rejects.toMatchObject({ name });
  });

  it('is gone when it has been deleted', async () => {
    const gone = { repositoryName: 'gone' };
    await client.send(new CreateRepositoryCommand(gone));
    await client.send(new DeleteRepositoryCommand(gone));
    await expect(client.send(new GetRepositoryCommand(gone))).rejects.toMatchObject({
      name: 'RepositoryDoesNotExistException',
    });
  });

  describe('tells EventBridge', () => {
    let recorder: Recorder;
    let metadata: Awaited<ReturnType<typeof repository>>;
    const events = (count: number) => recorder.events(count);

    beforeAll(async () => {
      metadata = await repository('watched');
      recorder = await aRecorder(at, { source: ['aws.codecommit'], resources: [metadata?.Arn] });
    });

    it('of branches and tags that are pushed by URL or by path, moved or deleted', async () => {
      await write('a', '1');
      const one = await commit('one');
      await git('push', '--quiet', 'origin', 'HEAD:main');
      const created = (await events(1))[0];
      expect(created).toMatchObject({
        source: 'aws.codecommit',
        'detail-type': 'CodeCommit Repository State Change',
        account: '111122223333',
        region: 'us-east-1',
        resources: ['arn:aws:codecommit:us-east-1:111122223333:watched'],
        detail: {
          event: 'referenceCreated',
          repositoryName: 'watched',
          repositoryId: metadata?.repositoryId,
          referenceType: 'branch',
          referenceName: 'main',
          referenceFullName: 'refs/heads/main',
          commitId: one,
          callerUserArn: expect.stringMatching(/^arn:aws:iam::111122223333:user\//),
        },
      });

      await write('a', '2');
      const two = await commit('two');
      await git('push', '--quiet', join(at.cloud.scratchDir, 'repositories', 'watched.git'), 'HEAD:main');
      await events(2);
      await git('tag', 'v1');
      await git('push', '--quiet', 'origin', 'v1');
      await events(3);
      await git('push', '--quiet', 'origin', `${one}:refs/heads/feature/x`);
      await events(4);
      await git('push', '--quiet', 'origin', '--delete', 'feature/x');
      const told = (await events(5))
        .slice(1)
        .map(({ detail }) => [detail.event, detail.referenceFullName, detail.oldCommitId, detail.commitId]);
      expect(told).toEqual([
        ['referenceUpdated', 'refs/heads/main', one, two],
        ['referenceCreated', 'refs/tags/v1', undefined, two],
        ['referenceCreated', 'refs/heads/feature/x', undefined, one],
        ['referenceDeleted', 'refs/heads/feature/x', one, undefined],
      ]);
    });
  });

  it('can be cloned at a depth of one and fetched by commit', async () => {
    const shallow = join(work, 'shallow');
    await run('git', ['clone', '--quiet', '--depth', '1', `${at.cloud.endpoint}/v1/repos/shop`, shallow]);
    await run('git', ['-C', shallow, 'fetch', '--quiet', '--depth', '1', 'origin', first]);
    expect((await run('git', ['-C', shallow, 'show', `${first}:services/orders/list.ts`])).stdout).toBe('list');
  });

  it('cannot be cloned by a name that does not exist', async () => {
    const cloning = run('git', ['clone', '--quiet', `${at.cloud.endpoint}/v1/repos/none`, join(work, 'none')]);
    await expect(cloning).rejects.toThrow('not found');
    await rm(join(work, 'none'), { recursive: true, force: true });
  });
});
