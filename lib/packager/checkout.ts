import { mkdir } from 'node:fs/promises';
import { ReleaseError } from '../core/errors';
import { type Log, runCommand, withoutCredentials } from './run-command';

const COMMIT = /^[0-9a-f]{40}$/;
const CODECOMMIT = /^https:\/\/git-codecommit(-fips)?\.[^/]+/;

/** What to check out, and where. */
export interface CheckoutRequest {
  readonly cloneUrl: string;
  /** Full commit hash. */
  readonly commit: string;
  /** Directory to make and fill. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Brings exactly one commit into a new directory: by its hash alone where the server allows that, else with everything
 * that its branches and tags reach. Submodules are left out.
 *
 * @throws ReleaseError `CommitNotFound` or `RepositoryNotFound`
 */
export async function checkout(request: CheckoutRequest, log: Log): Promise<void> {
  const { cloneUrl, commit, directory } = request;
  if (!COMMIT.test(commit)) throw commitNotFound(request);
  await mkdir(directory, { recursive: true });
  const env = {
    ...request.env,
    // A question for a password would hang the build.
    GIT_TERMINAL_PROMPT: '0',
    // Not ext::, which runs a program.
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
  };
  // No housekeeping: the repository lives no longer than the build.
  const settings = ['-c', 'maintenance.auto=false', ...credentialSettings(cloneUrl)];
  const git = (...args: readonly string[]) =>
    runCommand({ program: 'git', args: [...settings, ...args], cwd: directory, env }, log);

  await git('init', '--quiet');
  const shallow = await git('fetch', '--quiet', '--depth=1', '--no-tags', '--', cloneUrl, commit);
  if (shallow.exitCode !== 0) {
    log('the server gives no commit by its hash, or does not have it; fetching the whole repository');
    const whole = await git(
      'fetch',
      '--quiet',
      '--',
      cloneUrl,
      '+refs/heads/*:refs/remotes/origin/*',
      '+refs/tags/*:refs/tags/*',
    );
    if (whole.exitCode !== 0) {
      throw new ReleaseError(
        'RepositoryNotFound',
        `cannot fetch from ${withoutCredentials(cloneUrl)}; does it exist, and may the build read it?\n${whole.lastLines.join('\n')}`,
      );
    }
  }
  const { exitCode } = await git(
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'advice.detachedHead=false',
    'checkout',
    '--quiet',
    '--detach',
    commit,
  );
  if (exitCode !== 0) throw commitNotFound(request);
}

const commitNotFound = ({ commit, cloneUrl }: CheckoutRequest): ReleaseError =>
  new ReleaseError(
    'CommitNotFound',
    `${withoutCredentials(cloneUrl)} has no commit "${commit}"; was its branch deleted or rewritten? release a commit that a branch or tag still reaches`,
  );

/** CodeCommit takes the build role's credentials through the AWS CLI; no other server may be handed them. */
function credentialSettings(cloneUrl: string): readonly string[] {
  const origin = CODECOMMIT.exec(cloneUrl)?.[0];
  if (origin === undefined) return [];
  return [
    ...['-c', `credential.${origin}.helper=!aws codecommit credential-helper $@`],
    ...['-c', `credential.${origin}.UseHttpPath=true`],
  ];
}
