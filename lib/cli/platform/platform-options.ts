import type { Command } from 'commander';
import { ROOT, toServicePath } from '../../core/contracts/service-path';
import { checkName, UsageError } from './run-command';
import { type ChoiceWorld, type LocalOption, localName, NO_NAME, type World } from './world';

/** What all commands of a platform share. */
export interface PlatformOptions {
  readonly app?: string;
  readonly stage?: string;
  readonly json?: true;
  readonly local?: LocalOption;
}

/** Which of the options a command has. */
export interface PlatformOptionsWanted {
  readonly app?: boolean;
  readonly stage?: boolean;
}

/** Exit codes and where the platform is, for the help of each command. */
export const PLATFORM_HELP = `
The platform is the one that your AWS environment points at (AWS_REGION, credentials or AWS_PROFILE, AWS_ENDPOINT_URL),
or with --local the one on this machine. App and stage may be left out where there is only one; the app also in a clone
of its repository.
`;

/** Adds to a command what all commands of a platform share. */
export function platformOptions(command: Command, { app = true, stage = true }: PlatformOptionsWanted = {}): Command {
  if (app) command.option('--app <app>', 'the app');
  if (stage) command.option('--stage <stage>', 'its stage');
  return command
    .option('--json', 'print as JSON; progress goes to standard error')
    .option('--local [name]', 'use the local cloud, or the one with this name');
}

/** @throws UsageError if a value cannot be a name: nothing is asked then */
export function checkPlatformOptions({ app, stage, local }: PlatformOptions): void {
  if (app !== undefined) checkName('--app', app);
  if (stage !== undefined) checkName('--stage', stage);
  if (local) checkLocal(localName(local));
}

/** A release or a stage that is written after `--local` is meant for the command, but is the option's by its form. */
function checkLocal(name: string): void {
  try {
    checkName('--local', name);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${error.message}; if it is ${NO_NAME}`) : error;
  }
}

/** @returns whom to tell what was chosen because nobody named it: that is never part of the answer. */
export const choiceWorld = ({ directory, err }: World): ChoiceWorld => ({
  directory,
  tell: (line) => err.write(`${line}\n`),
});

/** @throws UsageError if it cannot be the path of a service */
export function checkService(text: string): string {
  const path = toServicePath(text);
  if (path !== undefined) return path;
  throw new UsageError(
    `--service: "${text}" is not a directory of a repository; write its path from the root, "${ROOT}"`,
  );
}

/** @returns a number that an option has. @throws UsageError */
export function checkCount(option: string, text: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new UsageError(`${option}: "${text}" is not a number from 1 to ${most}`);
}

/** Prints what was asked for as JSON. */
export const printJson = ({ out }: World, value: unknown): unknown => out.write(`${JSON.stringify(value, null, 2)}\n`);

/** Prints lines. */
export const printLines = ({ out }: World, lines: readonly string[]): unknown =>
  lines.length > 0 && out.write(`${lines.join('\n')}\n`);
