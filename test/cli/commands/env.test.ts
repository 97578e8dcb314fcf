import { PassThrough } from 'node:stream';
import { registerEnv } from '../../../lib/cli/commands/env';
import { readSecret } from '../../../lib/cli/platform/read-secret';
import { aWorld } from '../a-world';

const DEV = ['--app', 'shop', '--stage', 'dev'];
const dev = { app: 'shop', stage: 'dev' };
const made = { app: 'shop', stage: 'pr-7', template: 'dev' };
const variable = (name: string, value: string, secret = false) => ({ name, value, secret });

describe('seedbed env set', () => {
  it('sets what is plain by argument, and a secret by standard input', async () => {
    const { call, platform, answers } = aWorld(registerEnv);
    answers.push('hush=hush');
    const { status, out, err } = await call('env', 'set', ...DEV, 'COLOUR=blue=ish', '--secret', 'KEY');
    expect([status, out]).toEqual([
      0,
      'set COLOUR, KEY in stage "dev"; the next release deploys every service in full\n',
    ]);
    expect(`${out}${err}`).not.toContain('hush');
    expect(await platform.environments.list(dev, { secrets: true })).toMatchObject([
      variable('COLOUR', 'blue=ish'),
      variable('KEY', 'hush=hush', true),
    ]);
  });

  it('sets what a made stage has of its own', async () => {
    const { call, platform } = aWorld(registerEnv);
    const origin = { kind: 'branch', branch: 'topic' } as const;
    await platform.stages.make({ ...made, origin, madeAt: '2026-01-01T00:00:00Z' });
    expect((await call('env', 'set', '--app', 'shop', '--stage', 'pr-7', 'A=1', '--json')).out).toBe(
      `${JSON.stringify({ app: 'shop', stage: 'pr-7', set: ['A'] }, null, 2)}\n`,
    );
    expect(await platform.environments.list(made, { secrets: true })).toMatchObject([variable('A', '1')]);
    expect(await platform.environments.list(dev, { secrets: true })).toEqual([]);
  });

  it.each<[string, string[], RegExp]>([
    ['nothing to set', [], /name what to set/],
    ['a name alone', ['KEY'], /"KEY" is not an assignment; write NAME=VALUE, or --secret KEY/],
    ['what no shell takes for a name', ['a-b=1'], /"a-b" cannot be the name of a variable/],
    ['an empty name', ['=1'], /"" cannot be the name/],
    ['a name of another path', ['../prod/KEY=1'], /cannot be the name/],
    ['a reserved name', ['AWS_SECRET_ACCESS_KEY=1'], /AWS_SECRET_ACCESS_KEY is reserved/],
    ['a reserved secret', ['--secret', 'LD_PRELOAD'], /LD_PRELOAD is reserved/],
    ['an empty value', ['A='], /the value of A is empty/],
    ['a value that is too long', [`A=${'é'.repeat(2049)}`], /the value of A has 4098 bytes, and at most 4096/],
    ['what Parameter Store takes for a reference', ['A={{ssm:x}}'], /contains "\{\{"/],
    ['two secrets on one standard input', ['--secret', 'A', 'B'], /holds only one secret; set them one at a time/],
  ])('is called wrongly with %s: 2, and nothing is set', async (_, args, message) => {
    const { call, platform } = aWorld(registerEnv);
    const { status, err } = await call('env', 'set', ...DEV, ...args);
    expect([status, err]).toEqual([2, expect.stringMatching(message)]);
    expect(await platform.environments.list(dev, { secrets: true })).toEqual([]);
  });

  it('never tells a secret that it refuses', async () => {
    const { call, answers } = aWorld(registerEnv);
    answers.push('secret {{word}}');
    const { status, out, err } = await call('env', 'set', ...DEV, '--secret', 'KEY');
    expect([status, `${out}${err}`]).toEqual([1, expect.not.stringContaining('word')]);
  });

  it('knows the nearest stage and app', async () => {
    const { call } = aWorld(registerEnv);
    expect((await call('env', 'set', '--app', 'shop', '--stage', 'deb', 'A=1')).err).toContain('did you mean "dev"?');
    expect((await call('env', 'set', '--app', 'shpo', '--stage', 'dev', 'A=1')).err).toContain('did you mean "shop"?');
  });
});

