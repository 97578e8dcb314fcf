import { Command } from 'commander';
import { COMMANDS } from '../lib/cli/commands/commands';
import { EXIT, runCommand, UsageError } from '../lib/cli/platform/run-command';
import { readVersion, renderVersion } from '../lib/cli/platform/version';
import { useInstead } from '../lib/core/text/nearest';

async function main(args: readonly string[]): Promise<number> {
  const program = new Command('seedbed')
    .description('deploys serverless applications on every push: exactly what changed')
    .exitOverride()
    .showHelpAfterError('(see --help)');
  const called = args.find((arg) => !arg.startsWith('-')) ?? '';
  // Only without a command: what is checked out is asked of git.
  if (called === '') program.version(renderVersion(readVersion()), '-V, --version', 'print version and commit');
  // `completion` has to know all commands.
  const isOne = Object.hasOwn(COMMANDS, called) && called !== 'completion';
  const names = isOne ? [called] : Object.keys(COMMANDS);
  for (const name of names) COMMANDS[name]!()(program);
  return runCommand(async () => {
    const [first, about] = args;
    if (first === 'help' && about !== undefined && !Object.hasOwn(COMMANDS, about))
      throw new UsageError(`there is no command "${about}"; ${useInstead(about, Object.keys(COMMANDS))}`);
    await program.parseAsync(args, { from: 'user' });
    return EXIT.succeeded;
  });
}

// A reader that stops early, as `head` does, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.succeeded);
});

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
