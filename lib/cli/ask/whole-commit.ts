import type { StageKey } from '../../core/contracts/release';
import { readable } from '../../core/contracts/unreadable';
import type { Releases } from '../../ports/releases';
import { git } from '../platform/git';
import { isSameRepository, repositoriesHere } from '../platform/repository-of-remote';
import { UsageError } from '../platform/run-command';
import type { ChosenStage } from './choose-stage';

const WHOLE = /^[0-9a-f]{40}$/;
/** Git itself takes four digits, of which many commits have the same. */
const PART = /^[0-9a-f]{6,39}$/;
/** As far back releases are looked through. */
const HISTORY = 200;

/** Where commits are looked for. */
export interface CommitPorts {
  readonly releases: Pick<Releases, 'latest'>;
}

/**
 * @param text a commit's hash, or six digits or more of its beginning: of a commit of the clone that the directory is,
 *   or of one that was released to the stage
 * @returns the whole hash
 * @throws UsageError if it is none, or none or several commits begin with it
 */
export async function wholeCommit(
  text: string,
  { config, stage }: Pick<ChosenStage, 'config' | 'stage'>,
  { releases, directory }: CommitPorts & { readonly directory: string },
): Promise<string> {
  const hash = text.toLowerCase();
  if (WHOLE.test(hash)) return hash;
  const all = 'write all 40 digits of it (git rev-parse HEAD)';
  if (!PART.test(hash)) throw new UsageError(`--commit: "${text}" is not the hash of a commit: ${all}`);
  const [here, released] = await Promise.all([
    commitsHere(hash, directory, config.repository),
    releasedCommits(hash, { app: config.app, stage }, releases),
  ]);
  const found = [...new Set([...here, ...released])];
  if (found.length === 1) return found[0]!;
  throw new UsageError(
    found.length > 1
      ? `--commit: several commits begin with "${text}": ${found.join(', ')}`
      : `--commit: no commit that is known here begins with "${text}": none of a clone of ${config.repository.name} in this ` +
          `directory, and none that was released to stage "${stage}"; ${all}`,
  );
}

/** None where the directory is no clone of the repository. */
async function commitsHere(
  hash: string,
  directory: string,
  repository: ChosenStage['config']['repository'],
): Promise<readonly string[]> {
  const remotes = await repositoriesHere(directory);
  if (!remotes.some((remote) => isSameRepository(remote, repository))) return [];
  const run = async (args: readonly string[], input?: string) =>
    (await git(args, { cwd: directory, input })).toString('utf8').trim().split('\n');
  const objects = await run(['rev-parse', `--disambiguate=${hash}`]);
  const typed = await run(['cat-file', '--batch-check=%(objecttype) %(objectname)'], `${objects.join('\n')}\n`);
  return typed.flatMap((line) => /^commit (\w{40})$/.exec(line)?.[1] ?? []);
}

async function releasedCommits(hash: string, stage: StageKey, releases: CommitPorts['releases']) {
  const commits = readable(await releases.latest(stage, HISTORY)).map(({ release }) => release.commit);
  return commits.filter((commit) => commit.startsWith(hash));
}
