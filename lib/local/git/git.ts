import { spawn } from 'node:child_process';

/** A git command that failed. */
class GitError extends Error {}

/** @returns the environment for git commands: the caller's, without the variables that name a repository. */
export const gitEnvironment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('GIT_'))),
  GIT_TERMINAL_PROMPT: '0',
  ...more,
});

/**
 * Runs a git command on a repository.
 * @param directory the bare repository
 * @returns what git printed
 * @throws GitError with git's error output if its status is not 0
 */
export function git(directory: string, args: readonly string[], input?: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The user who runs this owns the repository, whoever owns its directory.
    const child = spawn('git', ['-c', 'safe.directory=*', '--git-dir', directory, ...args], {
      env: gitEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.on('error', reject); // first of all: a process that could not be started may have no streams
    const out: Buffer[] = [];
    const problem: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => problem.push(part));
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.on('close', (status) =>
      status === 0
        ? resolve(Buffer.concat(out))
        : reject(new GitError(Buffer.concat(problem).toString('utf8').trim() || `git ${args[0]}: status ${status}`)),
    );
    child.stdin.end(input ?? '');
  });
}
