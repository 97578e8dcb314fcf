import type { BuildTask } from '../../lib/core/contracts/state';
import { aService, type Files, serverlessYml } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { codeOf, invoke } from './live';

jest.setTimeout(PATIENCE);

/** A service that comes after another one, of which it gets an output, one that waits for nobody, and every hook. */
const api = { path: 'api', name: 'order-api', functions: { api: 'api A' } };
const web = {
  path: 'web',
  name: 'order-web',
  functions: { web: 'web A' },
  environment: { GREETING: '${env:SEED_OUTPUT_API_GREETING}' },
};
const GREETS = 'exports.handler = async () => ({ statusCode: 200, body: process.env.GREETING });\n';
const withOutput = (text: string): string => {
  const config = JSON.parse(serverlessYml(api));
  return JSON.stringify({ ...config, resources: { Outputs: { Greeting: { Value: text } } } });
};
const tell = (hook: string) => `echo "${hook} of $SEED_SERVICE_PATH in $SEED_STAGE_NAME: $SEED_OUTPUT_API_GREETING."`;
const SEED_YML = {
  deploy_after: { web: ['api'] },
  ...Object.fromEntries(['before_compile', 'before_build', 'after_deploy'].map((hook) => [hook, [tell(hook)]])),
  before_deploy: [tell('before_deploy'), 'test ! -f "$SEED_SERVICE_PATH/refuses"'],
  after_all: [tell('after_all'), 'test "$SEED_COMMIT" = "$(git rev-parse HEAD)"'],
};
const FILES: Files = {
  ...aService(api),
  ...aService(web),
  ...aService({ path: 'mail', name: 'order-mail', functions: { mail: 'mail A' } }),
  'api/serverless.yml': withOutput('hello from api'),
  'web/web.js': GREETS,
  'seed.yml': JSON.stringify(SEED_YML),
};

let app: AnApp;
let first: Seen;
let again: Seen;
let refused: Seen;
let before: Awaited<ReturnType<typeof codeOf>>;

beforeAll(async () => {
  app = await anApp('order');
  first = await app.deploy(FILES);
  again = await app.deploy({});
  before = await codeOf('order-api-dev-api', 'live');
  refused = await app.release({
    'api/api.js': "exports.handler = async () => ({ statusCode: 200, body: 'api B' });\n",
    'api/refuses': '',
    'web/web.js': `${GREETS}// changed\n`,
  });
}, PATIENCE);
afterAll(() => app.remove());

/** @returns the lines that hooks told in a build of a release. */
async function toldBy(seen: Seen, path: string, task: BuildTask): Promise<readonly string[]> {
  const builds = await app.platform.releaseBuilds.list(seen.release);
  const build = builds.find((one) => one.path === path && one.task === task);
  if (!build) return [];
  const { lines } = await app.platform.buildLogs.read(build.buildId);
  return lines.map(({ text }) => text).filter((text) => /^\w+ of .* in dev: /.test(text));
}

it('deploys services after those that they come after, and side by side what waits for nobody', () => {
  expect(first.plan!.phases.map((phase) => phase.map(({ path, phase: number }) => [path, number]))).toEqual([
    [
      ['api', 0],
      ['mail', 0],
    ],
    [['web', 1]],
  ]);
});

it('gives a later service the outputs of an earlier one, in the same release', async () => {
  expect(await invoke('order-web-dev-web', 'live')).toBe('hello from api');
});

it('runs every hook, with the outputs that there are, and its lines are in the log of its build', async () => {
  expect(await toldBy(first, 'api', 'package')).toEqual([
    'before_compile of api in dev: .',
    'before_build of api in dev: .',
  ]);
  expect(await toldBy(first, 'api', 'before_deploy')).toEqual(['before_deploy of api in dev: .']);
  expect(await toldBy(first, 'api', 'after_deploy')).toEqual(['after_deploy of api in dev: hello from api.']);
  expect(await toldBy(first, 'web', 'package')).toEqual([
    'before_compile of web in dev: hello from api.',
    'before_build of web in dev: hello from api.',
  ]);
  expect(await toldBy(first, 'web', 'before_deploy')).toEqual(['before_deploy of web in dev: hello from api.']);
  expect(await toldBy(first, '.', 'after_all')).toEqual(['after_all of . in dev: hello from api.']);
});

it('builds nothing, hooks included, for a push that changes no service', async () => {
  expect(again.plan!.phases).toEqual([]);
  expect(await app.platform.releaseBuilds.list(again.release)).toEqual([]);
});

it('touches nothing of a service whose before_deploy fails', async () => {
  expect(refused.services.api).toMatchObject({
    status: 'failed',
    decision: { kind: 'incremental' },
    error: { code: 'HookFailed', message: expect.stringMatching(/^command 2 of before_deploy in seed\.yml failed: /) },
  });
  expect(await codeOf('order-api-dev-api', 'live')).toEqual(before);
  expect((await codeOf('order-api-dev-api')).sha256).toBe(before.sha256);
  expect(await invoke('order-api-dev-api', 'live')).toBe('api A');
});

it('says which services did not run because an earlier one failed, and runs nothing after all', async () => {
  expect(refused.services.web).toBeUndefined();
  expect(refused.error!.message).toMatch(/^service "api": command 2 of before_deploy .*; did not run, .*: web$/s);
  const tasks = (await app.platform.releaseBuilds.list(refused.release)).map(({ path, task }) => `${task} ${path}`);
  expect(tasks).toEqual(['package api', 'before_deploy api']);
});
