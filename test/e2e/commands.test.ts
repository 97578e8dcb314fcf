import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { aGate, type Gate, HELD, heldBuilds } from './a-gate';
import { answering, aService } from './a-service';
import { type AnApp, anApp, PATIENCE } from './an-app';

jest.setTimeout(PATIENCE);

/** The command line as people call it, against the platform of the local cloud. */
const SEEDBED = join(__dirname, '../../bin/seedbed.js');
const DEV = ['--app', 'commands', '--stage', 'dev'];

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}
const seedbed = (...args: string[]): Promise<Ended> => seedbedWith('', ...args);
const seedbedWith = (input: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const called = execFile(process.execPath, [SEEDBED, ...args], { encoding: 'utf8' }, (error, out, err) =>
      resolve({ status: error ? Number(error.code) : 0, out, err }),
    );
    called.stdin?.end(input);
  });
const json = async (...args: string[]) => {
  const { status, out, err } = await seedbed(...args, '--json');
  try {
    return { status, value: JSON.parse(out) };
  } catch {
    throw new Error(`seedbed ${args.join(' ')}: exit code ${status}\n${out}\n${err}`);
  }
};

let app: AnApp;
let gate: Gate;
let topic: string;
let planned: Awaited<ReturnType<typeof json>>;
let deployed: Awaited<ReturnType<typeof json>>;
let logs: Ended;
let cancelled: Awaited<ReturnType<typeof json>>;

beforeAll(async () => {
  [app, gate] = await Promise.all([anApp('commands'), aGate()]);
  await app.deploy({
    ...aService({ path: 'api', name: 'commands-api', functions: { hello: 'hello A' }, api: true }),
    ...aService({ path: 'web', name: 'commands-web', functions: { page: 'page A' } }),
  });
  topic = await app.push({ 'api/hello.js': answering('hello B') }, { branch: 'topic' });
  planned = await json('plan', ...DEV, '--branch', 'topic');
  deployed = await json('deploy', ...DEV, '--branch', 'topic');
  logs = await seedbed('logs', ...DEV);

  await app.push({ ...heldBuilds(gate), [`api/${HELD}`]: '' }, { branch: 'topic' });
  const { value: started } = await json('deploy', ...DEV, '--branch', 'topic', '--no-follow');
  await gate.next('build');
  cancelled = await json('cancel', ...DEV, started.releaseId.slice(-10));
}, PATIENCE);
afterAll(async () => {
  await gate.close();
  await app.remove();
});

it('plan tells what a release would do, and why, and starts none', () => {
  expect(planned).toMatchObject({
    status: 0,
    value: {
      app: 'commands',
      stage: 'dev',
      commit: topic,
      deploy: [{ path: 'api', reasons: [{ code: 'files-changed' }] }],
      skip: [{ path: 'web', reasons: [{ code: 'unchanged' }] }],
    },
  });
});

it('deploy releases a branch and tells what became of it', () => {
  expect(deployed).toMatchObject({
    status: 0,
    value: {
      status: 'succeeded',
      services: [
        { path: 'api', decision: 'incremental' },
        { path: 'web', decision: 'skip' },
      ],
    },
  });
});

it('logs shows builds, steps and the end in one stream, by time', () => {
  expect(logs.status).toBe(0);
  expect(logs.out).toMatch(/plan: 1 of 2 services\n/);
  expect(logs.out).toMatch(/api step +build …\n(.*\n)*.*api build +\S.*\n(.*\n)*.*api step +deploy …\n/);
  expect(logs.out).toMatch(/release +succeeded in .*\n$/);
  const times = logs.out.split('\n').flatMap((line) => line.slice(0, 8) || []);
  expect(times).toEqual([...times].sort());
});

it('logs shows the events of a stack', async () => {
  const { value } = await json('history', ...DEV);
  const first = await seedbed('logs', ...DEV, value.at(-1).releaseId);
  expect(first.out).toMatch(/api stack +CREATE_COMPLETE HelloLambdaFunction/);
});

it('cancel stops a build, and says what is left', () => {
  expect(cancelled).toMatchObject({
    status: 0,
    value: {
      was: 'running',
      status: 'aborted',
      error: { code: 'Cancelled', message: expect.stringMatching(/not begun: /) },
    },
  });
});

it('status shows all stages, and one with versions and URLs', async () => {
  const { value } = await json('status', '--app', 'commands');
  expect(value).toMatchObject([
    { stage: 'dev', last: { status: 'aborted' }, services: [{ path: 'api' }, { path: 'web' }] },
    { stage: 'prod', services: [] },
  ]);
  const { out } = await seedbed('status', ...DEV);
  expect(out).toMatch(/commands → dev/);
  expect(out).toMatch(/api +deployed +[0-9a-f]{7} +\S+ +HelloLambdaFunction:2/);
  expect(out).toMatch(/api {2}HttpApiUrl {2}https?:\/\//);
});

it('history tells of releases, and of pushes that made none', async () => {
  const { value } = await json('history', ...DEV);
  expect(value.map(({ status }: { status: string }) => status)).toEqual(['aborted', 'succeeded', 'succeeded']);
  const { value: ignored } = await json('history', '--app', 'commands', '--ignored');
  expect(ignored).toContainEqual(expect.objectContaining({ branch: 'topic' }));
});

it('stage list and app list tell what there is, and the doctor finds nothing wrong', async () => {
  const { value: stages } = await json('stage', 'list', '--app', 'commands');
  expect(stages).toMatchObject([{ stage: 'dev', services: [{ path: 'api' }, { path: 'web' }] }, { stage: 'prod' }]);
  const { value: apps } = await json('app', 'list');
  expect(apps).toContainEqual(expect.objectContaining({ app: 'commands' }));
  const doctor = await json('app', 'doctor', 'commands');
  expect(doctor).toMatchObject({ status: 0, value: { app: 'commands' } });
  expect(doctor.value.findings).toContainEqual({
    check: 'builds',
    level: 'ok',
    message: expect.stringMatching(/may run 20 builds at once on Linux\/Medium/),
  });
  expect(doctor.value.findings).toContainEqual({
    check: 'lambda',
    level: 'ok',
    message: expect.stringMatching(
      /may run 1000 functions at once; a release of all of stage dev \(2 services\) takes up to 7/,
    ),
  });
});

it('env takes a secret from standard input, and never shows it', async () => {
  const set = seedbedWith('hush hush', 'env', 'set', ...DEV, '--secret', 'KEY');
  expect(await set).toMatchObject({ status: 0, out: expect.not.stringContaining('hush') });
  const { value } = await json('env', 'list', ...DEV, '--values');
  expect(value).toMatchObject([{ name: 'KEY' }]);
  expect(JSON.stringify(value)).not.toContain('hush');
  expect(await seedbed('env', 'rm', ...DEV, 'KEY')).toMatchObject({ status: 0 });
});

it('ends with 1 and no stack trace for what is not there', async () => {
  const { status, out, err } = await seedbed('status', '--app', 'commands', '--stage', 'dve');
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(err).toBe('seedbed: app "commands" has no stage "dve"; did you mean "dev"?\n');
});
