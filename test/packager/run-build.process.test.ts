import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { parseSeedYml } from '../../lib/config/seed-yml';
import type { BuildRequest } from '../../lib/core/contracts/build-request';
import { BuildTimes } from '../../lib/core/contracts/build-times';
import { buildErrorKey, buildTimesKey, manifestKey } from '../../lib/core/contracts/keys';
import { Manifest } from '../../lib/core/contracts/manifest';
import { StepError } from '../../lib/core/contracts/state';
import { type MemoryArtifacts, memoryArtifacts } from '../../lib/memory/memory-artifacts';
import { memoryCloneCredentials } from '../../lib/memory/memory-clone-credentials';
import { memoryEnvironments } from '../../lib/memory/memory-environments';
import { readEnvironment } from '../../lib/packager/read-environment';
import { runBuild } from '../../lib/packager/run-build';
import { runHook } from '../../lib/packager/run-hook';
import { TestClock } from '../test-clock';
import { aDirectory, aRepository, aWorkspace, programs } from './scratch';

const RELEASE = '01HZZZZZZZZZZZZZZZZZZZZZZZ';
/** The framework of this repository is what is on the PATH of these builds. */
const BIN = join(__dirname, '..', '..', 'node_modules', '.bin');

const SERVICE = {
  'api/serverless.yml': [
    'service: api',
    'provider: { name: aws, runtime: nodejs20.x }',
    'package: { individually: true }',
    'functions:',
    '  hello: { handler: src/hello.handler, package: { patterns: ["!**", src/hello.js] }, layers: [{ Ref: ' +
      'SharedLambdaLayer }] }',
    '  bye: { handler: src/bye.handler, package: { patterns: ["!**", src/bye.js] } }',
    'layers: { shared: { path: layer } }',
  ].join('\n'),
  'api/src/hello.js': 'exports.handler = async () => "hello";',
  'api/src/bye.js': 'exports.handler = async () => "bye";',
  'api/layer/nodejs/x.js': '',
};

async function build(
  files: Readonly<Record<string, string>>,
  more: Partial<BuildRequest> = {},
  path = BIN,
  artifacts: MemoryArtifacts = memoryArtifacts(),
  cloneCredentials = memoryCloneCredentials(),
  environments = memoryEnvironments(),
) {
  const { directory, commit } = aRepository(files);
  const lines: string[] = [];
  const request = {
    releaseId: RELEASE,
    app: 'shop',
    stage: 'dev',
    service: 'api',
    commit,
    cloneUrl: `file://${directory}`,
    region: 'eu-central-1',
    artifactBucket: 'artifacts',
    ...more,
  };
  const succeeded = await runBuild(request, {
    artifacts,
    cloneCredentials,
    environments,
    directory: join(aDirectory(), 'build'),
    cacheDirectory: aDirectory(),
    env: { PATH: `${path}:${process.env.PATH}`, HOME: process.env.HOME },
    clock: SYSTEM_CLOCK,
    log: (line) => lines.push(line),
  });
  return {
    succeeded,
    lines,
    artifacts,
    manifest: await artifacts.readJson(manifestKey(request, request.service, RELEASE), Manifest),
    error: await artifacts.readJson(buildErrorKey(request, request.service, RELEASE, more.task), StepError),
  };
}