describe('seedbed env list', () => {
  it('shows names and kinds, values only if asked, and those of secrets never', async () => {
    const { call, platform, json } = aWorld(registerEnv);
    await platform.environments.set(dev, [variable('COLOUR', 'blue\u001b[2J\nred'), variable('KEY', 'hush', true)]);
    const { out } = await call('env', 'list', ...DEV);
    expect(out).toMatch(/^NAME +KIND +OF STAGE +VERSION +CHANGED\nCOLOUR +plain +dev +1 .*\nKEY +secret +dev +1 .*\n$/);
    const withValues = (await call('env', 'list', ...DEV, '--values')).out;
    expect(withValues).toMatch(/COLOUR .* blue ⏎ red\n/);
    expect(out + withValues).not.toContain('hush');
    expect(await json('env', 'list', ...DEV)).toMatchObject([{ name: 'COLOUR', secret: false }, { name: 'KEY' }]);
    expect(JSON.stringify(await json('env', 'list', ...DEV))).not.toMatch(/blue|hush/);
    expect(JSON.stringify(await json('env', 'list', ...DEV, '--values'))).not.toContain('hush');
  });

  it('shows of a made stage what it has of its template, and which of it is its own', async () => {
    const { platform, json } = aWorld(registerEnv);
    const origin = { kind: 'branch', branch: 'topic' } as const;
    await platform.stages.make({ ...made, origin, madeAt: '2026-01-01T00:00:00Z' });
    await platform.environments.set(dev, [variable('A', '1'), variable('B', '1')]);
    await platform.environments.set(made, [variable('B', '2')]);
    expect(await json('env', 'list', '--app', 'shop', '--stage', 'pr-7', '--values')).toMatchObject([
      { name: 'A', value: '1', from: 'dev' },
      { name: 'B', value: '2', from: 'pr-7' },
    ]);
  });

  it('says that there is nothing', async () => {
    const { call } = aWorld(registerEnv);
    expect((await call('env', 'list', ...DEV)).out).toBe('stage "dev" of "shop" has no variables yet\n');
  });
});

describe('seedbed env rm', () => {
  it('removes, and says of what is not there what may be meant', async () => {
    const { call, platform } = aWorld(registerEnv);
    await platform.environments.set(dev, [variable('COLOUR', 'blue'), variable('SIZE', 'small')]);
    const { status, out, err } = await call('env', 'rm', ...DEV, 'COLOUR', 'SISE');
    expect(status).toBe(1);
    expect(out).toContain('removed COLOUR from stage "dev"; the next release deploys every service in full');
    expect(err).toContain('has no variable "SISE" of its own; did you mean "SIZE"?');
    expect(await platform.environments.list(dev, { secrets: true })).toMatchObject([variable('SIZE', 'small')]);
  });

  it('says so of a stage that has no variables at all', async () => {
    const { call } = aWorld(registerEnv);
    expect(await call('env', 'rm', ...DEV, 'COLOUR')).toMatchObject({
      status: 1,
      err: expect.stringContaining('seedbed: stage "dev" has no variable "COLOUR" of its own; it has none\n'),
    });
  });
});

describe('readSecret', () => {
  it('takes all of standard input, without the line break at its end', async () => {
    const input = new PassThrough();
    input.end('line one\nline two\n');
    expect(await readSecret('value', input as never, new PassThrough())).toBe('line one\nline two');
  });

  it('takes what is typed on a terminal and shows nothing of it', async () => {
    const terminal = Object.assign(new PassThrough(), {
      isTTY: true,
      modes: [] as boolean[],
      setRawMode(mode: boolean) {
        this.modes.push(mode);
      },
    });
    const prompt = new PassThrough();
    const value = readSecret('value of KEY', terminal as never, prompt);
    terminal.write('hux\u007fsh');
    terminal.write('\r');
    expect(await value).toBe('hush');
    expect(prompt.read()?.toString()).toBe('value of KEY: \n');
    expect(terminal.modes).toEqual([true, false]);
  });
});
