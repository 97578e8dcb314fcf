import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { cloudWatchClient } from '../../lib/aws/clients/cloudwatch';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { localApiUrls } from '../../lib/cli/demo/service-api';
import type { ReleaseKey } from '../../lib/core/contracts/release';
import { type Counts, type Load, type LoadReport, startLoad } from '../../lib/local/load';
import type { LocalCloud } from '../../lib/local/local-cloud';
import { aGate, type Gate } from './a-gate';
import { alarmOf, GUARDED, guardedCode, guardedService } from './a-guarded-service';
import { answering, aService, type Files, type ServiceOptions, serverlessYml } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { custom, failing, held } from './custom-resource';
import { isSplit } from './live';
import { SPEED } from './local-speed';
import { ownCloud } from './own-cloud';
import { discrepancies } from './reality';

jest.setTimeout(PATIENCE);

/**
 * Steady requests to the APIs of two services, while those are released in every way there is: one at once, the other
 * one gradually. Not one may be lost, or be answered by a version that should not.
 */
const AT_ONCE = { app: 'steady', stage: 'dev' } as const;
const GRADUAL = { app: 'moving', stage: 'prod' } as const;
const [FIRST] = GUARDED;
const PER_SECOND = 20;
/** Time for requests after a release has ended, in milliseconds. */
const AFTERWARDS = 1_000;

/** A release under load. */
interface Loaded {
  readonly seen: Seen;
  readonly load: LoadReport;
  /** Requests that were sent after it had ended. */
  readonly after: Counts;
  /** What its end left undone. */
  readonly wrong: readonly string[];
}

let cloud: LocalCloud;
let gate: Gate;
const apps: AnApp[] = [];
let full: Loaded;
let direct: Loaded;
let stackFailed: Loaded;
let stoppedEarly: Loaded;
let canary: Loaded;
let rolledBack: Loaded;
let stoppedMidway: Loaded;
let alarmed: Loaded;

const answered = ({ answers, errors }: Counts) => Object.values(answers).reduce((sum, count) => sum + count, errors);

/** Releases an app while requests go to the first function of its service. */
async function underLoad(
  { name, stage, ended }: AnApp,
  start: (load: Pick<Load, 'sample'>) => Promise<ReleaseKey>,
): Promise<Loaded> {
  const [base] = localApiUrls((await readStackOutputs(cloudFormationClient(), `${name}-${stage}`))!, cloud.endpoint);
  const classify = ({ status, body }: { status: number; body: string }) => (status === 200 ? body : undefined);
  const load = startLoad({ url: `${base}/${FIRST}`, perSecond: PER_SECOND, classify });
  const seen = await ended(await start(load));
  const since = Date.now();
  await sleep(AFTERWARDS);
  while (answered(load.sample(since)) === 0) await sleep(100);
  const report = await load.stop();
  return { seen, load: report, after: load.sample(since), wrong: await discrepancies({ app: name, stage }) };
}

const stop = async ({ platform }: AnApp, key: ReleaseKey): Promise<ReleaseKey> => {
  const { executionArn } = (await platform.releases.find(key))!;
  await stepFunctionsClient().send(new StopExecutionCommand({ executionArn }));
  return key;
};

/** All aliases of a service move at once. */
async function releaseAtOnce(): Promise<void> {
  const app = await anApp(AT_ONCE.app, AT_ONCE.stage);
  apps.push(app);
  const service: ServiceOptions = {
    path: '.',
    name: AT_ONCE.app,
    api: true,
    functions: { [FIRST]: 'one', bye: 'one' },
  };
  const pushed = (files: Files) => async () => app.releaseOf(await app.push(files));
  const code = (text: string): Files => ({ [`${FIRST}.js`]: answering(text) });
  const changed = (more: Partial<ServiceOptions>) => ({ 'serverless.yml': serverlessYml({ ...service, ...more }) });
  await app.deploy({ ...aService(service), 'custom.js': custom });
  full = await underLoad(app, pushed({ ...code('two'), ...changed({ environment: { NUMBER: '1' } }) }));
  direct = await underLoad(app, pushed(code('three')));
  const failure = failing('no', [`HelloLambdaFunction`]);
  stackFailed = await underLoad(
    app,
    pushed({ ...code('never'), ...changed({ environment: { NUMBER: '2' }, ...failure }) }),
  );
  const hurdle = held(gate.url('hurdle'), ['HelloLambdaFunction']);
  stoppedEarly = await underLoad(app, async () => {
    const key = await pushed({ ...code('never'), ...changed({ environment: { NUMBER: '3' }, ...hurdle }) })();
    const visitor = await gate.next('hurdle');
    await stop(app, key);
    setTimeout(visitor.go, AFTERWARDS / 2);
    return key;
  });
}

