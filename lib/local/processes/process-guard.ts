import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** How a guarded command ended: its exit status (128 + signal number if a signal ended it). */
interface Ended {
  readonly status: number;
}

/** A command that runs in a process group of its own and cannot outlive this process. */
export interface GuardedProcess {
  /** Process id of the guard; the command's group is its child. */
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the command, everything it left running and its directories are gone. */
  readonly ended: Promise<Ended>;
  /** Sends the group SIGTERM, and SIGKILL after the grace time; resolves like `ended`. */
  stop(): Promise<Ended>;
}

/** How to run a guarded command. */
export interface GuardOptions {
  /** A Python ≥ 3.10 to run the guard with. */
  readonly python: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  /** Directories to remove when the command has ended, however it ended. */
  readonly remove?: readonly string[];
}

/**
 * Starts a command under `guard.py`, which ends the command's whole process group when it is told to, or when this
 * process dies for any reason, even by `kill -9`: the guard sees its standard input close.
 * @param command the program and its arguments
 */
export function startGuarded(command: readonly string[], options: GuardOptions): GuardedProcess {
  const removals = (options.remove ?? []).flatMap((directory) => ['--remove', directory]);
  const guard: ChildProcess = spawn(
    options.python,
    ['-I', '-S', join(__dirname, 'guard.py'), String(options.graceSeconds), ...removals, '--', ...command],
    { cwd: options.cwd, env: options.env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const ended = new Promise<Ended>((resolve, reject) => {
    guard.once('error', reject);
    guard.once('close', (code, signal) => resolve({ status: code ?? (signal === 'SIGKILL' ? 137 : 143) }));
  });
  ended.catch(() => undefined); // those who await it see the error; if nobody does, it must not end the process
  guard.stdin?.on('error', () => undefined); // the guard may be gone before its pipe is closed
  return {
    pid: guard.pid ?? -1,
    stdout: guard.stdout!,
    stderr: guard.stderr!,
    ended,
    stop: () => {
      guard.stdin?.end();
      return ended;
    },
  };
}
