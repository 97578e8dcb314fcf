import { PassThrough } from 'node:stream';
import { askOn } from '../../../lib/cli/platform/ask-on';

function aTerminal() {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  return { input, output, ask: askOn(input, output) };
}

it.each([
  ['  acme/shop \n', 'acme/shop'],
  ['\n', 'acme/blog'],
])('an answer of %j is %s', async (typed, answer) => {
  const { input, output, ask } = aTerminal();
  const asked = ask('repository', 'acme/blog');
  input.write(typed);
  expect(await asked).toBe(answer);
  expect(output.read()).toBe('repository [acme/blog]: ');
});

it('whoever gives up at a question ends the command, as Ctrl-C does', async () => {
  const { input, output, ask } = aTerminal();
  const asked = ask('repository');
  input.end();
  await expect(asked).rejects.toMatchObject({ exitCode: 130 });
  expect(output.read()).toMatch(/^repository: \r?\n$/);
});
