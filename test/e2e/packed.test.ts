import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { readVersion, renderVersion } from '../../lib/cli/platform/version';
import { CHECKOUT } from '../../lib/local/emulator/checkout';
import { machineEnvironment } from '../../lib/local/processes/environments';

// It packs, installs from the registry, makes a Python environment and deploys: on a busy machine, minutes each.
jest.setTimeout(1_200_000);

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** A directory of its own, as a platform team has one, with the packed Seedbed installed; all by its own programs. */
let project: string;
let elsewhere: string;

/** As a shell has it that knows nothing of this checkout or of any AWS account. */
const environment = (): NodeJS.ProcessEnv => ({
  ...machineEnvironment(),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => !directory.startsWith(CHECKOUT))
    .join(delimiter),
  AWS_EC2_METADATA_DISABLED: 'true',
  CDK_HOME: elsewhere,
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_VALIDATION: 'false', // it takes seconds; the tests of lib/infra validate the templates
});
const run = (directory: string, program: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { cwd: directory, env: environment(), encoding: 'utf8', maxBuffer: 64 << 20 } as const;
    execFile(program, args, options, (error, out, err) =>
      resolve({ status: error ? Number(error.code ?? -1) : 0, out, err }),
    );
  });
/** @throws Error with all that it said, if it fails */
async function succeed(directory: string, program: string, ...args: string[]): Promise<string> {
  const { status, out, err } = await run(directory, program, ...args);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${status}\n${out}\n${err}`);
  return out;
}
const seedbed = (...args: string[]) => run(project, 'npx', 'seedbed', ...args);

const OWN_STACK = `
import { Stack, Tags } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

const own = new Stack(app, 'Own');
new StringParameter(own, 'Owner', { parameterName: '/own/owner', stringValue: 'platform-team' });
Tags.of(app).add('owner', 'platform-team');
`;

beforeAll(async () => {
  [project, elsewhere] = ['project', 'elsewhere'].map((name) =>
    realpathSync(mkdtempSync(join(tmpdir(), `seedbed-packed-${name}-`))),
  ) as [string, string];
  await succeed(CHECKOUT, 'npm', 'run', 'pack', '--', '--pack-destination', elsewhere);
  const [tarball] = readdirSync(elsewhere).filter((file) => file.endsWith('.tgz'));
  await succeed(project, 'npm', 'init', '-y');
  await succeed(project, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', join(elsewhere, tarball!));
  await succeed(project, 'npx', 'seedbed', 'init', '--app', 'shop', '--codecommit', 'shop', '--stage', 'dev:main');
});
afterAll(async () => {
  await seedbed('local', 'down');
  for (const directory of [project, elsewhere]) rmSync(directory, { recursive: true, force: true });
});

it('the package holds compiled code, bundles, documents, and nothing of tests, demo or sources', () => {
  const root = join(project, 'node_modules', 'seedbed');
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
  expect([...new Set(files.map((file) => file.split('/')[0]))].sort()).toEqual([
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'bin',
    'dist',
    'docs',
    'package.json',
  ]);
  expect(files.filter((file) => file.endsWith('.ts'))).toEqual(['dist/lib/index.d.ts']);
  expect(files.filter((file) => /(^|\/)(test|bench|examples|distribution)\/|\.handler\.|play-demo/.test(file))).toEqual(
    [],
  );
  expect(files).toEqual(expect.arrayContaining(['dist/workers/start-build.mjs', 'dist/packager/packager.js']));
});

it('tells the version and the commit that it was packed from', async () => {
  expect((await seedbed('--version')).out).toBe(`${renderVersion(readVersion())}\n`);
});

it('says of the demo where it is', async () => {
  expect(await seedbed('local', 'demo', '--keep')).toMatchObject({
    status: 2,
    err: expect.stringMatching(/^seedbed: the demo is not in the npm package: clone Seedbed's repository/),
  });
});

it('deploys nothing to a local cloud where there is no project, and says how to make one', async () => {
  const program = join(project, 'node_modules', 'seedbed', 'bin', 'seedbed.js');
  expect(await run(elsewhere, process.execPath, program, 'local', 'up')).toMatchObject({
    status: 2,
    err: expect.stringMatching(/^seedbed: there is no cdk\.json in .*; .*npx seedbed init\n$/),
  });
});

describe('a project of a platform team', () => {
  beforeAll(() => appendFileSync(join(project, 'bin', 'platform.ts'), OWN_STACK));

  it('has types', async () => {
    const compiler = join(CHECKOUT, 'node_modules', 'typescript-native', 'bin', 'tsc');
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
    await succeed(project, process.execPath, compiler, ...options, 'bin/platform.ts');
  });

  it('is synthesised with the CDK that came with the package, its own stacks too', async () => {
    await succeed(project, 'npx', 'cdk', 'synth', '--quiet', '--no-notices');
    const templates = readdirSync(join(project, 'cdk.out')).filter((file) => file.endsWith('.template.json'));
    expect(templates.sort()).toEqual(
      ['Own', 'Seedbed', 'SeedbedApps', 'SeedbedTarget'].map((s) => `${s}.template.json`),
    );
  });

  it('comes up on a local cloud, its own stacks too, and goes down', async () => {
    await succeed(project, 'npx', 'seedbed', 'local', 'up');
    const status = await seedbed('local', 'status', '--json');
    expect(status.status).toBe(0);
    const { environment: cloud, region } = JSON.parse(status.out);
    const ssm = new SSMClient({
      endpoint: cloud.AWS_ENDPOINT_URL,
      region,
      credentials: { accessKeyId: cloud.AWS_ACCESS_KEY_ID, secretAccessKey: cloud.AWS_SECRET_ACCESS_KEY },
    });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/own/owner' }));
    expect(Parameter?.Value).toBe('platform-team');
    // What answers is the platform, deployed there.
    expect(await seedbed('app', 'list', '--local', '--json')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^\[\]/),
    });

    expect(await seedbed('local', 'down')).toMatchObject({ status: 0, out: 'the local cloud "default" is down\n' });
    expect((await seedbed('local', 'status')).status).toBe(1);
  });
});
