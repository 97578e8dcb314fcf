import type { Command } from 'commander';
import { stopInstance } from '../../../local/instance';

const EXAMPLE = `
Everything on it is deleted: stacks, repositories, logs.

Example:
  $ seedbed local down
`;

/** Adds `seedbed local down`: stops a local cloud and leaves no process, port or directory behind. */
export function registerLocalDown(local: Command): void {
  local
    .command('down')
    .description('stop a local cloud')
    .option('--name <name>', 'name of the local cloud', 'default')
    .addHelpText('after', EXAMPLE)
    .action(async ({ name }: { readonly name: string }) => {
      const say = (line: string) => process.stdout.write(`${line}\n`);
      const stopped = await stopInstance(name, say);
      say(stopped ? `the local cloud "${name}" is down` : `the local cloud "${name}" was not up`);
    });
}
