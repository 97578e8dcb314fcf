import { randomUUID } from 'node:crypto';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Outcome } from '../../lambdas/trigger/release-ref';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { aGate, type Gate, HELD, heldBuilds } from './a-gate';
import { answering, aService, type ServiceOptions, serverlessYml } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { custom, held } from './custom-resource';
import { buildsOf, invoke } from './live';

jest.setTimeout(PATIENCE);

/** Pushes while a release runs: its build, or its stack update, waits at the gate until the test lets it go on. */
const SERVICE: ServiceOptions = { path: '.', name: 'queue', functions: { hello: 'hello A' } };
const HELLO = 'queue-dev-hello';

let app: AnApp;
let gate: Gate;
let running: Seen;
let superseded: Seen;
let newest: Seen;
let elsewhere: Seen;
let twice: (readonly Outcome[])[];
let aborted: Seen;
let next: Seen;
/** The release that ran, and those that twenty events of its very push have made or named. */
let burst: { readonly running: string; readonly named: ReadonlySet<string>; readonly newest: string };
/** What answers after the newest waiting release, and after the release that followed the aborted one. */
const answers: string[] = [];

const go = async (door: string) => (await gate.next(door)).go();

/** Hands the worker of pushes an event, as EventBridge does. */
async function deliver(event: unknown): Promise<readonly Outcome[]> {
  const lambda = lambdaClient();
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const worker = Functions.find(({ FunctionName }) => /TriggerWorkersPush/.test(FunctionName!))!;
  const request = { FunctionName: worker.FunctionName, Payload: JSON.stringify(event) };
  const { Payload, FunctionError } = await lambda.send(new InvokeCommand(request));
  const answer = Buffer.from(Payload!).toString('utf8');
  if (FunctionError) throw new Error(answer);
  return JSON.parse(answer);
}

const startedBy = (results: readonly (readonly Outcome[])[]) =>
  results.flat().flatMap((outcome) => ('started' in outcome ? [outcome.started] : []));

const pushEvent = () => ({
  id: randomUUID(),
  time: new Date().toISOString(),
  'detail-type': 'CodeCommit Repository State Change',
  detail: {
    event: 'referenceUpdated',
    repositoryName: 'queue',
    referenceType: 'branch',
    referenceName: 'main',
    callerUserArn: 'arn:aws:iam::111122223333:user/ada',
  },
});

beforeAll(async () => {
  [app, gate] = await Promise.all([anApp('queue'), aGate()]);

  const first = await app.releaseOf(await app.push({ ...aService(SERVICE), ...heldBuilds(gate), [HELD]: '' }));
  const build = await gate.next('build');
  const second = await app.releaseOf(await app.push({ 'hello.js': answering('hello B') }));
  const third = await app.releaseOf(await app.push({ 'hello.js': answering('hello C') }));
  const event = pushEvent();
  twice = await Promise.all([deliver(event), deliver(event)]);

  // While this stage waits, the other one goes through.
  const production = app.push({}, { branch: 'production' }).then((commit) => app.releaseOf(commit, 'prod'));
  await go('build');
  elsewhere = await app.ended(await production);

  build.go();
  running = await app.ended(first);
  superseded = await app.ended(second);
  await go('build');
  newest = await app.ended(third);
  answers.push(await invoke(HELLO, 'live'));

  const hurdle = held(gate.url('hurdle'), []);
  // The emulator looks before each resource whether the update is to be given up, and not behind the last one.
  const behind = { Behind: { Type: 'AWS::SQS::Queue', DependsOn: 'Hurdle' } };
  const withHurdle = serverlessYml({ ...SERVICE, ...hurdle, resources: { ...hurdle.resources, ...behind } });
  const changes = { 'serverless.yml': withHurdle, 'custom.js': custom, 'hello.js': answering('hello D') };
  const begun = await app.releaseOf(await app.push(changes));
  await go('build');
  const stack = await gate.next('hurdle');
  const waits = await app.releaseOf(await app.push({ 'hello.js': answering('hello E') }));
  const { executionArn } = (await app.platform.releases.find(begun))!;
  await stepFunctionsClient().send(new StopExecutionCommand({ executionArn }));
  aborted = await app.ended(begun);
  const later = await gate.next('build');
  stack.go();
  later.go();
  // The update was given up and rolled back: what comes next makes the same change to the stack.
  await go('hurdle');
  next = await app.ended(waits);
  answers.push(await invoke(HELLO, 'live'));

  const begun20 = await app.releaseOf(await app.push({ 'hello.js': answering('hello F') }));
  const busy = await gate.next('build');
  const ids: string[] = [];
  for (let batch = 0; batch < 4; batch += 1) {
    const results = await Promise.all(Array.from({ length: 5 }, () => deliver(pushEvent())));
    ids.push(...startedBy(results).map(({ releaseId }) => releaseId));
  }
  busy.go();
  await app.ended(begun20);
  const [last] = await app.platform.releases.latest(begun20, 1);
  burst = { running: begun20.id, named: new Set(ids), newest: last!.release.id };
}, PATIENCE);
afterAll(async () => {
  await gate.close();
  await app.remove();
});

describe('pushes while a release runs', () => {
  it('wait, and the newest of them runs next', () => {
    expect(running.status).toBe('succeeded');
    expect(newest.status).toBe('succeeded');
    expect(newest.startedAt! >= running.finishedAt!).toBe(true);
    expect(answers[0]).toBe('hello C');
  });

  it('are superseded by newer ones, without a build', async () => {
    expect(superseded).toMatchObject({ status: 'superseded', supersededBy: newest.release.id });
    expect(await buildsOf(superseded.release.id)).toEqual([]);
  });

  it('are one release, whatever event tells of their head again', () => {
    const again = { releaseId: newest.release.id, status: 'duplicate' };
    expect(startedBy(twice)).toEqual([again, again]);
  });

  it('do not wait for a release to another stage', () => {
    expect(elsewhere).toMatchObject({ status: 'succeeded', release: { stage: 'prod' } });
    expect(elsewhere.finishedAt! <= running.finishedAt!).toBe(true);
  });
});

describe('twenty events of one push, at once', () => {
  it('make no release beside the one that runs', () => {
    expect(burst).toEqual({ running: burst.running, named: new Set([burst.running]), newest: burst.running });
  });
});

describe('a release that a person stops', () => {
  it('is recorded as aborted, and its service as failed', () => {
    expect(aborted).toMatchObject({
      status: 'aborted',
      error: { code: 'Aborted', message: expect.stringContaining('the execution was stopped') },
      services: { '.': { status: 'failed', error: { code: 'Aborted' } } },
    });
  });

  it('makes way for the one that waits, which deploys in full', () => {
    expect(next.status).toBe('succeeded');
    expect(next.services['.']!.decision!.kind).toBe('full');
    expect(next.services['.']!.decision!.reasons.map(({ code }) => code)).toContain('previous-release-failed');
    expect(answers[1]).toBe('hello E');
  });
});
