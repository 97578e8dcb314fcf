import { registerLogs } from '../../../lib/cli/commands/logs';
import { releaseExecutionName, serviceExecutionName } from '../../../lib/core/contracts/execution-name';
import type { StateEvent } from '../../../lib/ports/execution-history';
import { NOW } from '../../memory-platform';
import { aWorld, IDS } from '../a-world';

const DEV = ['--app', 'shop', '--stage', 'dev'];
const PLAN = {
  phases: [[{ path: 'api', reasons: [{ code: 'forced' as const, message: 'it was forced' }] }]],
  skip: [],
};
const soon = NOW - 9 * 60_000;

/** A release with a build, a hook, a stack update and a shift. */
async function some() {
  const world = aWorld((program, inWorld) => registerLogs(program, inWorld));
  const { platform, logs, histories, release, deployed, at } = world;
  const one = await release({ id: IDS[1] }, { status: 'running', plan: PLAN });
  for (const [task, buildId] of [
    ['package', 'b:1'],
    ['after_deploy', 'b:2'],
  ] as const) {
    await platform.releaseBuilds.record(one, { path: 'api', task, buildId, startedAt: at(9) });
  }
  logs.set('b:1', [
    { at: soon + 2_000, text: '\u001b[31mnpm ci\u001b[0m' },
    { at: soon + 3_000, text: 'a\nb\r' },
  ]);
  logs.set('b:2', [{ at: soon + 20_000, text: 'smoke test' }]);
  const state = (kind: StateEvent['kind'], name: string, seconds: number, output?: unknown): StateEvent => ({
    kind,
    state: name,
    at: soon + seconds * 1_000,
    output,
  });
  const fn = { logicalId: 'Hello', name: 'x', group: 'g', deploymentId: 'd-1', allowed: [] };
  const shift = { application: 'a', unit: 'service', hookTimeout: 1, functions: [fn] };
  const stack = { status: 'done', events: ['UPDATE_COMPLETE Table'] };
  histories.set(platform.serviceExecutions.arnOf(serviceExecutionName(one, 'api')), [
    state('entered', 'Begin build', 1),
    state('entered', 'Begin deploy', 4),
    state('exited', 'Wait for stack', 5, stack),
    state('exited', 'Stack update finished?', 5, stack),
    state('entered', 'Begin shift', 6),
    state('exited', 'Start shift', 7, { shift, atOnce: [], decision: { kind: 'full', reasons: [], shifts: [] } }),
    state('exited', 'Wait for shift', 9, { status: 'done', shift, moved: ['Hello'] }),
  ]);
  const lines = ['Hello: moving, passed BeforeAllowTraffic'];
  const progress = [{ service: 'api', of: 'shift', lines }];
  histories.set(platform.watchers.arnOf(releaseExecutionName(one)), [
    state('entered', 'Watch', 1),
    state('exited', 'Watch', 8, { status: 'running', progress }),
    state('exited', 'Release ended?', 8, { status: 'running', progress }),
  ]);
  const end = async (status: 'succeeded' | 'failed') => {
    const error = status === 'failed' ? { code: 'ServiceFailed', message: 'service "api": no' } : undefined;
    await deployed(one, 'api', status === 'failed' ? { status, error: { code: 'BuildFailed', message: 'no' } } : {});
    await platform.releases.end(one, { status, finishedAt: at(8), error });
  };
  return { ...world, end };
}

describe('seedbed logs', () => {
  it('shows one stream by time: plan, steps, builds, hooks, stack, shift, end', async () => {
    const { call, end } = await some();
    await end('succeeded');
    const { status, out } = await call('logs', ...DEV);
    expect(status).toBe(0);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(9).replace(/ +/g, ' '));
    expect(lines).toEqual([
      expect.stringMatching(/^release release 01K\w+: bbbbbbb main to shop → dev, by ada$/),
      'release begins',
      'release plan: 1 of 1 services',
      'api step planned: it was forced',
      'api step build …',
      'api build npm ci',
      'api build a',
      'api build b',
      'api step deploy …',
      'api stack UPDATE_COMPLETE Table',
      'api step shift …',
      'api shift Hello: CodeDeploy deployment d-1 began',
      'api shift Hello: moving, passed BeforeAllowTraffic',
      'api shift Hello: moved',
      'api after_deploy smoke test',
      'release succeeded in 2 min 00 s',
    ]);
  });

  it('tells of what services look after themselves, because nobody watches, as of what is watched', async () => {
    const { platform, histories, release, call } = aWorld(registerLogs);
    const one = await release({ id: IDS[2] }, { plan: PLAN });
    const output = { status: 'running', events: ['CREATE_IN_PROGRESS Table'] };
    const shift = { application: 'a', unit: 'service', hookTimeout: 1 };
    const moving = { logicalId: 'Hello', name: 'x', group: 'g', deploymentId: 'd-1', allowed: [] };
    histories.set(platform.serviceExecutions.arnOf(serviceExecutionName(one, 'api')), [
      { kind: 'exited', state: 'Wait for stack without watcher', at: soon, output },
      {
        kind: 'exited',
        state: 'Wait for shift without watcher',
        at: soon,
        output: { status: 'running', shift: { ...shift, functions: [moving] } },
      },
    ]);
    const { out } = await call('logs', ...DEV);
    expect(out).toMatch(/api stack +CREATE_IN_PROGRESS Table\n.*api shift +Hello: moving\n/);
  });

  it('says of a rollback that it deploys, once, and not that it builds', async () => {
    const { platform, histories, release, call } = aWorld(registerLogs);
    const one = await release({ id: IDS[2], rollback: { to: IDS[0]! } }, { plan: PLAN });
    histories.set(
      platform.serviceExecutions.arnOf(serviceExecutionName(one, 'api')),
      ['Begin build', 'Use stored package', 'Begin deploy'].map((name, index) => ({
        kind: 'entered',
        state: name,
        at: soon + index,
      })),
    );
    const { out } = await call('logs', ...DEV);
    expect(out.match(/deploy …/g)).toHaveLength(1);
    expect(out).not.toContain('build');
  });

  it('says what failed, once', async () => {
    const { call, end } = await some();
    await end('failed');
    const { out } = await call('logs', ...DEV, 'bbbbbbbb');
    expect(out).toMatch(/api error +BuildFailed: no\n.*release +failed in/);
    expect(out.match(/: no/g)).toHaveLength(1);
  });

  it('follows a release to its end, and tells each line once', async () => {
    const { call, end, logs, whileAsleep } = await some();
    whileAsleep.push(
      () => undefined,
      () => {
        logs.set('b:2', []);
        return end('failed');
      },
    );
    const { status, out } = await call('logs', ...DEV, '-f');
    expect(status).toBe(1);
    expect(out.match(/npm ci/g)).toHaveLength(1);
    expect(out.match(/deploy …/g)).toHaveLength(1);
    expect(out.trimEnd()).toMatch(/release +failed in 2 min 00 s$/);
  });

  it('prints a JSON object a line with --json', async () => {
    const { call, end } = await some();
    await end('succeeded');
    const { out } = await call('logs', ...DEV, '--json');
    const entries = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries).toContainEqual({
      at: soon + 2_000,
      source: 'build',
      service: 'api',
      task: 'package',
      text: 'npm ci',
    });
    expect(entries.at(-1)).toMatchObject({ source: 'release', text: 'succeeded in 2 min 00 s' });
  });

  it('ends with 1 where there is no such release', async () => {
    const { call } = aWorld(registerLogs);
    expect(await call('logs', ...DEV)).toMatchObject({
      status: 1,
      err: expect.stringMatching(/nothing has been released to/),
    });
  });
});
