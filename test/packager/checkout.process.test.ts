import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../lib/packager/checkout';
import { aDirectory, aRepository, git, programs, writeFiles } from './scratch';

const MISSING = 'f'.repeat(40);
const checkOut = async (cloneUrl: string, commit: string, env: NodeJS.ProcessEnv = process.env) => {
  const lines: string[] = [];
  const directory = join(aDirectory(), 'source');
  await checkout({ cloneUrl, commit, directory, env, pauses: [] }, (line) => lines.push(line));
  return { directory, lines };
};
const read = (directory: string) => readFileSync(join(directory, 'a.txt'), 'utf8');

describe('checkout', () => {
  it('brings exactly the commit, and none before it', async () => {
    const { directory: origin } = aRepository({ 'a.txt': 'first' });
    writeFiles(origin, { 'a.txt': 'second' });
    git(origin, 'commit', '--quiet', '--all', '--message=second');
    const second = git(origin, 'rev-parse', 'HEAD');
    writeFiles(origin, { 'a.txt': 'third' });
    git(origin, 'commit', '--quiet', '--all', '--message=third');

    const { directory } = await checkOut(`file://${origin}`, second);
    expect(read(directory)).toBe('second');
    expect(git(directory, 'rev-list', '--count', 'HEAD')).toBe('1');
  });

  it('fetches everything from a server that gives no commit by its hash', async () => {
    const { directory: origin, commit } = aRepository({ 'a.txt': 'first' });
    writeFiles(origin, { 'a.txt': 'second' });
    git(origin, 'commit', '--quiet', '--all', '--message=second');
    // Protocol 0 offers only the tips of branches.
    const env = {
      ...process.env,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'protocol.version',
      GIT_CONFIG_VALUE_0: '0',
    };
    const { directory, lines } = await checkOut(`file://${origin}`, commit, env);
    expect(read(directory)).toBe('first');
    expect(lines.join('\n')).toContain('fetching the whole repository');
  });

  it('says that a commit does not exist, and in which repository', async () => {
    const { directory: origin } = aRepository({ 'a.txt': 'first' });
    await expect(checkOut(`file://${origin}`, MISSING)).rejects.toMatchObject({
      code: 'CommitNotFound',
      message: expect.stringContaining(`${origin} has no commit "${MISSING}"`),
    });
  });

  it('takes nothing but a full hash for a commit', async () => {
    const { directory: origin } = aRepository({ 'a.txt': 'first' });
    await expect(checkOut(`file://${origin}`, 'main')).rejects.toMatchObject({ code: 'CommitNotFound' });
    await expect(checkOut(`file://${origin}`, '--upload-pack=x')).rejects.toMatchObject({ code: 'CommitNotFound' });
  });

  it('says that a repository cannot be fetched, without the credentials in its URL', async () => {
    await expect(checkOut('http://ada:secret@127.0.0.1:9/shop.git', MISSING)).rejects.toMatchObject({
      code: 'CloneUnavailable',
      message: expect.not.stringContaining('secret'),
    });
  });

  it('runs no program that the URL names', async () => {
    const proof = join(aDirectory(), 'proof');
    await expect(checkOut(`ext::touch ${proof}`, MISSING)).rejects.toMatchObject({ code: 'RepositoryNotFound' });
    expect(existsSync(proof)).toBe(false);
  });

  it.each([
    ['https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/shop', true],
    ['https://github.com/acme/shop.git', false],
    ['https://github.com/git-codecommit.eu-central-1.amazonaws.com/shop.git', false],
  ])('gives the credentials of AWS to CodeCommit only: %s', async (url, given) => {
    const log = join(aDirectory(), 'calls');
    const path = programs({ git: `echo "$@" >> ${log}; exit 1` });
    await expect(checkOut(url, MISSING, { PATH: `${path}:${process.env.PATH}` })).rejects.toThrow();
    expect(readFileSync(log, 'utf8').includes('credential-helper')).toBe(given);
  });
});
