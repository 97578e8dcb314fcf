import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteApplicationCommand, DeleteDeploymentConfigCommand } from '@aws-sdk/client-codedeploy';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { codeDeployClient } from '../../lib/aws/clients/codedeploy';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { hasEnded } from '../../lib/cli/show/follow-release';
import { applicationName, configurationName } from '../../lib/core/contracts/code-deploy-names';
import type { ReleaseKey } from '../../lib/core/contracts/release';
import type { LocalCloud } from '../../lib/local/local-cloud';
import { BRIEF_CANARY, GUARDED, guardedCode, guardedService } from './a-guarded-service';
import type { Files } from './a-service';
import { type AnApp, anApp, PATIENCE } from './an-app';
import { ALL_FAULTS, cutsHook, FaultRounds, type Result, type Row, type Scenario, someOf } from './fault-rounds';
import { keepFaults } from './fault-table';
import { ask, isSplit } from './live';
import { SPEED } from './local-speed';
import { ownCloud } from './own-cloud';
import { DEPLOY_WORKERS } from './worker-calls';

const LONG = ALL_FAULTS ? 6 * 60 * 60_000 : PATIENCE;
jest.setTimeout(LONG);

/**
 * Faults at the calls of a gradual shift: one that arrives, one whose hook refuses, one that a person stops, a
 * rollback.
 */
const NAME = 'fault-b';
const STACK = `${NAME}-prod`;

let cloud: LocalCloud;
let app: AnApp;
let rows: readonly Row[];
let results: readonly Result[];
/** What the service is to answer. */
let good = 'answer 0';
let count = 0;
/** Releases that brought a text, newest last. */
const brought: { readonly id: string; readonly text: string }[] = [];

const code = (text: string): Files => Object.fromEntries(GUARDED.map((id) => [`${id}.js`, guardedCode(text)]));
const newText = () => {
  count += 1;
  return `answer ${count}`;
};

async function wrongAnswers(): Promise<readonly string[]> {
  const answers = await Promise.all(GUARDED.map((id) => ask(STACK, `/${id}`)));
  return answers.filter((answer) => answer !== good).map((answer) => `the API answers "${answer}", not "${good}"`);
}

const pushed = async (files: Files) => app.releaseOf(await app.push(files));

/** A shift that arrives; each time, the first one that CodeDeploy hears of. */
function shift(): Scenario {
  let id: string;
  let text: string;
  return {
    end: 'succeeded',
    async start() {
      text = newText();
      await forgetApplication();
      const key = await pushed(code(text));
      ({ id } = key);
      return key;
    },
    async wrongAnswers(isAsUsual) {
      if (isAsUsual && brought.at(-1)?.id !== id) brought.push({ id, text });
      if (isAsUsual) good = text;
      return wrongAnswers();
    },
  };
}

async function forgetApplication(): Promise<void> {
  const codeDeploy = codeDeployClient();
  const deploymentConfigName = configurationName({ kind: 'canary', ...BRIEF_CANARY.canary });
  const application = applicationName({ app: NAME, stage: 'prod' }, '.');
  await codeDeploy.send(new DeleteApplicationCommand({ applicationName: application }));
  await codeDeploy.send(new DeleteDeploymentConfigCommand({ deploymentConfigName }));
}

/** A shift whose hook refuses the new version. */
const refusal: Scenario = {
  end: 'failed',
  start: () => pushed({ 'hello.js': guardedCode('refused'), 'bye.js': guardedCode(newText()) }),
  wrongAnswers,
};

/** A shift that a person stops while traffic is on both versions. */
const abort: Scenario = {
  end: 'aborted',
  async start() {
    const key = await pushed(code(newText()));
    while (!(await isSplit(`${STACK}-${GUARDED[0]}`)) && !(await isOver(key))) await sleep(50);
    const { executionArn } = (await app.platform.releases.find(key))!;
    await stepFunctionsClient().send(new StopExecutionCommand({ executionArn }));
    return key;
  },
  wrongAnswers,
};

async function isOver(key: ReleaseKey): Promise<boolean> {
  const record = await app.platform.releases.find(key);
  return record !== undefined && hasEnded(record);
}

/** A rollback to the release before. */
function rollback(): Scenario {
  let text: string;
  return {
    end: 'succeeded',
    async start() {
      const to = brought.findLast((one) => one.text !== good)!;
      ({ text } = to);
      const request = { app: NAME, stage: 'prod', to: to.id, requestId: randomUUID() };
      for (;;) {
        // Whoever's command fails calls it again; it is the same request then.
        const started = await app.platform.workers.startRollback(request).catch(() => undefined);
        if (started?.started) return { app: NAME, stage: 'prod', id: started.started.releaseId };
      }
    },
    async wrongAnswers(isAsUsual) {
      if (isAsUsual) good = text;
      return wrongAnswers();
    },
  };
}

async function mend(): Promise<void> {
  good = newText();
  const { release } = await app.deploy(code(good));
  brought.push({ id: release.id, text: good });
}

beforeAll(async () => {
  const stages = { prod: { branches: ['main'] } };
  cloud = await ownCloud({ [NAME]: { repository: { codecommit: NAME }, stages } }, { name: NAME, speed: SPEED });
  app = await anApp(NAME, 'prod');
  const { release } = await app.deploy(guardedService({ name: NAME, text: good }));
  brought.push({ id: release.id, text: good });
  const rounds = new FaultRounds(app, mend);
  const found = await rounds.rows(ALL_FAULTS ? [shift(), rollback(), refusal, abort] : [shift(), abort]);
  await mend(); // the next releases have one configuration, so that a rollback moves aliases
  // What the others do on the way to a shift is tried elsewhere; these two undo what is stopped.
  const undoes = ({ scenario, call }: Row) => scenario === abort && ['Finish', 'Sweep'].includes(call.worker);
  const ours = found.filter((row) => undoes(row) || !DEPLOY_WORKERS.includes(row.call.worker));
  rows = someOf(ours);
  results = await rounds.run(rows, keepFaults);
}, LONG);
afterAll(async () => {
  await app?.remove();
  await cloud?.stop();
});

it('tries every fault that it means to', () => {
  expect(results.filter(({ happened }) => !happened)).toEqual([]);
  expect(results).toHaveLength(rows.length);
});

it('ends releases as without the faults, with nothing left behind', () => {
  const mayFail = ({ call, outcome }: Result) => cutsHook(call) && outcome === 'failed';
  expect(results.filter((one) => one.outcome !== 'healed' && !mayFail(one))).toEqual([]);
});
