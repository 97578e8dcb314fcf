import { wholeCommit } from '../../../lib/cli/ask/whole-commit';
import { memoryReleases } from '../../../lib/memory/memory-releases';
import { anApp } from '../../memory-platform';
import { aDirectory, git } from '../../packager/scratch';

it('takes the beginning of a commit of the clone that the directory is, and of no other repository', async () => {
  const directory = aDirectory({ 'a.txt': 'a' });
  git(directory, 'init', '-q');
  git(directory, 'add', '.');
  git(directory, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'a');
  const commit = git(directory, 'rev-parse', 'HEAD').trim();
  const ports = { releases: memoryReleases(), directory };
  const config = anApp();
  const ask = (text: string) => wholeCommit(text, { config, stage: 'dev' }, ports);

  await expect(ask(commit.slice(0, 7))).rejects.toThrow('no commit that is known here begins with');
  git(
    directory,
    'remote',
    'add',
    'origin',
    `https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/${config.repository.name}`,
  );
  expect(await ask(commit.slice(0, 7))).toBe(commit);
  // The beginning of a tree or a file is none of a commit.
  await expect(ask(git(directory, 'rev-parse', 'HEAD^{tree}').slice(0, 8))).rejects.toThrow('no commit');
});
