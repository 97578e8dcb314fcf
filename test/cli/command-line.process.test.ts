import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerLocal } from '../../lib/cli/commands/local/local';
import { registerRollback } from '../../lib/cli/commands/rollback';
import { EXIT, runCommand } from '../../lib/cli/platform/run-command';

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command as the command line does, in this process. */
async function seedbed(...args: string[]): Promise<Ended> {
  const text = { out: '', err: '' };
  const write = (to: keyof typeof text) => (more: string) => {
    text[to] += more;
  };
  const program = new Command('seedbed')
    .exitOverride()
    .configureOutput({ writeOut: write('out'), writeErr: write('err') });
  registerLocal(program);
  registerRollback(program);
  const run = async () => {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.succeeded;
  };
  return { status: await runCommand(run, write('err')), ...text };
}

/** Runs a command as a process of its own. */
const inItsOwnProcess = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [SEEDBED, ...args], { encoding: 'utf8' }, (error, out, err) =>
      resolve({ status: error ? Number(error.code) : 0, out, err }),
    );
  });
const SEEDBED = join(__dirname, '../../bin/seedbed.js');

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'seedbed-test-'));
  mkdirSync(join(scratch, 'empty'));
  symlinkSync(join(scratch, 'empty'), join(scratch, 'link'));
  mkdirSync(join(scratch, 'service'));
  writeFileSync(join(scratch, 'service', 'serverless.yml'), 'service: a\n');
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
jest.setTimeout(300_000);

describe('seedbed local deploy', () => {
  it.each<[string, (dir: string) => string[], RegExp]>([
    ['no directory', () => [], /missing required argument 'dir'/],
    ['a directory that is not there', (dir) => [join(dir, 'nope')], /there is no directory .*nope; give the directory/],
    ['a file', (dir) => [join(dir, 'service', 'serverless.yml')], /serverless\.yml is a file; give the directory/],
    [
      'a directory without a service',
      (dir) => [join(dir, 'empty')],
      /no service found in .*empty: looked for serverless\.yml \(or \.yaml/,
    ],
    [
      'a link to one, by its own name',
      (dir) => [join(dir, 'link')],
      /no service found in .*empty: looked for serverless\.yml/,
    ],
    ['an unknown option', (dir) => [dir, '--frce'], /unknown option '--frce'/],
    ['a stage that cannot be one', (dir) => [dir, '--stage', 'Dev'], /--stage: "Dev": use lower-case letters/],
    ['a name that cannot be one', (dir) => [dir, '--name', '../x'], /--name: "\.\.\/x": use lower-case letters/],
  ])('ends with 2 for %s, and says so', async (_, args, message) => {
    const { status, out, err } = await seedbed('local', 'deploy', ...args(scratch));
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
  });

  it('ends with 1 and says how to start a local cloud that is not up', async () => {
    const { status, out, err } = await inItsOwnProcess(
      'local',
      'deploy',
      join(scratch, 'service'),
      '--name',
      'not-up',
      '--json',
    );
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/the local cloud "not-up" is not up.*npx seedbed local up --name not-up/);
  });

  it('ends with 1 for a seed.yml that cannot be read, and names the key', async () => {
    mkdirSync(join(scratch, 'typo'));
    writeFileSync(join(scratch, 'typo', 'serverless.yml'), 'service: a\n');
    writeFileSync(join(scratch, 'typo', 'seed.yml'), 'check_code_changes: false\n');
    const { status, err } = await seedbed('local', 'deploy', join(scratch, 'typo'));
    expect(status).toBe(1);
    expect(err).toMatch(/seed\.yml.*"check_code_changes"; did you mean "check_code_change"/);
  });
});

