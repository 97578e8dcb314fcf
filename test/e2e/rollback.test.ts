import { randomUUID } from 'node:crypto';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { s3Client } from '../../lib/aws/clients/s3';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { DeployedPackage } from '../../lib/core/contracts/manifest';
import type { StartRollbackInput, StartRollbackOutput } from '../../lib/core/contracts/payloads';
import type { CallCount } from '../../lib/local/gateway/call-log';
import { aGate, type Gate, HELD, heldBuilds } from './a-gate';
import { answering, aService, type ServiceOptions, serverlessYml } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { answersOf, buildsOf, codeOf, everywhere, invoke, versionsOf } from './live';

jest.setTimeout(PATIENCE);

/** A service with an API, and one beside it, through rollbacks of every kind. */
const STACK = 'rollback-api-dev';
const HELLO = `${STACK}-hello`;
const API: ServiceOptions = {
  path: 'api',
  name: 'rollback-api',
  api: true,
  functions: { hello: 'hello A', bye: 'bye A' },
};
const OTHER: ServiceOptions = { path: 'other', name: 'rollback-other', functions: { other: 'other A' } };
const OTHER_NAME = 'rollback-other-dev-other';
const VARIABLE = { environment: { GREETING: 'warm' } };

let app: AnApp;
let gate: Gate;
let bucket: string;
const s3 = s3Client();

const ask = (more: Partial<StartRollbackInput> = {}): Promise<StartRollbackOutput> =>
  app.platform.workers.startRollback({ app: 'rollback', stage: 'dev', requestId: randomUUID(), ...more });

async function rollBack(more: Partial<StartRollbackInput> = {}): Promise<Seen> {
  const { started } = await ask(more);
  return app.ended({ app: 'rollback', stage: 'dev', id: started!.releaseId });
}

/** Everything that must agree after a release: what answers, code, alias, what the state table says. */
async function look() {
  const [hello, bye, other, code, live, states] = await Promise.all([
    answersOf(STACK, 'hello'),
    answersOf(STACK, 'bye'),
    invoke(OTHER_NAME, 'live'),
    codeOf(HELLO),
    codeOf(HELLO, 'live'),
    app.platform.serviceStates.list({ app: 'rollback', stage: 'dev' }),
  ]);
  const state = states.find(({ path }) => path === 'api')!;
  const recorded = await s3Artifacts(s3, bucket).readJson(state.deployedPackage!, DeployedPackage);
  return { hello, bye, other, code, live, state, recorded: recorded!.functions.HelloLambdaFunction! };
}
type Look = Awaited<ReturnType<typeof look>>;
type Step = Seen & Look;
const step = async (seen: Seen): Promise<Step> => ({ ...seen, ...(await look()) });

