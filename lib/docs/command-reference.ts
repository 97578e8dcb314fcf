import { Command } from 'commander';
import { COMMANDS } from '../cli/commands/commands';

/** Columns of the help as it is printed here, whatever terminal one sits at. */
const COLUMNS = 100;

/** @returns the help of every command, as Markdown. */
export function commandReference(): string {
  const program = new Command('seedbed');
  for (const register of Object.values(COMMANDS)) register()(program);
  return leavesOf(program).map(section).join('\n');
}

const leavesOf = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

function section(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (more) => (text += more),
    getOutHelpWidth: () => COLUMNS,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  const lines = text.trimEnd().replace(/^\s+$/gm, '');
  return `### ${nameOf(command)}\n\n\`\`\`text\n${lines}\n\`\`\`\n`;
}

const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
