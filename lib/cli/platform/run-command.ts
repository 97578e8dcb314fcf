import { CommanderError } from 'commander';
import { ReleaseError } from '../../core/contracts/errors';
import { Name } from '../../core/contracts/release';
import { awsProblem } from './aws-problem';

/** Exit codes of all commands; `interrupted` is what shells give for Ctrl-C. */
export const EXIT = { succeeded: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** A command that was called wrongly: unknown option, a directory that is not there. Exit code 2. */
export class UsageError extends Error {}

/** A command that has failed and has said so itself. */
export class ToldFailure extends Error {
  constructor(readonly exitCode: number = EXIT.failed) {
    super(`the command failed with exit code ${exitCode}`);
  }
}

/**
 * Runs a command and turns what it throws into a message and an exit code. The one place that does.
 *
 * @param command returns the exit code
 * @returns the exit code
 */
export async function runCommand(
  command: () => Promise<number>,
  write: (text: string) => unknown = (text) => process.stderr.write(text),
): Promise<number> {
  try {
    return await command();
  } catch (error) {
    // Commander has printed its message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.succeeded : EXIT.usage;
    if (error instanceof ToldFailure) return error.exitCode;
    write(`seedbed: ${describeError(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

/** @returns what to tell the user: the message of an error they can act on; of any other, that it is a bug. */
export function describeError(error: unknown, env: NodeJS.ProcessEnv = process.env): string {
  if (error instanceof ReleaseError || error instanceof UsageError) return error.message;
  const problem = awsProblem(error);
  if (problem !== undefined) return problem;
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const trace = env.SEEDBED_DEBUG ? `\n${stack}` : '; set SEEDBED_DEBUG=1 to see where';
  return `this is a bug in seedbed, please report it: ${name}: ${message}${trace}`;
}

/**
 * @param option as the user writes it, such as `--stage`
 * @throws UsageError if the value cannot be a name
 */
export function checkName(option: string, value: string): void {
  const parsed = Name.safeParse(value);
  if (!parsed.success) throw new UsageError(`${option}: "${value}": ${parsed.error.issues[0]?.message}`);
}