/** Calls that the platform's workers made so far, by service and operation. */
async function workerCalls(): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${process.env.AWS_ENDPOINT_URL}/_seedbed/calls`);
  const counts = new Map<string, number>();
  for (const { operation, functionName, caller, count } of (await response.json()) as CallCount[]) {
    // Another file's service is called `rollback-shift`.
    const isOurs = [API, OTHER].some(({ name }) => functionName?.startsWith(`${name}-`));
    if (!isOurs || !caller?.includes(':assumed-role/')) continue;
    // It deletes old versions after releases, in its own time.
    if (caller.endsWith('/seedbed-prune')) continue;
    counts.set(operation, (counts.get(operation) ?? 0) + count);
  }
  return counts;
}

let a: Step;
let b: Step;
let preview: StartRollbackOutput;
let afterPreview: Look;
let back: Step;
let calls: Readonly<Record<string, number>>;
let seconds: number;
let next: Step;
let templated: Step;
let acrossTemplate: Step;
let explicit: Step;
let one: Step;
let duringOther: unknown;
let stopped: Seen;
let cause: string | undefined;
let stopper: Step;
let lastVersions: readonly string[];
let versionGone: Step;
let bundleGone: unknown;
let afterBundleGone: Look;

beforeAll(async () => {
  [app, gate] = await Promise.all([anApp('rollback'), aGate()]);
  bucket = (await readStackOutputs(cloudFormationClient(), 'Seedbed'))!.ArtifactBucket!;

  a = await step(await app.deploy({ ...aService(API), ...aService(OTHER), ...heldBuilds(gate) }));
  b = await step(await app.deploy({ 'api/hello.js': answering('hello B'), 'other/other.js': answering('other B') }));

  preview = await ask({ dryRun: true });
  afterPreview = await look();
  const before = await workerCalls();
  const began = Date.now();
  const { started } = await ask();
  const key = { app: 'rollback', stage: 'dev', id: started!.releaseId };
  while ((await codeOf(HELLO, 'live')).version !== a.live.version) await new Promise((go) => setTimeout(go, 50));
  seconds = (Date.now() - began) / 1000;
  const ended = await app.ended(key);
  const after = [...(await workerCalls())].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
  calls = Object.fromEntries(after.filter(([, count]) => count > 0));
  back = await step(ended);

  next = await step(await app.deploy({ 'api/bye.js': answering('bye C') }));
  templated = await step(
    await app.deploy({
      'api/hello.js': answering('hello D'),
      'api/serverless.yml': serverlessYml({ ...API, ...VARIABLE }),
    }),
  );
  acrossTemplate = await step(await rollBack());
  explicit = await step(await rollBack({ to: b.release.id.slice(-8).toLowerCase() }));
  one = await step(await rollBack({ to: a.release.id, service: 'other' }));

  // A release whose build stands still is stopped, and the rollback that stops it is the only one.
  const heldPush = await app.push({ 'api/hello.js': answering('hello E'), [`api/${HELD}`]: '' });
  const held = await app.releaseOf(heldPush);
  const visitor = await gate.next('build');
  const { started: first } = await ask();
  duringOther = await ask().then(
    () => undefined,
    (error: unknown) => error,
  );
  stopped = await app.ended(held);
  const { executionArn } = stopped;
  ({ cause } = await stepFunctionsClient().send(new DescribeExecutionCommand({ executionArn })));
  stopper = await step(await app.ended({ app: 'rollback', stage: 'dev', id: first!.releaseId }));
  visitor.go();

  await app.deploy({ [`api/${HELD}`]: null, 'api/hello.js': answering('hello F') });
  await app.deploy({ 'api/hello.js': answering('hello G') });
  const { version } = await codeOf(HELLO, 'live');
  const previous = String(Number(version) - 1);
  await lambdaClient().send(new DeleteFunctionCommand({ FunctionName: HELLO, Qualifier: previous }));
  versionGone = await step(await rollBack());
  lastVersions = await versionsOf(HELLO);

  await app.deploy({ 'api/hello.js': answering('hello H') });
  const target = await look();
  await app.deploy({ 'api/hello.js': answering('hello I') });
  const pack = await s3Artifacts(s3, bucket).readJson(target.state.deployedPackage!, DeployedPackage);
  await lambdaClient().send(new DeleteFunctionCommand({ FunctionName: HELLO, Qualifier: target.live.version }));
  const { bundle } = pack!.manifest.functions.HelloLambdaFunction!;
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: bundle }));
  bundleGone = await ask().then(
    () => undefined,
    (error: unknown) => error,
  );
  afterBundleGone = await look();
}, PATIENCE);
afterAll(async () => {
  await gate.close();
  await app.remove();
});

const decisionOf = ({ services }: Seen, path = 'api') => services[path]?.decision;

describe('A, then B directly, then back', () => {
  it('shows with --dry-run which versions would move, and moves nothing', () => {
    expect(preview.started).toBeUndefined();
    expect(preview.preview).toMatchObject({
      to: { releaseId: a.release.id, commit: a.release.commit },
      services: [
        {
          path: 'api',
          how: 'aliases',
          from: { releaseId: b.release.id },
          to: { releaseId: a.release.id },
          functions: [{ name: HELLO, from: b.live.version, to: a.live.version }],
          problems: [],
        },
        { path: 'other', how: 'aliases' },
      ],
    });
    expect(afterPreview).toMatchObject({ hello: b.hello, live: b.live, state: b.state });
  });

  it('answers A everywhere: API, alias and $LATEST; the alias is at the very version of A', () => {
    expect(back.status).toBe('succeeded');
    expect(back.hello).toEqual(everywhere('hello A'));
    expect(back.other).toBe('other A');
    expect(back.live).toEqual(a.live);
    expect(back.code.sha256).toBe(a.code.sha256);
  });

  it('builds nothing and publishes nothing', async () => {
    expect(await buildsOf(back.release.id)).toEqual([]);
    expect(decisionOf(back)!.kind).toBe('incremental');
    expect(back.release).toMatchObject({
      trigger: { type: 'rollback', by: 'arn:aws:iam::111122223333:root' },
      rollback: { to: a.release.id },
    });
  });

  it('is recorded as what is deployed, at the commit of A', () => {
    expect(back.state).toMatchObject({ status: 'deployed', releaseId: back.release.id, commit: a.release.commit });
    expect(back.recorded).toMatchObject({ version: a.live.version, codeSha256: a.live.sha256 });
  });

  it('takes no more than six readings and two changes for each function', () => {
    process.stdout.write(
      `rollback of two functions: ${seconds.toFixed(1)} s until the alias moved, ${JSON.stringify(calls)}\n`,
    );
    expect(calls).toEqual({ GetFunction: 6 * 2, UpdateAlias: 2, UpdateFunctionCode: 2 });
  });

  it('is what the next push compares with: it deploys what differs from A, directly', () => {
    // The files of B are in the repository still, and so they come back with the next push of that service.
    expect(decisionOf(next)).toMatchObject({
      kind: 'incremental',
      changedFunctions: ['ByeLambdaFunction', 'HelloLambdaFunction'],
    });
    expect(next.hello).toEqual(everywhere('hello B'));
    expect(next.bye).toEqual(everywhere('bye C'));
    // But not that of the service that this push does not touch, as status, history and comment say.
    expect(next.other).toBe('other A');
    expect(next.plan!.skip).toMatchObject([
      { path: 'other', reasons: [{ code: 'held', message: expect.stringContaining(`to release ${a.release.id}`) }] },
    ]);
  });
});

describe('back across a change of the template', () => {
  it('deploys the stored package in full, without a build', async () => {
    expect(templated.hello).toEqual(everywhere('hello D'));
    expect(decisionOf(acrossTemplate)!.kind).toBe('full');
    expect(decisionOf(acrossTemplate)!.reasons.map(({ code }) => code)).toContain('template-changed');
    expect(await buildsOf(acrossTemplate.release.id)).toEqual([]);
    expect(acrossTemplate.hello).toEqual(everywhere('hello B'));
    expect(acrossTemplate.bye).toEqual(everywhere('bye C'));
  });
});

describe('back to a release that is named', () => {
  it('goes to what the stage was then, by the end of its id', () => {
    expect(explicit.release.rollback).toMatchObject({ to: b.release.id });
    expect(explicit.hello).toEqual(everywhere('hello B'));
    expect(explicit.bye).toEqual(everywhere('bye A'));
    expect(explicit.other).toBe('other B');
  });

  it('goes back with one service only, if told so', () => {
    expect(one.other).toBe('other A');
    expect(one.hello).toEqual(everywhere('hello B'));
    expect(Object.keys(one.services)).toEqual(['other']);
  });
});

describe('a rollback while a release runs', () => {
  it('stops that release and returns to what was there before it', () => {
    expect(stopped).toMatchObject({ status: 'aborted', error: { code: 'Aborted' } });
    expect(cause).toBe(`stopped by rollback ${stopper.release.id}`);
    expect(stopper.status).toBe('succeeded');
    expect(stopper.hello).toEqual(everywhere('hello B'));
  });

  it('is the only one: a second is refused, and told which one runs', () => {
    expect(duringOther).toMatchObject({
      code: 'RollbackRunning',
      message: expect.stringContaining(stopper.release.id),
    });
  });
});

describe('what is gone', () => {
  it('a version: its stored bundle is deployed', () => {
    expect(versionGone.status).toBe('succeeded');
    expect(decisionOf(versionGone)!.kind).toBe('incremental');
    expect(versionGone.hello).toEqual(everywhere('hello F'));
    expect(lastVersions).toContain(versionGone.live.version);
  });

  it('version and bundle: said before anything moves', () => {
    expect(bundleGone).toMatchObject({
      code: 'RollbackImpossible',
      message: expect.stringMatching(/service "api": .*function HelloLambdaFunction .*its bundle was collected/),
    });
    expect(afterBundleGone.hello).toEqual(everywhere('hello I'));
  });
});
