import { PassThrough } from 'node:stream';
import { readSecret } from '../../../lib/cli/platform/read-secret';

/** A terminal at which this is typed, and what is printed on it. */
function aTerminal(typed: string) {
  const prompt = new PassThrough();
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  input.write(typed);
  return { input: input as unknown as NodeJS.ReadStream, prompt, printed: () => String(prompt.read()) };
}

describe('reading a secret', () => {
  it('takes what is typed on a terminal, and does not show it', async () => {
    const { input, prompt, printed } = aTerminal('hushh\u007f\r');
    expect(await readSecret('value of KEY', input, prompt)).toBe('hush');
    expect(printed()).toBe('value of KEY: \n');
  });

  it('ends the command as interrupted on Ctrl-C, which is no bug to report', async () => {
    const { input, prompt } = aTerminal('hu\u0003');
    await expect(readSecret('value of KEY', input, prompt)).rejects.toMatchObject({ exitCode: 130 });
  });

  it('takes all of what is no terminal, but for the last line break', async () => {
    const input = new PassThrough();
    input.end('line 1\nline 2\n');
    const prompt = new PassThrough();
    expect(await readSecret('value of KEY', input as unknown as NodeJS.ReadStream, prompt)).toBe('line 1\nline 2');
    expect(prompt.read()).toBeNull();
  });
});