it.each([
  ['a port that cannot be one', ['--port', '80x'], '--port: "80x" is not a port; give a number from 1 to 65535'],
  [
    'a speed that is slower than on AWS',
    ['--speed', '0.5'],
    '--speed: "0.5" is not a speed; give a number from 1 (as on AWS) to 3600',
  ],
  ['a speed that is no number', ['--speed', 'fast'], '--speed: "fast" is not a speed'],
  [
    'a configuration that is not there',
    ['--config', 'no.yml'],
    '--config: there is no file no.yml; write it, or leave',
  ],
  [
    'a directory as configuration',
    ['--config', __dirname],
    `--config: ${__dirname} is a directory; name a file, such as a seedbed.yml in it`,
  ],
  ['a region that cannot be one', ['--region', 'mars-1'], '--region: "mars-1" is not a region; give the name of one'],
  ['an empty region', ['--region', ''], '--region: "" is not a region'],
])('seedbed local up ends with 2 for %s, before it starts anything', async (_, args, message) => {
  const { status, out, err } = await seedbed('local', 'up', '--name', 'not-up', ...args);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(message);
});

it('seedbed local status says how to start a local cloud that is not up, under its name', async () => {
  const { status, out } = await inItsOwnProcess('local', 'status', '--name', 'not-up');
  expect(status).toBe(1);
  expect(out).toBe('the local cloud "not-up" is not up; start it with: npx seedbed local up --name not-up\n');
});

describe('seedbed rollback', () => {
  const shop = ['--app', 'shop', '--stage', 'prod'];
  it.each([
    ['an app that cannot be one', ['--app', 'Shop', '--stage', 'prod'], /--app: "Shop": use lower-case letters/],
    ['a service outside of the repository', [...shop, '--service', '../x'], /--service: "\.\.\/x" is not a directory/],
    ['a local cloud that cannot be one', [...shop, '--local', 'X!'], /--local: "X!": use lower-case letters/],
    ['an unknown option', [...shop, '--dry'], /unknown option '--dry'/],
  ])('ends with 2 for %s, and says so', async (_, args, message) => {
    const { status, out, err } = await seedbed('rollback', ...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
  });

  it('ends with 1 and says how to start a local cloud that is not up', async () => {
    const { status, err } = await seedbed('rollback', ...shop, '--local', 'not-up');
    expect(status).toBe(1);
    expect(err).toMatch(/the local cloud "not-up" is not up.*npx seedbed local up --name not-up/);
  });

  it('says that --local took the word after it as a name', async () => {
    const { err } = await seedbed('rollback', ...shop, '--local', 'zzzzzz');
    expect(err).toMatch(
      /"zzzzzz" is not up.* or, if "zzzzzz" is no name of a local cloud: write --local last, or --local default/,
    );
    const { status, err: refused } = await seedbed('rollback', ...shop, '--local', '01M8QGYZTD3XYZ');
    expect(status).toBe(2);
    expect(refused).toMatch(/--local: "01M8QGYZTD3XYZ".*; if it is no name of a local cloud: write --local last, or/);
  });

  it('ends with 1 and says what to set if there is no AWS account to ask', async () => {
    const saved = { ...process.env };
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: 'none', HOME: scratch });
    try {
      const { status, err } = await seedbed('rollback', ...shop);
      expect(status).toBe(1);
      expect(err).toMatch(/no AWS account to look for the platform in \(.*\); set AWS_REGION and credentials.*--local/);
    } finally {
      process.env = saved;
    }
  });

  it('shows examples', async () => {
    const { status, out } = await inItsOwnProcess('rollback', '--help');
    expect(status).toBe(0);
    expect(out).toMatch(/Example:\n +\$ seedbed rollback --app shop --stage prod --dry-run/);
  });
});

it.each(['deploy', 'demo'])('seedbed local %s --help shows an example', async (command) => {
  const { status, out } = await seedbed('local', command, '--help');
  expect(status).toBe(0);
  expect(out).toMatch(/Example:\n +\$ /);
});

it('seedbed local demo ends with 2 for an unknown option', async () => {
  const { status, err } = await inItsOwnProcess('local', 'demo', '--kep');
  expect(status).toBe(2);
  expect(err).toMatch(/unknown option '--kep'/);
});

it.each([
  [['help', 'deplyo'], /there is no command "deplyo"; did you mean "deploy"/],
  [['local', 'up', '--name', 'a b'], /--name: "a b": use lower-case letters/],
])('seedbed %j ends with 2 and says what is wrong', async (args, told) => {
  const { status, err } = await inItsOwnProcess(...args);
  expect(status).toBe(2);
  expect(err).toMatch(told);
});
