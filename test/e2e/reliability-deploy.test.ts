import { FaultKind } from '../../lib/local/gateway/faults';
import type { LocalCloud } from '../../lib/local/local-cloud';
import { answering, aService, type Files, type ServiceOptions, serverlessYml } from './a-service';
import { type AnApp, anApp, PATIENCE } from './an-app';
import { ALL_FAULTS, FaultRounds, type Result, type Row, type Scenario, someOf } from './fault-rounds';
import { keepFaults } from './fault-table';
import { ask } from './live';
import { ownCloud } from './own-cloud';
import { DEPLOY_WORKERS } from './worker-calls';

const LONG = ALL_FAULTS ? 6 * 60 * 60_000 : PATIENCE;
jest.setTimeout(LONG);

/** Faults at the calls of releases that move aliases at once, from the push to the end. */
const NAME = 'fault-a';
const FUNCTIONS = ['hello', 'bye'] as const;

let cloud: LocalCloud;
let app: AnApp;
let rows: readonly Row[];
let results: readonly Result[];
/** What the service is to answer. */
let good = 'answer 0';
let count = 0;

const service = (text: string): ServiceOptions => ({
  path: '.',
  name: NAME,
  api: true,
  environment: { TEXT: text },
  functions: Object.fromEntries(FUNCTIONS.map((id) => [id, text])),
});
const code = (text: string): Files => Object.fromEntries(FUNCTIONS.map((id) => [`${id}.js`, answering(text)]));
const all = (text: string): Files => ({ ...code(text), 'serverless.yml': serverlessYml(service(text)) });
const newText = () => {
  count += 1;
  return `answer ${count}`;
};

function change(files: (text: string) => Files): Scenario {
  let text: string;
  return {
    end: 'succeeded',
    async start() {
      text = newText();
      return app.releaseOf(await app.push(files(text)));
    },
    async wrongAnswers(isAsUsual) {
      if (isAsUsual) good = text;
      const answers = await Promise.all(FUNCTIONS.map((id) => ask(`${NAME}-dev`, `/${id}`)));
      return answers.filter((answer) => answer !== good).map((answer) => `the API answers "${answer}", not "${good}"`);
    },
  };
}

beforeAll(async () => {
  const stages = { dev: { branches: ['main'] } };
  cloud = await ownCloud({ [NAME]: { repository: { codecommit: NAME }, stages } }, { name: NAME });
  app = await anApp(NAME);
  await app.deploy(aService(service(good)));
  const rounds = new FaultRounds(app, async () => {
    good = newText();
    await app.deploy(all(good));
  });
  const others = FaultKind.options.filter((kind) => kind !== 'kill-after');
  rows = someOf(await rounds.rows(ALL_FAULTS ? [change(code), change(all)] : [change(all)], others));
  results = await rounds.run(rows, keepFaults);
}, LONG);
afterAll(async () => {
  await app?.remove();
  await cloud?.stop();
});

it('finds calls of all workers of a release', () => {
  expect([...new Set(rows.map(({ call }) => call.worker))].sort()).toEqual(DEPLOY_WORKERS);
});

it('tries every kind of fault', () => {
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(FaultKind.options));
});

it('tries every fault that it means to', () => {
  expect(results.filter(({ happened }) => !happened)).toEqual([]);
  expect(results).toHaveLength(rows.length);
});

it('ends releases as without the faults, with nothing left behind', () => {
  expect(results.filter(({ outcome }) => outcome !== 'healed')).toEqual([]);
});
