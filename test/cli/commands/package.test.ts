import { Command } from 'commander';
import { registerPackage } from '../../../lib/cli/commands/package';
import { EXIT, runCommand } from '../../../lib/cli/platform/run-command';

async function run(...args: readonly string[]): Promise<{ readonly exitCode: number; readonly said: string }> {
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  const program = new Command('seedbed').exitOverride().configureOutput({ writeOut: write, writeErr: write });
  registerPackage(program);
  const exitCode = await runCommand(async () => {
    await program.parseAsync(['package', ...args], { from: 'user' });
    return EXIT.succeeded;
  }, write);
  return { exitCode, said };
}

describe('seedbed package', () => {
  it.each([
    [['no-such-directory', '--out', 'o'], 'no-such-directory is not a directory'],
    [[__dirname], '--out'],
    [[__dirname, '--out', 'o', '--stage', 'Prod'], '--stage: "Prod": use lower-case letters'],
    [[__dirname, '--out', 'o', '--app', 'My Shop'], '--app: "My Shop": use lower-case letters'],
  ])('tells what is wrong with %j, and exits with 2', async (args, message) => {
    const { exitCode, said } = await run(...args);
    expect(said).toContain(message);
    expect(exitCode).toBe(2);
  });

  it('shows an example in its help', async () => {
    const { exitCode, said } = await run('--help');
    expect(said).toContain('$ seedbed package ../shop --stage dev --out');
    expect(exitCode).toBe(0);
  });
});
