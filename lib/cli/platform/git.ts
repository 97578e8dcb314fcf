import { spawn } from 'node:child_process';

/** A git command that failed; the message is what git said. */
export class GitError extends Error {}

/** What a git command needs beside its arguments. */
export interface GitOptions {
  readonly cwd: string;
  /** Its standard input. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs git without a terminal, hooks of its own choice or a repository that the environment names.
 * @returns what it printed
 * @throws GitError if its status is not 0
 */
export function git(args: readonly string[], { cwd, input = '', env = {} }: GitOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-c', 'safe.directory=*', ...args], {
      cwd,
      env: { ...withoutRepository(process.env), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const problem: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => problem.push(part));
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(Buffer.concat(out));
      else reject(new GitError(Buffer.concat(problem).toString('utf8').trim() || `git ${args[0]}: status ${status}`));
    });
    child.stdin.end(input);
  });
}

/** @returns options with which git reaches a URL of this machine, whatever proxy is set for others. */
export const reachDirectly = (url: string): readonly string[] => ['-c', `http.${new URL(url).origin}/.proxy=`];

/** Without variables such as GIT_DIR, which a hook that runs us would set. */
const withoutRepository = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([key]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|NAMESPACE|PREFIX)$/.test(key),
    ),
  );