/** CodeDeploy moves traffic, for ten seconds of this local cloud to half of it. */
async function releaseGradually(): Promise<void> {
  const app = await anApp(GRADUAL.app, GRADUAL.stage);
  apps.push(app);
  const pushed = (text: string) => async () => app.releaseOf(await app.push({ [`${FIRST}.js`]: guardedCode(text) }));
  const whileSplit = async (
    text: string,
    { isSeen, act }: { readonly isSeen: () => boolean; readonly act: (key: ReleaseKey) => Promise<unknown> },
  ) => {
    const key = await pushed(text)();
    while (!(await isSplit(`${app.name}-${app.stage}-${FIRST}`))) await sleep(50);
    while (!isSeen()) await sleep(50);
    await act(key);
    return key;
  };
  const shift = { canary: { percent: 50, minutes: 10 } };
  const { release: first } = await app.deploy(guardedService({ name: app.name, text: 'one', shift }));
  canary = await underLoad(app, pushed('two'));
  rolledBack = await underLoad(app, async () => {
    const { started } = await app.platform.workers.startRollback({ ...GRADUAL, to: first.id, requestId: randomUUID() });
    return { ...GRADUAL, id: started!.releaseId };
  });
  stoppedMidway = await underLoad(app, (load) =>
    whileSplit('three', {
      isSeen: () => 'three' in load.sample().answers,
      act: (key) => stop(app, key),
    }),
  );
  const raise = { AlarmName: alarmOf(app.name), StateValue: 'ALARM', StateReason: 'it throws' } as const;
  alarmed = await underLoad(app, (load) =>
    whileSplit('broken', {
      isSeen: () => load.sample().errors > 0,
      act: () => cloudWatchClient().send(new SetAlarmStateCommand(raise)),
    }),
  );
}

beforeAll(async () => {
  const app = ({ app, stage }: { app: string; stage: string }) => ({
    [app]: { repository: { codecommit: app }, stages: { [stage]: { branches: ['main'] } } },
  });
  gate = await aGate();
  cloud = await ownCloud({ ...app(AT_ONCE), ...app(GRADUAL) }, { name: 'load', speed: SPEED });
  await Promise.all([releaseAtOnce(), releaseGradually()]);
}, PATIENCE);
afterAll(async () => {
  await gate?.close();
  for (const app of apps) await app.remove();
  await cloud?.stop();
});

/** What is to be seen where not one request got lost, or another answer than these, and then only the last one. */
const only = (status: string, ...texts: string[]) => ({
  status,
  answers: [...texts].sort(),
  errors: 0,
  examples: [],
  after: [texts.at(-1)],
  wrong: [],
});
const summary = ({ seen, load, after, wrong }: Loaded) => ({
  status: seen.status,
  answers: Object.keys(load.answers).sort(),
  errors: load.errors,
  examples: load.examples,
  after: Object.keys(after.answers),
  wrong,
});

describe('under load, no request is lost or wrongly answered', () => {
  it('while a stack is updated', () => expect(summary(full)).toEqual(only('succeeded', 'one', 'two')));

  it('while functions are updated directly', () => expect(summary(direct)).toEqual(only('succeeded', 'two', 'three')));

  it('while a stack update fails and is rolled back', () =>
    expect(summary(stackFailed)).toEqual(only('failed', 'three')));

  it('while a person stops a release that CloudFormation works on', () =>
    expect(summary(stoppedEarly)).toEqual(only('aborted', 'three')));

  it('while CodeDeploy moves traffic', () => expect(summary(canary)).toEqual(only('succeeded', 'one', 'two')));

  it('while a rollback moves it back', () => expect(summary(rolledBack)).toEqual(only('succeeded', 'two', 'one')));

  it('while a person stops a release whose traffic is on two versions', () =>
    expect(summary(stoppedMidway)).toEqual(only('aborted', 'three', 'one')));

  it('while an alarm takes a bad version back, but for those that the bad version itself fails', () => {
    const { errors, examples, ...rest } = summary(alarmed);
    expect(rest).toEqual({ ...rest, status: 'failed', answers: ['one'], after: ['one'], wrong: [] });
    expect(errors).toBeGreaterThan(0);
    for (const example of examples) expect(example).toMatch(/^502: .*broken/);
    expect(alarmed.after.errors).toBe(0);
    expect(alarmed.seen.services['.']!.error!.message).toContain('an alarm stopped it');
  });
});
