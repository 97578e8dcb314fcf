import { requireCommand, runCommand } from '../../lib/packager/run-command';
import { TestClock } from '../test-clock';
import { aDirectory } from './scratch';

const shell = (script: string) => ({
  program: 'sh',
  args: ['-c', script],
  cwd: aDirectory(),
  env: { PATH: process.env.PATH },
});
const silently = () => {};
const onFailure = { code: 'PackageFailed', message: 'cannot package service api' } as const;

describe('runCommand', () => {
  it('hands on each line of both streams and tells the exit code', async () => {
    const lines: string[] = [];
    const result = await runCommand(shell('echo out; echo err >&2; exit 3'), (line) => lines.push(line));
    expect(lines.sort()).toEqual(['err', 'out']);
    expect(result.exitCode).toBe(3);
  });

  it('hands on as one what is written in several goes, and a line of any length', async () => {
    const lines: string[] = [];
    await runCommand(shell('printf sec; sleep 0.05; echo ret; head -c 1000000 /dev/zero | tr "\\\\0" a'), (line) =>
      lines.push(line),
    );
    expect(lines).toEqual(['secret', 'a'.repeat(1_000_000)]);
  });

  it('ends with 127 and a reason if the program is missing', async () => {
    const result = await runCommand({ ...shell(''), program: 'no-such-program' }, silently);
    expect(result).toEqual({ exitCode: 127, lastLines: [expect.stringContaining('no-such-program')] });
  });

  it('counts a killed program as failed', async () => {
    expect((await runCommand(shell('kill -9 $$'), silently)).exitCode).not.toBe(0);
  });
});

describe('runCommand with a time-out', () => {
  let clock: TestClock;
  beforeEach(() => {
    clock = new TestClock();
  });
  const limited = (script: string, milliseconds: number) => ({
    ...shell(script),
    timeout: { milliseconds, says: 'took too long', clock },
  });

  it('ends a command that takes too long, with all that it has started', async () => {
    const lines: string[] = [];
    const command = limited('(sleep 300 & echo child $!; wait) & echo begun; wait', 60_000);
    const log = (line: string) => {
      if (lines.push(line) === 2) clock.windOn(60_000);
    };
    const error = await requireCommand(command, log, onFailure).catch((reason) => reason);
    expect(error.message).toMatch(/^cannot package service api: ".*" took too long\nits last lines:\n/);
    expect(lines).toContain('begun');
    const child = Number(lines.find((line) => line.startsWith('child '))!.slice('child '.length));
    const isGone = () => {
      try {
        process.kill(child, 0);
        return false;
      } catch {
        return true;
      }
    };
    while (!isGone()) await new Promise((next) => setTimeout(next, 50));
  });

  it('leaves alone a command that is quicker', async () => {
    expect(await runCommand(limited('exit 3', 60_000), silently)).toEqual({ exitCode: 3, lastLines: [] });
  });
});

describe('requireCommand', () => {
  it('fails with the command and its last twenty lines', async () => {
    const error = await requireCommand(shell('seq 1 30; exit 7'), silently, onFailure).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'PackageFailed' });
    const [first, second, ...lines] = error.message.split('\n');
    expect(first).toBe('cannot package service api: "sh -c seq 1 30; exit 7" ended with exit code 7');
    expect(second).toBe('its last lines:');
    expect(lines.map(Number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 11));
  });

  it('leaves out what npm tells of its own insides', async () => {
    const said = `npm error FetchError: no answer
npm error     at ClientRequest.<anonymous> (/usr/lib/node_modules/npm/lib/index.js:130:14)
npm error     at process.processTicksAndRejections (node:internal/process/task_queues:83:21) {
npm error A complete log of this run can be found in: /root/.npm/_logs/debug-0.log
npm error at last`;
    const { lastLines } = await runCommand({ ...shell('echo "$SAID"'), env: { SAID: said } }, silently);
    expect(lastLines).toEqual(['npm error FetchError: no answer', 'npm error at last']);
  });

  it('names files from where the program ran', async () => {
    const error = await requireCommand(shell('echo "in $PWD/src/api.ts"; exit 1'), silently, onFailure).catch(
      (it) => it,
    );
    expect(error.message).toMatch(/\n {2}in src\/api\.ts$/);
  });

  it('says what to do, if the last lines tell', async () => {
    const advise = (lines: readonly string[]) => (lines.includes('late') ? 'get up earlier' : undefined);
    const failing = (word: string) =>
      requireCommand(shell(`echo ${word}; exit 1`), silently, { ...onFailure, advise }).catch(({ message }) => message);
    expect(await failing('late')).toMatch(/ended with exit code 1\nget up earlier\nits last lines:\n {2}late$/);
    expect(await failing('lost')).toMatch(/ended with exit code 1\nits last lines:\n {2}lost$/);
  });

  it('never shows the credentials in a URL', async () => {
    const lines: string[] = [];
    const command = shell('echo fatal: https://ada:secret@example.com/x.git; exit 1');
    const error = await requireCommand(command, (line) => lines.push(line), onFailure).catch((reason) => reason);
    expect(`${lines} ${error.message}`).not.toContain('secret');
    expect(error.message).toContain('https://***@example.com/x.git');
  });
});