describe('runBuild', () => {
  it('packages the same content to the same package, wherever and whenever it is built', async () => {
    const [one, other] = [await build(SERVICE), await build({ ...SERVICE, 'README.md': 'changed' })];
    expect(one).toMatchObject({ succeeded: true, error: undefined });
    expect(Object.keys(one.manifest!.functions).sort()).toEqual(['ByeLambdaFunction', 'HelloLambdaFunction']);
    expect(Object.keys(one.manifest!.layers)).toEqual(['SharedLambdaLayer']);
    // The framework writes the time into the template.
    const lasting = { commit: '', templateSha256: '' };
    expect({ ...other.manifest, ...lasting }).toEqual({ ...one.manifest, ...lasting });
    const bundles = ({ artifacts }: typeof one) =>
      [...artifacts.objects]
        .filter(([key]) => key.startsWith('bundles/'))
        .map(([key, bytes]) => [key, Buffer.from(bytes)]);
    expect(bundles(one)).toHaveLength(3);
    expect(bundles(other).sort()).toEqual(bundles(one).sort());
  });

  it('looks for no bundle that the deployed package had, and leaves how long its parts took', async () => {
    const first = await build(SERVICE);
    const deployedPackage = 'packages/shop/api/before/deployed.json';
    await first.artifacts.writeJson(deployedPackage, { manifest: first.manifest!, functions: {}, outputs: {} });
    const asked: string[] = [];
    const watched = {
      ...first.artifacts,
      find: async (keys: readonly string[]) => {
        asked.push(...keys);
        return first.artifacts.find(keys);
      },
    };
    const again = await build(
      { ...SERVICE, 'api/src/bye.js': 'exports.handler = async () => "changed";' },
      { deployedPackage },
      BIN,
      watched,
    );
    expect(asked).toEqual([]);
    expect(again.manifest!.functions.HelloLambdaFunction).toEqual(first.manifest!.functions.HelloLambdaFunction);
    expect(again.manifest!.layers).toEqual(first.manifest!.layers);
    expect(again.artifacts.objects.has(again.manifest!.functions.ByeLambdaFunction!.bundle)).toBe(true);
    const times = await first.artifacts.readJson(
      buildTimesKey({ app: 'shop', stage: 'dev' }, 'api', RELEASE),
      BuildTimes,
    );
    expect(Object.keys(times!).sort()).toEqual(['checkout', 'dependencies', 'framework', 'hashing', 'upload']);
  });

  it('builds as if nothing were stored if what is deployed cannot be read', async () => {
    const artifacts = memoryArtifacts();
    const deployedPackage = 'packages/shop/api/before/deployed.json';
    await artifacts.writeJson(deployedPackage, { version: 'of another time' });
    const built = await build(SERVICE, { deployedPackage }, BIN, artifacts);
    expect(built).toMatchObject({ succeeded: true, manifest: { service: 'api' } });
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
    const others = { configHash: '', commit: '', templateSha256: '' };
    expect({ ...setting!, ...others }).toEqual({ ...base!, ...others });
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
    expect(error).toEqual({
      code: 'PackageFailed',
      message: expect.stringMatching(
        /^api\/serverless.yml, line 6: "package.artifact" of "bye" is bye.zip, which is no zip file; /,
      ),
    });
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
        cloneCredentials: memoryCloneCredentials(),
        environments: memoryEnvironments(),
        directory: aDirectory(),
        cacheDirectory: aDirectory(),
        env: process.env,
        clock: SYSTEM_CLOCK,
        log: (line) => lines.push(line),
      },
    );
    expect(succeeded).toBe(false);
    expect(lines.join('\n')).toMatch(/CommitNotFound: [\s\S]*the error could not be stored: access denied/);
  });
});

describe('runBuild with credentials for cloning', () => {
  const parameter = '/seedbed/clone/shop/dev';

  it('gives them to git alone: not to hooks, which are the app', async () => {
    const cloneCredentials = memoryCloneCredentials();
    const credential = { repository: 'acme/shop', url: 'https://x', token: 'ghs_topsecret', from: '', until: '' };
    await cloneCredentials.store(parameter, credential);
    const files = { ...SERVICE, 'seed.yml': 'before_deploy: [env, "git config --list"]' };
    const more = { cloneParameter: parameter, task: 'before_deploy' } as const;
    const { succeeded, lines } = await build(files, more, BIN, memoryArtifacts(), cloneCredentials);
    expect([succeeded, lines.some((line) => line.startsWith('PATH='))]).toEqual([true, true]);
    const secret = /ghs_topsecret|GIT_CONFIG|extraheader/i;
    expect(lines.filter((line) => secret.test(line))).toEqual([]);
  });

  it('says that they are gone', async () => {
    const { error } = await build(SERVICE, { cloneParameter: parameter });
    expect(error).toMatchObject({ code: 'SourceAccessDenied', message: expect.stringContaining(parameter) });
  });
});

