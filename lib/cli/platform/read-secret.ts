import type { ReadStream } from 'node:tty';
import { EXIT, ToldFailure } from './run-command';

const ENTER = /[\r\n]/;
const CONTROL_C = '\u0003';
const CONTROL_D = '\u0004';
const BACKSPACES = ['\u007f', '\b'];

/**
 * Reads a value that must not be seen: on a terminal one line, typed without an echo; else all of standard input,
 * without the line break that programs put at its end.
 *
 * @throws ToldFailure if the user gives up with Ctrl-C
 */
export async function readSecret(
  question: string,
  input: NodeJS.ReadStream,
  prompt: NodeJS.WritableStream,
): Promise<string> {
  if (input.isTTY) return typeUnseen(question, input, prompt);
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

function typeUnseen(question: string, terminal: ReadStream, prompt: NodeJS.WritableStream): Promise<string> {
  prompt.write(`${question}: `);
  terminal.setRawMode(true);
  terminal.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (settle: () => void) => {
      terminal.off('data', take);
      terminal.setRawMode(false);
      terminal.pause();
      prompt.write('\n');
      settle();
    };
    const take = (text: string) => {
      for (const sign of text) {
        if (sign === CONTROL_C) return end(() => reject(new ToldFailure(EXIT.interrupted)));
        if (ENTER.test(sign) || sign === CONTROL_D) return end(() => resolve(typed));
        typed = BACKSPACES.includes(sign) ? typed.slice(0, -1) : typed + sign;
      }
    };
    terminal.on('data', take);
    terminal.resume();
  });
}
