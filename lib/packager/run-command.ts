import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type ErrorCode, ReleaseError } from '../core/contracts/errors';
import type { Clock } from '../ports/clock';
import { endProcessTree } from './end-process-tree';

/** Takes one line of a build's progress; the entry point decides where it is shown. */
export type Log = (line: string) => void;

/** A program to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What to call the command in messages, if not by program and arguments. */
  readonly shownAs?: string;
  /** The whole environment of the program. */
  readonly env: NodeJS.ProcessEnv;
  /** After so long by that clock it is ended with all that it has started; `says` then tells what became of it. */
  readonly timeout?: { readonly milliseconds: number; readonly says: string; readonly clock: Clock };
}

/** How a program ended; `lastLines` are the last of what it wrote to either
 * stream, without blank lines. */
export interface CommandResult {
  readonly exitCode: number;
  /** Whether it was ended because it took too long. */
  readonly isTimedOut?: true;
  readonly lastLines: readonly string[];
}

const LINES_IN_ERROR = 20;
const NOT_FOUND = 127;
/** The exit code of the shell's program `timeout`. */
const TIMED_OUT = 124;
/** npm ends an error of usage with its whole help, which would push the reason out of the last lines. */
const NPM_HELP = /^npm (error|ERR!) (Clean install a project|Install a package|Usage:)$/;
/** Blank lines, and what npm reports about itself. */
const TELLS_NOTHING = /^(npm (error|ERR!))?\s*(at .*:\d+\)?( \{)?|A complete log of this run can be found in: .*)?$/;
/** Begins at `://`: a search that began at the scheme would take the square of the length of a line without any. */
const CREDENTIALS_IN_URL = /(?<=\w:\/\/)[^\s/@]+@/g;

/** @returns the text without the user and password of any URL in it. */
export const withoutCredentials = (text: string): string => text.replace(CREDENTIALS_IN_URL, '***@');

/** Runs a program to its end, handing on what it writes line by line. A program that is missing ends with 127. */
export function runCommand(command: Command, log: Log): Promise<CommandResult> {
  const lastLines: string[] = [];
  let isHelp = false;
  const take = (raw: string) => {
    const line = withoutCredentials(raw);
    log(line);
    isHelp ||= NPM_HELP.test(line);
    if (isHelp || TELLS_NOTHING.test(line)) return;
    lastLines.push(line);
    if (lastLines.length > LINES_IN_ERROR) lastLines.shift();
  };
  return new Promise((resolve) => {
    const child = spawn(command.program, command.args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const streams = [child.stdout, child.stderr].map((input) => createInterface({ input }).on('line', take));
    const ended = new AbortController();
    child.once('error', (error) => {
      ended.abort();
      for (const stream of streams) stream.close();
      resolve({ exitCode: NOT_FOUND, lastLines: [...lastLines, `${command.program}: ${error.message}`] });
    });
    child.once('close', (code, signal) => {
      ended.abort();
      resolve({ exitCode: code ?? 128 + (signal ? 1 : 0), lastLines });
    });
    const giveUp = async () => {
      resolve({ exitCode: TIMED_OUT, isTimedOut: true, lastLines: [...lastLines] });
      await endProcessTree(child.pid!);
      // A process whose parent is no longer known may keep them open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const { clock, milliseconds } = command.timeout ?? {};
    clock?.sleep(milliseconds!, ended.signal).then(giveUp, () => undefined); // rejects once it has ended
  });
}

/** What to say of a program that failed. */
export interface OnFailure {
  readonly code: ErrorCode;
  /** Stands before the command and its last lines. */
  readonly message: string;
  /** @returns what to do about it, if the last lines tell */
  readonly advise?: (lastLines: readonly string[]) => string | undefined;
}

/**
 * Runs a program that must succeed.
 *
 * @throws ReleaseError with the code of `onFailure`
 */
export async function requireCommand(command: Command, log: Log, onFailure: OnFailure): Promise<void> {
  const result = await runCommand(command, log);
  if (result.exitCode !== 0) throw commandFailed(command, result, onFailure);
}

function commandFailed(
  { program, args, cwd, timeout, shownAs = [program, ...args].join(' ') }: Command,
  { exitCode, isTimedOut, lastLines }: CommandResult,
  { code, message, advise }: OnFailure,
): ReleaseError {
  const line = withoutCredentials(shownAs);
  const advice = advise?.(lastLines);
  const became = isTimedOut && timeout ? timeout.says : `ended with exit code ${exitCode}`;
  // The build's directory means nothing to readers and differs each time.
  const said = lastLines.map((text) => `  ${text.replaceAll(`${cwd}/`, '')}`);
  return new ReleaseError(
    code,
    [
      `${message}: "${line}" ${became}`,
      ...(advice ? [advice] : []),
      ...(said.length > 0 ? ['its last lines:', ...said] : []),
    ].join('\n'),
  );
}
