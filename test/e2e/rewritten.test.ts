import { aGate, type Gate, HELD, heldBuilds } from './a-gate';
import { answering, aService, type ServiceOptions } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { invoke } from './live';

jest.setTimeout(PATIENCE);

/** What people do to a repository while its release runs. */
const SERVICE: ServiceOptions = { path: '.', name: 'rewritten', functions: { hello: 'hello A' } };
const answer = (stage: string) => invoke(`rewritten-${stage}-hello`, 'live');

let app: AnApp;
let gate: Gate;
let empty: Seen;
let overtaken: Seen;
let newest: Seen;
let orphaned: Seen;
/** What answers after each of them. */
const answers: string[] = [];

beforeAll(async () => {
  [app, gate] = await Promise.all([anApp('rewritten'), aGate()]);
  await app.deploy({ ...aService(SERVICE), ...heldBuilds(gate) });
  empty = await app.release({});

  const held = await app.releaseOf(await app.push({ 'hello.js': answering('hello B'), [HELD]: '' }));
  const build = await gate.next('build');
  const change = { 'hello.js': answering('hello C'), [HELD]: null };
  const forced = await app.push(change, { commit: ['--amend'], push: ['--force'] });
  const waits = await app.releaseOf(forced);
  build.go();
  overtaken = await app.ended(held);
  newest = await app.ended(waits);
  answers.push(await answer('dev'));

  const production = await app.push({ [HELD]: '' }, { branch: 'production' });
  const running = await app.releaseOf(production, 'prod');
  const prodBuild = await gate.next('build');
  await app.git('push', '--quiet', 'origin', '--delete', 'production');
  prodBuild.go();
  orphaned = await app.ended(running);
  answers.push(await answer('prod'));
});
afterAll(async () => {
  await Promise.all([app?.remove(), gate?.close()]);
});

it('builds and deploys nothing for an empty commit', () => {
  expect(empty).toMatchObject({ status: 'succeeded', services: {} });
  expect(empty.plan?.skip).toMatchObject([{ path: '.', reasons: [{ code: 'unchanged' }] }]);
});

it('finishes the release that runs when its commit is pushed away, and then deploys what took its place', () => {
  expect([overtaken.status, newest.status]).toEqual(['succeeded', 'succeeded']);
  expect(newest.release.commit).not.toBe(overtaken.release.commit);
  expect(answers[0]).toBe('hello C');
});

it('finishes a release whose branch is deleted meanwhile', () => {
  expect(orphaned).toMatchObject({ status: 'succeeded', services: { '.': { status: 'deployed' } } });
  expect(answers[1]).toBe('hello C');
});
