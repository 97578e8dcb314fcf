import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { cloudFormationStacks } from '../../lib/aws/target/cloudformation-stacks';
import type { CancelOutput } from '../../lib/core/contracts/payloads';
import type { ReleaseKey } from '../../lib/core/contracts/release';
import { stackCondition } from '../../lib/core/deploy/stack-status';
import { aGate, type Gate, HELD, heldBuilds } from './a-gate';
import { answering, aService, type ServiceOptions, serverlessYml } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { custom, held } from './custom-resource';
import { buildsOf, invoke, isSplit } from './live';

jest.setTimeout(PATIENCE);

/** Releases that a person cancels, each at another point; in between and afterwards the stage goes on as ever. */
const SERVICE: ServiceOptions = { path: '.', name: 'cancel', api: true, functions: { hello: 'hello A' } };
const STACK = 'cancel-dev';
const HELLO = `${STACK}-hello`;

let app: AnApp;
let gate: Gate;
let waited: { answer: CancelOutput; seen: Seen };
let building: { answer: CancelOutput; seen: Seen };
let stacking: { answer: CancelOutput; seen: Seen };
let shifting: { answer: CancelOutput; seen: Seen };
let afterwards: Seen;
const answers: Record<string, string> = {};

const stacks = () => cloudFormationStacks(cloudFormationClient(), { bucket: '', region: 'none' });
const until = async (what: () => Promise<boolean>) => {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 100));
};
const cancel = async ({ id }: ReleaseKey) => {
  const answer = await app.platform.workers.cancelRelease({ app: 'cancel', stage: 'dev', releaseId: id });
  return { answer, seen: await app.ended({ app: 'cancel', stage: 'dev', id }) };
};

beforeAll(async () => {
  [app, gate] = await Promise.all([anApp('cancel'), aGate()]);
  await app.deploy(aService(SERVICE));

  const first = await app.releaseOf(
    await app.push({ ...heldBuilds(gate), [HELD]: '', 'hello.js': answering('hello B') }),
  );
  await gate.next('build');
  const second = await app.releaseOf(await app.push({ 'hello.js': answering('hello C') }));
  waited = await cancel(second);
  building = await cancel(first);

  const withHurdle = serverlessYml({ ...SERVICE, ...held(gate.url('hurdle'), []) });
  const changes = { [HELD]: null, 'serverless.yml': withHurdle, 'custom.js': custom, 'hello.js': answering('hello D') };
  const third = await app.releaseOf(await app.push(changes));
  const stack = await gate.next('hurdle');
  stacking = await cancel(third);
  answers.stacking = await invoke(HELLO, 'live');
  stack.go();
  await until(async () => stackCondition((await stacks().describe(STACK))!.status) !== 'busy');

  const fourth = await app.releaseOf(
    await app.push({ 'serverless.yml': serverlessYml(SERVICE), 'hello.js': answering('hello E') }),
  );
  await until(() => isSplit(HELLO));
  shifting = await cancel(fourth);
  answers.shifting = await invoke(HELLO, 'live');

  afterwards = await app.release({ 'hello.js': answering('hello F') });
  answers.afterwards = await invoke(HELLO, 'live');
}, PATIENCE);
afterAll(async () => {
  await gate.close();
  await app.remove();
});

it('a release that waits ends at once, and the one that runs goes on', () => {
  expect(waited.answer.was).toBe('waiting');
  expect(waited.seen).toMatchObject({
    status: 'aborted',
    error: { code: 'Cancelled', message: 'cancelled by arn:aws:iam::111122223333:root' },
  });
  expect(waited.seen.startedAt).toBeUndefined();
  expect(building.answer.was).toBe('running');
});

it('a release that builds leaves nothing: its build is stopped, nothing was begun', async () => {
  expect(building.seen).toMatchObject({
    status: 'aborted',
    error: { code: 'Cancelled', message: 'cancelled by arn:aws:iam::111122223333:root; not begun: "."' },
  });
  expect((await buildsOf(building.seen.release.id)).map(({ buildStatus }) => buildStatus)).toEqual(['STOPPED']);
});

it('a release whose stack is being updated has CloudFormation roll it back, and what served serves', () => {
  expect(stacking.seen).toMatchObject({
    status: 'aborted',
    error: { code: 'Cancelled', message: expect.stringMatching(/its stack is still rolling back.*: "\."/) },
    services: { '.': { status: 'failed', error: { code: 'Cancelled' } } },
  });
  expect(answers.stacking).toBe('hello A');
});

it('a release that shifts goes back to what served', async () => {
  expect(shifting.seen).toMatchObject({
    status: 'aborted',
    error: {
      code: 'Cancelled',
      message: expect.stringMatching(/^cancelled by arn:aws:iam::111122223333:root; .*: "\."$/),
    },
  });
  expect(answers.shifting).toBe('hello A');
});

it('afterwards no lock is held, no build runs on, and the next release succeeds', async () => {
  expect(afterwards).toMatchObject({ status: 'succeeded' });
  expect(answers.afterwards).toBe('hello F');
  const releases = await app.platform.releases.latest({ app: 'cancel', stage: 'dev' }, 50);
  expect(releases.filter(({ status }) => status === 'running' || status === 'waiting')).toEqual([]);
  const builds = (await Promise.all(releases.map(({ release }) => buildsOf(release.id)))).flat();
  expect(builds.filter(({ buildStatus }) => buildStatus === 'IN_PROGRESS')).toEqual([]);
});

it('there is nothing to cancel any more', async () => {
  const asked = app.platform.workers.cancelRelease({ app: 'cancel', stage: 'dev' });
  await expect(asked).rejects.toMatchObject({ code: 'NothingToCancel' });
});
