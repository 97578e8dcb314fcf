import { join } from 'node:path';
import type { BuildRequest } from '../../lib/core/build-request';
import { Manifest } from '../../lib/core/manifest';
import { StepError } from '../../lib/core/state';
import { memoryArtifacts } from '../../lib/memory/memory-artifacts';
import { runBuild } from '../../lib/packager/run-build';
import { aDirectory, aRepository, programs } from './scratch';

const RELEASE = '01HZZZZZZZZZZZZZZZZZZZZZZZ';
/** The framework of this repository is what is on the PATH of these builds. */
const BIN = join(__dirname, '..', '..', 'node_modules', '.bin');

const SERVICE = {
  'api/serverless.yml': [
    'service: api',
    'provider: { name: aws, runtime: nodejs20.x }',
    'package: { individually: true }',
    'functions:',
    '  hello: { handler: src/hello.handler, package: { patterns: ["!**", src/hello.js] }, layers: [{ Ref: SharedLambdaLayer }] }',
    '  bye: { handler: src/bye.handler, package: { patterns: ["!**", src/bye.js] } }',
    'layers: { shared: { path: layer } }',
  ].join('\n'),
  'api/src/hello.js': 'exports.handler = async () => "hello";',
  'api/src/bye.js': 'exports.handler = async () => "bye";',
  'api/layer/nodejs/x.js': '',
};

async function build(files: Readonly<Record<string, string>>, more: Partial<BuildRequest> = {}, path = BIN) {
  const { directory, commit } = aRepository(files);
  const artifacts = memoryArtifacts();
  const lines: string[] = [];
  const request = {
    ...{ releaseId: RELEASE, app: 'shop', stage: 'dev', service: 'api', commit, cloneUrl: `file://${directory}` },
    ...{ region: 'eu-central-1', artifactBucket: 'artifacts', ...more },
  };
  const succeeded = await runBuild(request, {
    artifacts,
    directory: join(aDirectory(), 'build'),
    cacheDirectory: aDirectory(),
    env: { PATH: `${path}:${process.env.PATH}`, HOME: process.env.HOME },
    log: (line) => lines.push(line),
  });
  return {
    succeeded,
    lines,
    artifacts,
    manifest: await artifacts.readJson(`packages/shop/${request.service}/${RELEASE}/manifest.json`, Manifest),
    error: await artifacts.readJson(`packages/shop/${request.service}/${RELEASE}/error.json`, StepError),
  };
}

