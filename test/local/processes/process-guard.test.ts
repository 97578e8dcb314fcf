import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findPython } from '../../../lib/local/emulator/python-venv';
import { startGuarded } from '../../../lib/local/processes/process-guard';
import { eventually, PATIENCE } from '../a-cloud';

jest.setTimeout(PATIENCE);

const gone = (pid: number) =>
  eventually(async () => {
    try {
      process.kill(pid, 0);
      return undefined;
    } catch {
      return true;
    }
  });

const firstLine = (stream: NodeJS.ReadableStream) =>
  new Promise<string>((resolve) => createInterface({ input: stream }).once('line', resolve));

describe('a guarded command', () => {
  let python: string;
  beforeAll(async () => {
    python = await findPython();
  });

  const options = (remove: string[] = []) => ({ python, cwd: tmpdir(), env: process.env, graceSeconds: 0.2, remove });
  const scratch = () => mkdtempSync(join(tmpdir(), 'seedbed-guard-'));
  // A child that ignores SIGTERM, as a stubborn build would.
  const STUBBORN = `trap '' TERM; sleep 600 & echo $!; wait`;

  it('ends with the status and output of the command', async () => {
    const run = startGuarded(['bash', '-c', 'echo said; exit 7'], options());
    expect(await firstLine(run.stdout)).toBe('said');
    expect(await run.ended).toEqual({ status: 7 });
  });

  it('ends with its whole group when it is stopped, and its directories go', async () => {
    const directory = scratch();
    const run = startGuarded(['bash', '-c', STUBBORN], options([directory]));
    const child = Number(await firstLine(run.stdout));
    expect(await run.stop()).toEqual({ status: 137 });
    await gone(child);
    expect(existsSync(directory)).toBe(false);
  });

  it('takes along what it left running', async () => {
    const run = startGuarded(['bash', '-c', 'sleep 600 >/dev/null 2>&1 & echo $!'], options());
    const child = Number(await firstLine(run.stdout));
    await run.ended;
    await gone(child);
  });

  it('does not outlive an owner that is killed', async () => {
    const directory = scratch();
    const guard = join(__dirname, '../../../lib/local/processes/process-guard.ts');
    const command = JSON.stringify(['bash', '-c', STUBBORN]);
    const how = JSON.stringify({ ...options([directory]), env: undefined });
    const script = `
      const { startGuarded } = require(${JSON.stringify(guard)});
      const run = startGuarded(${command}, ${how});
      run.stdout.pipe(process.stdout);`;
    const owner = spawn(process.execPath, ['-r', 'tsx/cjs', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const child = Number(await firstLine(owner.stdout));
    owner.kill('SIGKILL');
    await gone(child);
    await eventually(async () => (existsSync(directory) ? undefined : true));
  });
});
