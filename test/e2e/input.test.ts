import { setTimeout as sleep } from 'node:timers/promises';
import type { IgnoredPush } from '../../lib/core/contracts/state';
import { aService } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { buildsOf } from './live';

jest.setTimeout(PATIENCE);

/** What is wrong before anything is built. */
let app: AnApp;
let empty: Seen;
let misspelt: Seen;
let ignored: IgnoredPush;

beforeAll(async () => {
  app = await anApp('input');
  empty = await app.release({ 'README.md': 'nothing to deploy\n' });
  misspelt = await app.release({
    ...aService({ path: 'api', name: 'input-api', functions: { hello: 'hello' } }),
    'seed.yml': 'check_code_change: true\nbefore_biuld:\n  - npm run generate\n',
  });
  await app.push({}, { branch: 'feature/idea' });
  ignored = await newestIgnored();
}, PATIENCE);
afterAll(() => app.remove());

async function newestIgnored(): Promise<IgnoredPush> {
  for (;;) {
    const [push] = await app.platform.releases.ignored('input', 1);
    if (push) return push;
    await sleep(100);
  }
}

/** Asks for a release as the command line does. */
const start = (input: { readonly app?: string; readonly stage?: string; readonly commit?: string; branch?: string }) =>
  app.platform.workers.startRelease({
    app: 'input',
    stage: 'dev',
    requestId: expect.getState().currentTestName!,
    ...input,
  });

it('says that a commit has no service', () => {
  expect(empty).toMatchObject({ status: 'failed', services: {}, error: { code: 'NoServiceFound' } });
  expect(empty.error!.message).toMatch(/no directory of the commit has a serverless\.yml/);
});

it('names file, line and key of an invalid seed.yml, and builds nothing', async () => {
  expect(misspelt.error).toEqual({
    code: 'ConfigInvalid',
    message: 'seed.yml, line 2: unknown key "before_biuld"; did you mean "before_build"?',
  });
  expect(await buildsOf(misspelt.release.id)).toEqual([]);
});

it('keeps why the push of a branch without a stage is ignored', () => {
  expect(ignored).toMatchObject({ app: 'input', branch: 'feature/idea', reason: { code: 'branch-without-stage' } });
  expect(ignored.reason.message).toContain('feature/idea');
});

it('refuses a commit that does not exist', async () => {
  const commit = '0123456789'.repeat(4);
  await expect(start({ commit })).rejects.toMatchObject({
    code: 'CommitNotFound',
    message: expect.stringContaining(commit),
  });
});

it('refuses a branch that does not exist', async () => {
  await expect(start({ branch: 'nowhere' })).rejects.toMatchObject({ code: 'BranchNotFound' });
});

it('refuses an unknown app and names those there are', async () => {
  await expect(start({ app: 'imput', branch: 'main' })).rejects.toMatchObject({
    code: 'AppNotFound',
    message: expect.stringMatching(/"imput".*input/),
  });
});

it('refuses an unknown stage and names those there are', async () => {
  await expect(start({ stage: 'qa', branch: 'main' })).rejects.toMatchObject({
    code: 'StageNotFound',
    message: 'app "input" has no stage "qa"; add it to seedbed.yml, or use one of: dev, prod',
  });
});