describe('runBuild with the environment of its stage', () => {
  const realGit = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  const SECRET = 'hush "hush" / & more';
  const DEV = { app: 'shop', stage: 'dev' };
  const given = async (
    ...layers: [Parameters<ReturnType<typeof memoryEnvironments>['set']>[0], Record<string, string>][]
  ) => {
    const environments = memoryEnvironments();
    for (const [stage, values] of layers)
      await environments.set(
        stage,
        Object.entries(values).map(([name, value]) => ({ name, value, secret: /SECRET|KEY/.test(name) })),
      );
    return environments;
  };
  const buildWith = (
    environments: ReturnType<typeof memoryEnvironments>,
    files: Record<string, string>,
    more: Partial<BuildRequest> = {},
  ) => build({ ...SERVICE, ...files }, more, BIN, memoryArtifacts(), memoryCloneCredentials(), environments);

  it('gives it to hooks and the framework, and says in the manifest that it has changed', async () => {
    const files = {
      'seed.yml': 'before_build: [echo the colour is $COLOUR]',
      'api/serverless.yml': `${SERVICE['api/serverless.yml']}\nresources: { Description: "\${env:COLOUR}" }`,
    };
    const [blue, again, red] = [
      await buildWith(await given([DEV, { COLOUR: 'blue' }]), files),
      await build({ ...SERVICE, ...files }),
      await buildWith(await given([DEV, { COLOUR: 'red' }]), files),
    ];
    expect(blue.lines).toContain('the colour is blue');
    expect(await blue.artifacts.readJson(blue.manifest!.template!, z.looseObject({}))).toMatchObject({
      Description: 'blue',
    });
    expect(again.succeeded).toBe(false); // the framework finds no COLOUR
    expect(red.manifest!.environmentHash).not.toBe(blue.manifest!.environmentHash);
  });

  it('has the same hash as long as nothing changes, and another one in every stage', async () => {
    const environments = await given([DEV, { A: '1' }], [{ app: 'shop', stage: 'prod' }, { A: '1' }]);
    const hashes: string[] = [];
    for (const stage of ['dev', 'dev', 'prod']) {
      hashes.push((await readEnvironment({ app: 'shop', stage }, environments)).hash);
    }
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('gives a made stage its template’s, and over them its own', async () => {
    const made = { app: 'shop', stage: 'pr-7', template: 'preview' };
    const environments = await given(
      [
        { app: 'shop', stage: 'preview' },
        { COLOUR: 'blue', SIZE: 'small' },
      ],
      [made, { COLOUR: 'red' }],
      [{ app: 'shop', stage: 'pr-7' }, { SIZE: 'of a stage that is not this one' }],
    );
    const { lines } = await buildWith(
      environments,
      { 'seed.yml': 'before_build: [echo it is $COLOUR and $SIZE]' },
      made,
    );
    expect(lines).toContain('it is red and small');
  });

  it('masks secrets in the log and in the error, however they are written', async () => {
    const environments = await given([DEV, { SECRET, KEY: 'first line\nsecond line' }]);
    const hook = [
      'echo "$SECRET"',
      'echo "$KEY"',
      'printf %s "user:$SECRET" | base64 -w0; echo',
      `node -e 'console.log(JSON.stringify({ s: process.env.SECRET }), encodeURIComponent(process.env.SECRET))'`,
      'echo "failed with $SECRET" >&2; exit 3',
    ];
    const result = await buildWith(environments, {
      'seed.yml': `before_build:\n${hook.map((line) => `  - ${JSON.stringify(line)}\n`).join('')}`,
    });
    expect(result.error).toMatchObject({ code: 'HookFailed', message: expect.stringContaining('failed with ***') });
    const said = [...result.lines, result.error!.message].join('\n');
    expect(said).not.toMatch(/hush|first line|second line/);
    expect(said).not.toContain(Buffer.from(`user:${SECRET}`).toString('base64').slice(8, -8));
    expect(result.lines.filter((line) => line === '***')).toHaveLength(3);
  });

  it('keeps it from git', async () => {
    const git = programs({ git: `env | grep -q ^COLOUR= && echo git sees it; exec ${realGit} "$@"` });
    const { lines } = await build(
      SERVICE,
      {},
      `${git}:${BIN}`,
      memoryArtifacts(),
      memoryCloneCredentials(),
      await given([DEV, { COLOUR: 'blue' }]),
    );
    expect(lines).not.toContain('git sees it');
  });

  it('builds nothing if seed.yml asks for what the stage does not have, and says how to set it', async () => {
    const files = { 'seed.yml': 'environment: [COLOUR, STRIPE_KEY]\nbefore_compile: [echo ran]' };
    const made = { stage: 'pr-7', template: 'preview' };
    const environments = await given([{ app: 'shop', stage: 'preview' }, { COLOUR: 'blue' }]);
    const { error, lines } = await buildWith(environments, files, made);
    expect(error).toEqual({
      code: 'SecretMissing',
      message:
        'seed.yml asks for STRIPE_KEY, which stage "pr-7" does not have; set it with:\n' +
        '  seedbed env set --app shop --stage preview --secret STRIPE_KEY',
    });
    expect(lines).not.toContain('ran');
  });
});

describe('runBuild with a hook', () => {
  const seedYml = (...lines: readonly string[]) => ({ 'seed.yml': lines.join('\n') });

  it('runs the commands in the root, after the installation, and packages nothing', async () => {
    const npm = programs({ npm: 'echo installed > ../calls' });
    const { succeeded, lines, artifacts } = await build(
      {
        ...SERVICE,
        'api/package.json': '{"name":"api","dependencies":{"a":"1"}}',
        ...seedYml('before_deploy:', '  - cat calls', '  - echo "in $(basename $PWD)"', 'after_deploy: [exit 1]'),
      },
      { task: 'before_deploy' },
      npm,
    );
    expect(succeeded).toBe(true);
    expect(lines.slice(-5)).toEqual([
      'before_deploy: cat calls',
      'installed',
      'before_deploy: echo "in $(basename $PWD)"',
      'in source',
      'before_deploy succeeded',
    ]);
    expect([...artifacts.objects.keys()]).toEqual([]);
  });

  it('tells the commands what they are run for', async () => {
    const { lines } = await build(
      { ...SERVICE, ...seedYml('after_deploy:', '  - env | grep ^SEED_ | sort') },
      { task: 'after_deploy', branch: 'main', tag: 'v1', pullRequest: 12 },
    );
    expect(lines.filter((line) => line.startsWith('SEED_'))).toEqual([
      'SEED_APP_NAME=shop',
      'SEED_BRANCH=main',
      expect.stringMatching(/^SEED_COMMIT=[0-9a-f]{40}$/),
      'SEED_PULL_REQUEST=12',
      `SEED_RELEASE_ID=${RELEASE}`,
      'SEED_SERVICE_PATH=api',
      'SEED_STAGE_NAME=dev',
      'SEED_TAG=v1',
    ]);
  });

  it('gives the commands the outputs of other services, as a file beside the checkout and as variables', async () => {
    const artifacts = memoryArtifacts();
    const outputs = { 'services/api': { Url: 'https://api' }, 'services-api': { Url: 'https://other' } };
    await artifacts.writeJson('inputs.json', { outputs });
    const hooks = seedYml(
      'before_deploy:',
      '  - echo $SEED_OUTPUT_SERVICES_API_URL',
      '  - tr -d " \\n" <$SEED_OUTPUTS',
    );
    const { lines } = await build(
      { ...SERVICE, ...hooks },
      { task: 'before_deploy', inputs: 'inputs.json' },
      BIN,
      artifacts,
    );
    expect(lines).toContain('https://other');
    expect(lines).toContain(JSON.stringify(outputs));
    expect(lines[0]).toMatch(/^warning: SEED_OUTPUT_SERVICES_API_URL is output Url of service "services-api"; /);
  });

  it('fails with the hook, the number of the command and its last lines', async () => {
    const files = { ...SERVICE, ...seedYml('after_all:', '  - "true"', '  - echo no answer; exit 4') };
    const { succeeded, error } = await build(files, { task: 'after_all', service: '.' });
    expect(succeeded).toBe(false);
    expect(error).toEqual({
      code: 'HookFailed',
      message:
        'command 2 of after_all in seed.yml failed: "bash -c echo no answer; exit 4" ended with exit code 4\nits ' +
        'last lines:\n  no answer',
    });
  });

  it('has nothing to do if there are no commands', async () => {
    const { succeeded, lines } = await build(SERVICE, { task: 'before_remove' });
    expect(succeeded).toBe(true);
    expect(lines.at(-1)).toBe('seed.yml has no commands for before_remove');
  });

  it('ends commands that together take longer than hook_timeout', async () => {
    const seed = parseSeedYml('hook_timeout: 1\nbefore_deploy: [echo first, echo begun; sleep 300]');
    const clock = new TestClock();
    const log = (line: string) => {
      if (line === 'first') clock.windOn(20_000);
      if (line === 'begun') clock.windOn(40_000);
    };
    const error = await runHook(aWorkspace({ clock, log }), 'before_deploy', seed).catch((reason) => reason);
    expect(error).toMatchObject({
      code: 'HookFailed',
      message: expect.stringMatching(
        /^command 2 of before_deploy .* was stopped, because the hook took longer than 1 minute; .*hook_timeout.*\n.*\n {2}begun$/,
      ),
    });
  });

  it('says in the manifest which hooks have commands', async () => {
    const { manifest } = await build({ ...SERVICE, ...seedYml('after_deploy: [echo]', 'before_remove: [echo]') });
    expect(manifest!.hooks).toEqual(['after_deploy', 'before_remove']);
  });
});
