import { DescribeExecutionCommand, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { releaseExecutionName, serviceExecutionName } from '../../lib/core/contracts/execution-name';
import { eventually } from '../local/a-cloud';
import { answering, aService } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { answersOf, buildsOf, codeOf, everywhere, versionsOf } from './live';

jest.setTimeout(PATIENCE);

/** A repository with two services: first everything, then one handler, then nothing. */
const STACK = 'thread-api-dev';
const API = {
  path: 'api',
  name: 'thread-api',
  api: true,
  architecture: 'arm64',
  functions: { hello: 'hello A', bye: 'bye A' },
} as const;
const JOBS = { path: 'jobs', name: 'thread-jobs', functions: { nightly: 'done' } };

let app: AnApp;
const snapshot = async (seen: Seen) => ({
  ...seen,
  hello: await answersOf(STACK, 'hello'),
  bye: await answersOf(STACK, 'bye'),
  versions: { hello: await versionsOf(`${STACK}-hello`), bye: await versionsOf(`${STACK}-bye`) },
  builds: await buildsOf(seen.release.id),
});
let first: Awaited<ReturnType<typeof snapshot>>;
let oneHandler: typeof first;
let nothing: typeof first;

beforeAll(async () => {
  app = await anApp('thread');
  first = await snapshot(await app.deploy({ ...aService(API), ...aService(JOBS) }));
  oneHandler = await snapshot(await app.deploy({ 'api/hello.js': answering('hello B') }));
  nothing = await snapshot(await app.deploy());
}, PATIENCE);
afterAll(() => app.remove());

describe('the first push', () => {
  it('deploys every service in full', () => {
    expect(first.status).toBe('succeeded');
    expect(Object.keys(first.services).sort()).toEqual(['api', 'jobs']);
    for (const service of Object.values(first.services)) {
      expect(service).toMatchObject({ status: 'deployed', decision: { kind: 'full' } });
      expect(service.decision!.reasons.map(({ code }) => code)).toEqual(['first-release']);
    }
    expect(first.builds.map(({ buildStatus }) => buildStatus)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  });

  it('lets the API, the alias and the function itself answer the new code', () => {
    expect(first.hello).toEqual(everywhere('hello A'));
    expect(first.bye).toEqual(everywhere('bye A'));
  });

  it('is recorded with commit, pusher, outputs, versions, build and the time of each step', () => {
    const { release } = first;
    expect(release).toMatchObject({ app: 'thread', stage: 'dev', branch: 'main', force: false });
    expect(release.trigger).toMatchObject({ type: 'push', by: expect.stringMatching(/^arn:aws:iam::\d{12}:user\/.+/) });
    expect(first.startedAt! <= first.plannedAt! && first.plannedAt! <= first.finishedAt!).toBe(true);
    const { api } = first.services;
    expect(api!.outputs.HttpApiUrl).toMatch(/^https:/);
    expect(api!.functions).toEqual(
      expect.arrayContaining([
        { logicalId: 'HelloLambdaFunction', name: `${STACK}-hello`, updated: true, version: '1' },
        { logicalId: 'ByeLambdaFunction', name: `${STACK}-bye`, updated: true, version: '1' },
      ]),
    );
    expect(first.builds.map(({ id }) => id)).toContain(api!.buildId);
    for (const step of ['build', 'deploy', 'shift', 'record'] as const) {
      expect(api!.durations[step]).toBeGreaterThanOrEqual(0);
      expect(first.durations![step]).toBeGreaterThanOrEqual(api!.durations[step]!);
    }
  });

  it('has all that it waits for looked after by one watcher, which ends with it', async () => {
    const { history, serviceExecutions, watchers } = app.platform;
    for (const path of ['api', 'jobs']) {
      const states = await history.read(serviceExecutions.arnOf(serviceExecutionName(first.release, path)));
      const waits = states.filter(({ kind, state }) => kind === 'entered' && state.startsWith('Wait for'));
      expect(waits.map(({ state }) => state)).toEqual(['Wait for build', 'Wait for stack']);
    }
    const watched = async () => (await history.read(watchers.arnOf(releaseExecutionName(first.release)))).at(-1);
    await eventually(async () => ((await watched())?.state === 'Release has ended' ? true : undefined));
  });
});

describe('a push that changes one handler', () => {
  it('builds only its service', () => {
    expect(oneHandler.status).toBe('succeeded');
    expect(oneHandler.plan!.phases.flat()).toMatchObject([
      { path: 'api', reasons: [{ code: 'files-changed', message: expect.stringContaining('api/hello.js') }] },
    ]);
    expect(oneHandler.plan!.skip).toMatchObject([
      { path: 'jobs', reasons: [expect.objectContaining({ code: 'unchanged' })] },
    ]);
    expect(oneHandler.builds).toHaveLength(1);
  });

  it('builds on the architecture that its functions have, which is not known before', () => {
    const machines = (builds: typeof first.builds) => builds.map(({ environment }) => environment?.type);
    expect(machines(first.builds)).toEqual(['LINUX_CONTAINER', 'LINUX_CONTAINER']);
    expect(machines(oneHandler.builds)).toEqual(['ARM_CONTAINER']);
  });

  it('updates only that function, and directly', () => {
    expect(oneHandler.services.api!.decision).toEqual({
      kind: 'incremental',
      reasons: [{ code: 'function-code-changed', message: 'code changed: HelloLambdaFunction' }],
      changedFunctions: ['HelloLambdaFunction'],
    });
    const updated = oneHandler.services.api!.functions.filter((one) => one.updated);
    expect(updated).toEqual([
      { logicalId: 'HelloLambdaFunction', name: `${STACK}-hello`, updated: true, version: '2' },
    ]);
    expect(oneHandler.versions).toEqual({ hello: ['1', '2'], bye: ['1'] });
  });

  it('is answered by the API, and the other function as before', () => {
    expect(oneHandler.hello).toEqual(everywhere('hello B'));
    expect(oneHandler.bye).toEqual(everywhere('bye A'));
  });

  it('keeps the outputs of the stack in its record', () => {
    expect(oneHandler.services.api!.outputs).toEqual(first.services.api!.outputs);
  });
});

describe('a push that changes nothing', () => {
  it('is recorded without a build, a service release or a new version', async () => {
    expect(nothing).toMatchObject({ status: 'succeeded', services: {}, builds: [], versions: oneHandler.versions });
    expect(nothing.plan!.phases).toEqual([]);
    expect(nothing.plan!.skip.map(({ path, reasons }) => [path, ...reasons.map(({ code }) => code)])).toEqual([
      ['api', 'unchanged'],
      ['jobs', 'unchanged'],
    ]);
    const executionArn = app.platform.serviceExecutions.arnOf(serviceExecutionName(nothing.release, 'api'));
    const describe = stepFunctionsClient().send(new DescribeExecutionCommand({ executionArn }));
    await expect(describe).rejects.toThrow(ExecutionDoesNotExist);
  });

  it('leaves what answers as it is', async () => {
    expect(nothing.hello).toEqual(everywhere('hello B'));
    expect(await codeOf(`${STACK}-hello`, 'live')).toMatchObject({ version: '2' });
  });
});
