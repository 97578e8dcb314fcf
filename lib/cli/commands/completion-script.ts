import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What can follow some words of a command line. */
interface Completion {
  /** The command, without `seedbed`: '' for itself, `app add`. */
  readonly command: string;
  /** Its commands, each with what it does. */
  readonly words: readonly (readonly [string, string])[];
  readonly options: readonly (readonly [string, string])[];
}

/** @returns the script that completes the commands and options of a program. */
export function completionScript(shell: Shell, program: Command): string {
  const completions = completionsOf(program, '');
  return { bash, zsh, fish }[shell](completions);
}

function completionsOf(of: Command, command: string): Completion[] {
  const visible = of.commands.filter((one) => one.name() !== 'help');
  return [
    {
      command,
      words: visible.map((one) => [one.name(), one.description()]),
      options: of.options.map(({ long, short, description }) => [long ?? short!, description]),
    },
    ...visible.flatMap((one) => completionsOf(one, command === '' ? one.name() : `${command} ${one.name()}`)),
  ];
}

const names = (entries: Completion['words']): string => entries.map(([name]) => name).join(' ');
const all = ({ words, options }: Completion): string =>
  [names(words), names(options), '--help'].filter(Boolean).join(' ');

/** The script reads one word after the other: each that names a command of the command so far becomes part of it. */
const caseOfEachWord = (completions: readonly Completion[]): string =>
  completions
    .flatMap(({ command, words }) => words.map(([name]) => `${command} ${name}`))
    .map((words) => `      ${quoted(words)}) command=${quoted(words.trim())} ;;`)
    .join('\n');

const bash = (completions: readonly Completion[]): string => `# seedbed completion for bash
_seedbed() {
  local word command='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "$command $word" in
${caseOfEachWord(completions)}
    esac
  done
  case "$command" in
${completions.map(bashReply).join('\n')}
  esac
}
complete -F _seedbed seedbed
`;

function bashReply(one: Completion): string {
  const matching = `$(compgen -W ${quoted(all(one))} -- "\${COMP_WORDS[COMP_CWORD]}")`;
  return `    ${quoted(one.command)}) COMPREPLY=(${matching}) ;;`;
}

const zsh = (completions: readonly Completion[]): string => `#compdef seedbed
# seedbed completion for zsh
_seedbed() {
  local word command=''
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$command $word" in
${caseOfEachWord(completions)}
    esac
  done
  local -a replies
  case "$command" in
${completions.map(zshReply).join('\n')}
  esac
  _describe seedbed replies
}
compdef _seedbed seedbed
`;

const HELP = ['--help', 'show how it is called'] as const;

function zshReply({ command, words, options }: Completion): string {
  const replies = [...words, ...options, HELP].map(([name, text]) => quoted(`${name}:${text.replace(/:/g, '\\:')}`));
  return `    ${quoted(command)}) replies=(${replies.join(' ')}) ;;`;
}

const fish = (completions: readonly Completion[]): string =>
  `# seedbed completion for fish
complete -c seedbed -f
complete -c seedbed -l help -d ${quoted(HELP[1])}
${completions.flatMap(fishLines).join('\n')}
`;

function fishLines({ command, words, options }: Completion): string[] {
  const path = command === '' ? [] : command.split(' ');
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const notYet = words.length > 0 ? [`not __fish_seen_subcommand_from ${names(words)}`] : [];
  const within = (conditions: readonly string[]): string =>
    conditions.length > 0 ? ` -n ${quoted(conditions.join('; and '))}` : '';
  return [
    ...words.map(([name, text]) => `complete -c seedbed${within([...seen, ...notYet])} -a ${name} -d ${quoted(text)}`),
    ...options.map(([name, text]) => {
      const option = name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`;
      return `complete -c seedbed${within(seen)} ${option} -d ${quoted(text)}`;
    }),
  ];
}

/** For all three shells a text in single quotes is that text. */
const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;
