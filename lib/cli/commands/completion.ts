import type { Command } from 'commander';
import { useInstead } from '../../core/text/nearest';
import { UsageError } from '../platform/run-command';
import { realWorld, type World } from '../platform/world';
import { completionScript, SHELLS, type Shell } from './completion-script';

const HELP = `
Completes commands and options where "seedbed" is installed as a command.

Example:
  $ source <(seedbed completion bash)              # or in ~/.bashrc
  $ source <(seedbed completion zsh)               # or in ~/.zshrc, after compinit
  $ seedbed completion fish > ~/.config/fish/completions/seedbed.fish
`;

/** Adds `seedbed completion`: a script for a shell, with the commands of its program. */
export function registerCompletion(program: Command, world: World = realWorld()): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .argument('<shell>', SHELLS.join(', '))
    .addHelpText('after', HELP)
    .action((shell: string) => {
      if (!isShell(shell)) {
        throw new UsageError(`there is no completion for the shell "${shell}"; ${useInstead(shell, SHELLS)}`);
      }
      world.out.write(completionScript(shell, program));
    });
}

const isShell = (text: string): text is Shell => (SHELLS as readonly string[]).includes(text);
