import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { COMMANDS } from '../../lib/cli/commands/commands';
import { documents, ROOT } from './markdown';

/** In texts of code a placeholder stands for one word, or for what may follow a word. */
function sources(): readonly { readonly path: string; readonly text: string }[] {
  const paths = ['lib', 'lambdas', 'bin'].flatMap((directory) =>
    readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' }).map((path) => `${directory}/${path}`),
  );
  return paths
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
    .map(({ path, text }) => ({
      path,
      text: text.replace(/(?<=\w)\$\{[^{}]*\}/g, '').replace(/\$\{[^{}]*\}/g, 'WORD'),
    }));
}

const program = new Command('seedbed');
for (const register of Object.values(COMMANDS)) register()(program);
const names = Object.keys(COMMANDS).join('|');
/** Up to the end of the text, the code or the sentence; `…` and brackets stand for what the reader knows. */
const PRINTED = new RegExp(`\\bseedbed ((?:${names})(?![\\w./-])(?: [^\`"'\\n|()#;,…\\[\\]{}<>]*)?)`, 'g');

interface Printed {
  readonly path: string;
  readonly words: readonly string[];
}

function printedIn({ path, text }: { readonly path: string; readonly text: string }): readonly Printed[] {
  return [...text.matchAll(PRINTED)].map(([, call]) => ({ path, words: call!.trim().split(/\s+/) }));
}

/** @returns what is wrong with a call; nothing where prose goes on behind a command that is there. */
function problemOf([name, ...words]: readonly string[]): string | undefined {
  let command = program.commands.find((one) => one.name() === name)!;
  for (const [index, word] of words.entries()) {
    const sub = command.commands.find((one) => one.name() === word);
    if (sub) command = sub;
    else if (word.startsWith('-') && word !== '-' && word !== '--') {
      const option = word.replace(/[.:=].*$/, '');
      const isKnown = command.options.some(({ short, long }) => short === option || long === option);
      if (!isKnown && option !== '--help') return `${word} is no option of "${command.name()}"`;
    } else if (command.commands.length > 0 && index === 0 && /^[a-z]+$/.test(word)) {
      return `"${command.name()}" has no command "${word}"`;
    }
  }
  return undefined;
}

it('every command that a message, a help text or a document names is there, with its options', () => {
  const printed = [...documents(), ...sources()].flatMap(printedIn);
  expect(printed.length).toBeGreaterThan(200);
  const wrong = printed.flatMap(({ path, words }) => {
    const problem = problemOf(words);
    return problem === undefined ? [] : [`${path}: seedbed ${words.join(' ')}: ${problem}`];
  });
  expect(wrong).toEqual([]);
});

it('the CDK is told which stacks to deploy: without that it refuses, as there are several', () => {
  const calls = [...documents(), ...sources()].flatMap(({ path, text }) =>
    [...text.matchAll(/npx cdk (?:deploy|destroy)\b([^`"'\n|();]*)/g)].map(([call, rest]) => ({
      path,
      call,
      rest: rest!,
    })),
  );
  expect(calls.length).toBeGreaterThan(10);
  expect(calls.filter(({ rest }) => !/--all\b|\bSeedbed|\bWORD/.test(rest))).toEqual([]);
});