describe('runBuild', () => {
  it('packages the same content to the same package, wherever and whenever it is built', async () => {
    const [one, other] = [await build(SERVICE), await build({ ...SERVICE, 'README.md': 'changed' })];
    expect(one).toMatchObject({ succeeded: true, error: undefined });
    expect(Object.keys(one.manifest!.functions).sort()).toEqual(['ByeLambdaFunction', 'HelloLambdaFunction']);
    expect(Object.keys(one.manifest!.layers)).toEqual(['SharedLambdaLayer']);
    expect({ ...other.manifest, commit: '' }).toEqual({ ...one.manifest, commit: '' });
    const bundles = ({ artifacts }: typeof one) =>
      [...artifacts.objects]
        .filter(([key]) => key.startsWith('bundles/'))
        .map(([key, bytes]) => [key, Buffer.from(bytes)]);
    expect(bundles(one)).toHaveLength(3);
    expect(bundles(other).sort()).toEqual(bundles(one).sort());
  });

  it('tells changed code and a changed setting apart', async () => {
    const changed = await Promise.all([
      build(SERVICE),
      build({ ...SERVICE, 'api/src/hello.js': 'exports.handler = async () => "changed";' }),
      build({
        ...SERVICE,
        'api/serverless.yml': `${SERVICE['api/serverless.yml']}\ncustom: { plugin: { minify: true } }`,
      }),
    ]);
    const [base, code, setting] = changed.map(({ manifest }) => manifest!);
    expect(code!.functions.HelloLambdaFunction!.contentHash).not.toBe(base!.functions.HelloLambdaFunction!.contentHash);
    const same = ({ templateHash, configHash, layers, functions }: Manifest) => ({
      templateHash,
      configHash,
      layers,
      bye: functions.ByeLambdaFunction,
    });
    expect(same(code!)).toEqual(same(base!));
    expect(setting!.configHash).not.toBe(base!.configHash);
    expect({ ...setting!, configHash: '', commit: '' }).toEqual({ ...base!, configHash: '', commit: '' });
  });

  it('runs the hooks of seed.yml in the root, each in its own shell, around the installation', async () => {
    const note = 'echo "$SEED_STAGE_NAME $SEED_SERVICE_PATH $(basename $PWD)" >> calls';
    const npm = programs({ npm: 'echo installed >> ../calls' });
    const hooks = ['before_compile:', '  - cd api', `  - ${note}`, 'before_build:', '  - cat calls; exit 1'];
    const files = { 'api/package.json': '{"name":"api","dependencies":{"a":"1"}}', 'seed.yml': hooks.join('\n') };
    const { error } = await build({ ...SERVICE, ...files }, {}, npm);
    expect(error!.message.split('\n').slice(-2)).toEqual(['  dev api source', '  installed']);
  });

  it('stops at a hook that fails, and stores its last lines', async () => {
    const { succeeded, error, manifest } = await build({
      ...SERVICE,
      'seed.yml': 'before_compile:\n  - echo no token; exit 3\n  - echo not run\n',
    });
    expect({ succeeded, manifest }).toEqual({ succeeded: false, manifest: undefined });
    expect(error).toMatchObject({
      code: 'HookFailed',
      message: expect.stringMatching(
        /command 1 of before_compile in seed\.yml failed: .* exit code 3\n.*\n {2}no token$/,
      ),
    });
  });

  it.each([
    ['a commit that does not exist', SERVICE, { commit: 'f'.repeat(40) }, 'CommitNotFound', /has no commit "f{40}"/],
    [
      'a directory without a service',
      { 'api/README.md': '' },
      {},
      'NoServiceFound',
      /directory "api".*serverless\.yml/,
    ],
    ['a directory that is not there', SERVICE, { service: 'other' }, 'NoServiceFound', /directory "other"/],
    [
      'a serverless.yml that is no YAML',
      { 'api/serverless.yml': 'service: a\n b: {' },
      {},
      'ConfigInvalid',
      /api\/serverless\.yml, line 2/,
    ],
    [
      'an empty serverless.yml',
      { 'api/serverless.yml': '' },
      {},
      'ConfigInvalid',
      /api\/serverless\.yml: it holds no configuration/,
    ],
    [
      'an unknown key in seed.yml',
      { ...SERVICE, 'seed.yml': 'before_compil: []' },
      {},
      'ConfigInvalid',
      /seed\.yml, line 1.*did you mean "before_compile"/,
    ],
  ])('stores a clear error for %s', async (_, files, more, code, message) => {
    const { succeeded, error } = await build(files, more);
    expect(succeeded).toBe(false);
    expect(error).toEqual({ code, message: expect.stringMatching(message) });
  });

  it('stores what the framework says of an unknown key in serverless.yml', async () => {
    const { error } = await build({
      ...SERVICE,
      'api/serverless.yml': `${SERVICE['api/serverless.yml']}\nfuncions: {}`,
    });
    expect(error).toMatchObject({
      code: 'PackageFailed',
      message: expect.stringMatching(/cannot package service api: "osls package .*[\s\S]*funcions/),
    });
  });

  it('stores what the bundler says of a handler that cannot be bundled', async () => {
    const esbuild = require.resolve('esbuild');
    const { error } = await build({
      ...SERVICE,
      'api/serverless.yml': `${SERVICE['api/serverless.yml']}\nplugins: [./bundle.js]`,
      'api/src/hello.js': 'exports.handler = require("./missing").handler;',
      'api/bundle.js': `module.exports = class {
          hooks = { 'before:package:createDeploymentArtifacts': () => require('${esbuild}').build({
            entryPoints: ['src/hello.js'], bundle: true, platform: 'node', outfile: 'out.js' }) };
        };`,
    });
    expect(error).toMatchObject({
      code: 'PackageFailed',
      message: expect.stringContaining('Could not resolve "./missing"'),
    });
  });

  it('stores an error for a bundle that Lambda could not take', async () => {
    const { error } = await build({
      ...SERVICE,
      'api/serverless.yml': SERVICE['api/serverless.yml'].replace('patterns: ["!**", src/bye.js]', 'artifact: bye.zip'),
      'api/bye.zip': 'not a zip',
    });
    expect(error).toEqual({ code: 'BundleCorrupt', message: expect.stringContaining('bye.zip is not a zip file') });
  });

  it('fails without hiding the reason if even the error cannot be stored', async () => {
    const { directory } = aRepository(SERVICE);
    const lines: string[] = [];
    const artifacts = { ...memoryArtifacts(), writeJson: () => Promise.reject(new Error('access denied')) };
    const request = { releaseId: RELEASE, app: 'shop', stage: 'dev', service: 'api', region: 'r', artifactBucket: 'b' };
    const succeeded = await runBuild(
      { ...request, commit: 'f'.repeat(40), cloneUrl: `file://${directory}` },
      {
        artifacts,
        directory: aDirectory(),
        cacheDirectory: aDirectory(),
        env: process.env,
        log: (line) => lines.push(line),
      },
    );
    expect(succeeded).toBe(false);
    expect(lines.join('\n')).toMatch(/CommitNotFound: [\s\S]*the error could not be stored: access denied/);
  });
});
