import { mkdir } from 'node:fs/promises';
import type { CloneCredential } from '../core/contracts/clone-credential';
import { ReleaseError } from '../core/contracts/errors';
import { withToken } from './clone-token';
import { completeCheckout } from './not-fetched';
import { type CommandResult, type Log, runCommand, withoutCredentials } from './run-command';

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
  /** What the repository's host asks for. */
  readonly credential?: CloneCredential;
  /** Milliseconds to wait before each further attempt while the host cannot be reached. */
  readonly pauses?: readonly number[];
}

/** Three minutes; people should see a longer outage. */
const PAUSES = [5_000, 15_000, 40_000, 120_000];

/** What git says if the host is down or fails. */
const UNREACHABLE =
  /Could not resolve host|Failed to connect|Couldn't connect|Connection (refused|reset|timed out)|Operation timed out|returned error: 5\d\d|HTTP 5\d\d|early EOF|Empty reply/i;
const REFUSED = /Authentication failed|could not read (Username|Password)|returned error: 40[13]/i;

/**
 * Brings exactly one commit into a new directory: by its hash alone where the server allows that, else with everything
 * that its branches and tags reach. Submodules are left out.
 *
 * @throws ReleaseError `CommitNotFound`, `RepositoryNotFound`, `CloneUnavailable` if the host is away, or
 *   `SourceAccessDenied` if the credential is refused
 */
export async function checkout(request: CheckoutRequest, log: Log): Promise<void> {
  const { cloneUrl, commit, directory } = request;
  if (!COMMIT.test(commit)) throw commitNotFound(request);
  await mkdir(directory, { recursive: true });
  const env = {
    ...(request.credential ? withToken(request.env, cloneUrl, request.credential) : request.env),
    // A question for a password would hang the build.
    GIT_TERMINAL_PROMPT: '0',
    // Not ext::, which runs a program.
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    // Files in Git LFS are fetched after the checkout.
    GIT_LFS_SKIP_SMUDGE: '1',
  };
  // No garbage collection: the repository lives only as long as the build.
  const settings = ['-c', 'maintenance.auto=false', ...credentialSettings(cloneUrl)];
  const run = (args: readonly string[], out: Log) =>
    runCommand({ program: 'git', args: [...settings, ...args], cwd: directory, env }, out);
  const git = (...args: readonly string[]) => run(args, log);

  await git('init', '--quiet');
  await fetchCommit(git, request, log);
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
  await completeCheckout(run, cloneUrl, log);
}

async function fetchCommit(
  git: (...args: readonly string[]) => Promise<CommandResult>,
  request: CheckoutRequest,
  log: Log,
): Promise<void> {
  const { cloneUrl, commit, pauses = PAUSES } = request;
  for (const pause of [...pauses, undefined]) {
    const shallow = await git('fetch', '--quiet', '--depth=1', '--no-tags', '--', cloneUrl, commit);
    if (shallow.exitCode === 0) return;
    let failed = shallow;
    if (!says(failed, UNREACHABLE)) {
      log('the server does not serve commits by their hash, or does not have this one; fetching the whole repository');
      const all = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
      failed = await git('fetch', '--quiet', '--', cloneUrl, ...all);
      if (failed.exitCode === 0) return;
    }
    if (!says(failed, UNREACHABLE) || pause === undefined) throw cannotFetch(request, failed);
    log(`the server cannot be reached; trying again in ${pause / 1000} seconds`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

const says = ({ lastLines }: CommandResult, what: RegExp): boolean => lastLines.some((line) => what.test(line));

function cannotFetch({ cloneUrl, credential }: CheckoutRequest, result: CommandResult): ReleaseError {
  const url = withoutCredentials(cloneUrl);
  const said = result.lastLines.join('\n');
  if (says(result, UNREACHABLE)) {
    return new ReleaseError('CloneUnavailable', `cannot reach ${url}; release again when it is back\n${said}`);
  }
  if (credential && says(result, REFUSED)) {
    const why =
      Date.parse(credential.until) < Date.now()
        ? `they expired at ${credential.until}, while the build waited; release again`
        : 'the App or token may have been revoked; see what "seedbed app doctor" says, and release again';
    return new ReleaseError('SourceAccessDenied', `${url} refuses the credentials for cloning: ${why}\n${said}`);
  }
  return new ReleaseError(
    'RepositoryNotFound',
    `cannot fetch from ${url}; does it exist, and may the build read it?\n${said}`,
  );
}

const commitNotFound = ({ commit, cloneUrl }: CheckoutRequest): ReleaseError =>
  new ReleaseError(
    'CommitNotFound',
    `${withoutCredentials(cloneUrl)} has no commit "${commit}"; was its branch deleted or rewritten? release a ` +
      'commit that a branch or tag still reaches',
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
