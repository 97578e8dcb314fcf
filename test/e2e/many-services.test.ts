import type { CallCount } from '../../lib/local/gateway/call-log';
import type { LocalCloud } from '../../lib/local/local-cloud';
import { rateOf } from '../../lib/local/quotas/rates';
import { answering, aService, type Files } from './a-service';
import { type AnApp, anApp, type Seen } from './an-app';
import { ownCloud } from './own-cloud';

/** Two releases, with their builds and the turns of all calls, on a busy machine. */
const VERY_PATIENT = 1_800_000;
jest.setTimeout(VERY_PATIENT);

/** Many services at once, at the rates of AWS: Lambda takes 15 control calls a second in all of an account. */
const APP = 'many';
const SERVICES = Array.from({ length: 16 }, (_, index) => `s${index}`);
const FUNCTIONS = Array.from({ length: 20 }, (_, index) => `f${index}`);

let cloud: LocalCloud;
let app: AnApp;

const filesOf = (text: string): Files =>
  Object.assign(
    {},
    ...SERVICES.map((path) => {
      const functions = Object.fromEntries(FUNCTIONS.map((id) => [id, text]));
      return aService({ path, name: `many-${path}`, functions });
    }),
  ) as Files;
const changedTo = (text: string): Files =>
  Object.fromEntries(SERVICES.flatMap((path) => FUNCTIONS.map((id) => [`${path}/${id}.js`, answering(text)])));

const outcome = ({ status, error, services }: Seen) => ({
  status,
  error,
  failed: Object.values(services).filter((service) => service.status === 'failed'),
});

beforeAll(async () => {
  const stages = { dev: { branches: ['main'] } };
  cloud = await ownCloud({ [APP]: { repository: { codecommit: APP }, stages } }, { name: APP, speed: 60 });
  app = await anApp(APP);
}, VERY_PATIENT);
afterAll(async () => {
  await app?.remove();
  await cloud?.stop();
});

it('releases 16 services of 20 functions, at first and when all of their code changes, with few calls too many', async () => {
  expect(outcome(await app.release(filesOf('first')))).toEqual({ status: 'succeeded', failed: [] });

  const before = controlCalls(await cloud.calls());
  const seen = await app.release(changedTo('second'));
  expect(outcome(seen)).toEqual({ status: 'succeeded', failed: [] });
  const updated = Object.values(seen.services).flatMap(({ functions }) => functions.filter((one) => one.updated));
  expect(updated).toHaveLength(SERVICES.length * FUNCTIONS.length);

  // UpdateFunctionCode and UpdateAlias of each function. Refused calls are calls, too.
  const needed = 2 * SERVICES.length * FUNCTIONS.length;
  const calls = controlCalls(await cloud.calls()) - before;
  expect(calls).toBeGreaterThanOrEqual(needed);
  expect(calls).toBeLessThanOrEqual(1.1 * needed);
});

/** @returns how many of the calls took, or would have taken, of Lambda's pool; without those of the pruning. */
const controlCalls = (calls: readonly CallCount[]): number =>
  calls
    .filter(({ service, operation }) => rateOf(service, operation) === 'lambda-calls')
    // It deletes old versions after releases, in its own time.
    .filter(({ caller = '' }) => caller.includes(':assumed-role/') && !caller.endsWith('/seedbed-prune'))
    .reduce((sum, { count }) => sum + count, 0);
