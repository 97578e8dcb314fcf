import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StopBuildCommand } from '@aws-sdk/client-codebuild';
import { codeBuildClient } from '../../lib/aws/clients/codebuild';
import { aGate, type Gate, HELD, heldBuilds, type Visitor } from './a-gate';
import { aService, type Files, fileIn } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { invoke } from './live';

jest.setTimeout(PATIENCE);

/** One push with a good service and, in a later phase, one service for each way in which a build fails. */
const plain = (path: string, name = `builds-${path}`): Files =>
  aService({ path, name, functions: { hello: `hello from ${path}` } });
const LOCKED = { name: 'locked', lockfileVersion: 3, packages: { '': { name: 'locked' } } };
const BAD = {
  torn: { 'torn/serverless.yml': 'service: builds-torn\nfunctions:\n  hello: {handler: hello.handler\n' },
  'wrong-file': { 'wrong-file/serverless.yml': 'service: builds-wrong-file\nprovider: ${file(./nowhere.yml)}\n' },
  locked: {
    ...plain('locked'),
    'locked/package.json': JSON.stringify({ name: 'locked', dependencies: { 'left-pad': '1.3.0' } }),
    'locked/package-lock.json': JSON.stringify(LOCKED),
  },
  unbundled: { ...plain('unbundled'), 'unbundled/index.ts': "import { gone } from './gone';\nexport default gone;\n" },
  twin: plain('twin', 'builds-good'),
  stopped: { ...plain('stopped'), [fileIn('stopped', HELD)]: '' },
  killed: { ...plain('killed'), [fileIn('killed', HELD)]: '' },
} satisfies Record<string, Files>;
const BUNDLE =
  '[ ! -f "$SEED_SERVICE_PATH/index.ts" ] || esbuild --bundle "$SEED_SERVICE_PATH/index.ts" --log-level=error';

let app: AnApp;
let gate: Gate;
let seen: Seen;

beforeAll(async () => {
  [app, gate] = await Promise.all([anApp('builds'), aGate()]);
  const seedYml = { phases: [['good'], Object.keys(BAD)], before_build: [BUNDLE] };
  const files = Object.assign({}, plain('good'), ...Object.values(BAD), heldBuilds(gate, seedYml));
  const release = app.release(files);
  const end = {
    stopped: ({ card }: Visitor) => codeBuildClient().send(new StopBuildCommand({ id: card.build! })),
    // As the kernel does when memory runs out.
    killed: async ({ card }: Visitor) => void process.kill(-(await groupOf(card.pid!)), 'SIGKILL'),
  };
  for (const _ of Object.keys(end)) {
    const visitor = await gate.next('build');
    await end[visitor.card.service as keyof typeof end](visitor);
  }
  seen = await release;
}, PATIENCE);
afterAll(async () => {
  await gate.close();
  await app.remove();
});

/** @returns the process group of a process. */
async function groupOf(pid: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pgid=', '-p', pid]);
  return Number(stdout);
}

const errorOf = (path: keyof typeof BAD) => seen.services[path]?.error;

it('deploys the service whose build is good, and fails the release naming all others', async () => {
  expect(seen.status).toBe('failed');
  expect(seen.services.good!.status).toBe('deployed');
  expect(await invoke('builds-good-dev-hello', 'live')).toBe('hello from good');
  for (const path of Object.keys(BAD)) expect(seen.error!.message).toContain(`service "${path}": `);
});

it('names the line at which serverless.yml cannot be read', () => {
  expect(errorOf('torn')).toEqual({
    code: 'ConfigInvalid',
    message: expect.stringMatching(/^torn\/serverless\.yml, line 4, /),
  });
});

it("shows the last lines of the framework's package command", () => {
  expect(errorOf('wrong-file')).toEqual({
    code: 'PackageFailed',
    message: expect.stringMatching(/"osls package --stage dev .*its last lines:.*Value not found at "file" source/s),
  });
});

it('shows what npm ci said', () => {
  expect(errorOf('locked')).toEqual({
    code: 'InstallFailed',
    message: expect.stringMatching(/dependencies of locked: "npm ci.*its last lines:.*left-pad@1\.3\.0/s),
  });
});

it('shows why a handler could not be bundled', () => {
  expect(errorOf('unbundled')).toEqual({
    code: 'HookFailed',
    message: expect.stringMatching(/before_build.*Could not resolve ".\/gone".*unbundled\/index\.ts:1/s),
  });
});

it('names both services of one stack name', async () => {
  expect(errorOf('twin')!.code).toBe('StackNameTaken');
  expect(errorOf('twin')!.message).toMatch(/stack "builds-good-dev" of service "twin".* belongs to service "good"/);
});

it('says that a build was stopped, and where its log is', () => {
  expect(errorOf('stopped')).toEqual({
    code: 'BuildStopped',
    message: expect.stringMatching(/of stopped .*its log: /),
  });
});

it('says that a build was killed, and where its log is', () => {
  expect(errorOf('killed')).toEqual({ code: 'BuildFailed', message: expect.stringMatching(/killed.*its log: /) });
});
