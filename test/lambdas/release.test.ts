import { ReleaseError } from '../../lib/core/contracts/errors';
import { type RepositoryEnd, releaseWorld } from './release-world';

const service = (code: string) => ({ functions: { List: code } });
const [API, WEB, MAIL] = [service('api'), service('web'), service('mail')];
const ALL = { api: API, web: WEB, mail: MAIL };
const IN_PHASES = 'deploy_after: { mail: [api, web] }\n';
const FINISHED = ['Finish', 'Release succeeded'];
const FAILED = ['Finish failed release', 'Release failed'];

/** @returns where in the order of all states a service's execution begins and ends */
function spanOf({ entered }: RepositoryEnd, path: string): readonly [number, number] {
  const own = entered.flatMap(([, execution], index) => (execution.includes(`-${path}-`) ? [index] : []));
  return [own[0]!, own.at(-1)!];
}

describe('a release', () => {
  it('plans, releases the services phase by phase, and finishes', async () => {
    const world = releaseWorld();
    const done = await world.release({ services: ALL, seedYml: IN_PHASES });
    expect(done.end.status).toBe('SUCCEEDED');
    expect(done.record).toMatchObject({ status: 'succeeded' });
    expect(await world.releases.open()).toEqual([]);
    for (const path of ['api', 'web', 'mail']) expect(await world.statusOf(path)).toBe('deployed');
    const [, firstPhaseEnds] = spanOf(done, 'web');
    expect(spanOf(done, 'mail')[0]).toBeGreaterThan(Math.max(firstPhaseEnds, spanOf(done, 'api')[1]));
    expect(done.states).toEqual([
      ...['Plan', 'Anything to do?', 'Start watcher', 'Phases'],
      ...['Services', 'Release service', 'Release service', 'All services succeeded?', 'Phase succeeded'],
      ...['Services', 'Release service', 'All services succeeded?', 'Phase succeeded'],
      ...['Has after_all?', ...FINISHED],
    ]);
  });

  it.each([
    [1, false],
    [2, true],
  ])('releases at most %d service of a phase at once if seed.yml says so', async (parallel, isSideBySide) => {
    const world = releaseWorld();
    const done = await world.release({ services: { api: API, web: WEB }, seedYml: `parallel: ${parallel}\n` });
    const [[api, apiEnd], [web]] = [spanOf(done, 'api'), spanOf(done, 'web')];
    expect(api).toBeLessThan(web);
    expect(web < apiEnd).toBe(isSideBySide);
  });

  it('goes from plan to finish if nothing concerns a service', async () => {
    const world = releaseWorld();
    await world.release({ services: ALL });
    const done = await world.release({ services: ALL });
    expect(done.record).toMatchObject({ status: 'succeeded', plan: { phases: [] } });
    expect(done.states).toEqual(['Plan', 'Anything to do?', ...FINISHED]);
  });

  it('starts the release that waits when it ends', async () => {
    const world = releaseWorld();
    const first = await world.begin({ services: { api: API } });
    const second = await world.begin({ services: { api: service('api 2') } });
    expect(world.executions.started.map(({ input }) => (input as { id: string }).id)).toEqual([first.id]);
    await world.run(first);
    expect(world.executions.started.map(({ input }) => (input as { id: string }).id)).toEqual([first.id, second.id]);
    expect((await world.run(second)).record.status).toBe('succeeded');
  });

  it('removes what is deployed, the last phase first', async () => {
    const world = releaseWorld();
    await world.release({ services: ALL, seedYml: IN_PHASES });
    const done = await world.remove();
    expect(done.end.status).toBe('SUCCEEDED');
    expect(done.record.status).toBe('succeeded');
    expect(await world.states.list(world.at)).toEqual([]);
    expect(spanOf(done, 'mail')[1]).toBeLessThan(Math.min(spanOf(done, 'api')[0], spanOf(done, 'web')[0]));
    expect(done.entered.map(([state]) => state)).not.toContain('Decide');
  });
});

describe('a release of which a service fails', () => {
  const left = { code: 'PackageFailed', message: 'no such file: src/list.ts' };
  const failing = (path: string) => ({
    failing: (request: { readonly service: string }) => (request.service === path ? left : undefined),
  });

  it('lets its neighbours end, begins no later phase, and fails', async () => {
    const world = releaseWorld();
    const done = await world.release({ services: ALL, seedYml: IN_PHASES }, failing('api'));
    expect(done.end).toEqual({
      status: 'FAILED',
      error: 'ServiceFailed',
      cause: 'a service of this phase failed; later phases did not run',
    });
    expect(done.record).toMatchObject({
      status: 'failed',
      error: {
        code: 'ServiceFailed',
        message: 'service "api": no such file: src/list.ts; did not run, since an earlier phase failed: mail',
      },
    });
    expect([await world.statusOf('web'), await world.statusOf('mail')]).toEqual(['deployed', undefined]);
    expect(done.states).toEqual([
      ...['Plan', 'Anything to do?', 'Start watcher'],
      ...['Phases', 'Services', 'Release service', 'Release service', 'Service did not succeed'],
      ...['All services succeeded?', 'Phase failed', ...FAILED],
    ]);
  });

  it('deploys with the next one what did not run, and what failed in full', async () => {
    const world = releaseWorld();
    await world.release({ services: ALL, seedYml: IN_PHASES }, failing('api'));
    const done = await world.release({ services: ALL, seedYml: IN_PHASES });
    expect(done.record.status).toBe('succeeded');
    for (const path of ['api', 'web', 'mail']) expect(await world.statusOf(path)).toBe('deployed');
  });

  it('does not run after_all', async () => {
    const world = releaseWorld();
    const seedYml = 'after_all: [echo done]\n';
    const done = await world.release({ services: { api: API }, seedYml }, failing('api'));
    expect(done.states).not.toContain('Has after_all?');
    expect(world.requests.map(({ task }) => task)).toEqual(['package']);
  });
});

describe('a release whose plan fails', () => {
  it('fails with why, and frees the stage', async () => {
    const world = releaseWorld();
    const done = await world.release({ services: {} });
    expect(done.end).toMatchObject({ status: 'FAILED', error: 'NoServiceFound' });
    expect(done.record).toMatchObject({ status: 'failed', error: { code: 'NoServiceFound' } });
    expect(done.states).toEqual(['Plan', ...FAILED]);
    expect(await world.releases.open()).toEqual([]);
  });

  it('plans again while the host of the repository does not answer, for more than an hour', async () => {
    const world = releaseWorld();
    let plans = 0;
    const plan = (work: () => Promise<unknown>) => {
      plans += 1;
      if (plans <= 20) throw new ReleaseError('SourceUnavailable', 'GitHub does not answer');
      return work();
    };
    const done = await world.release({ services: { api: API } }, { instead: { plan } });
    expect(done.record.status).toBe('succeeded');
    expect(plans).toBe(21);
    const took = Date.parse(done.record.finishedAt!) - Date.parse(done.record.startedAt!);
    expect(took).toBeGreaterThan(70 * 60_000);
  });
});

describe('after_all', () => {
  const seedYml = 'after_all: [echo done]\n';

  it('runs once when all services have succeeded', async () => {
    const world = releaseWorld();
    const done = await world.release({ services: ALL, seedYml: `${seedYml}${IN_PHASES}` });
    expect(done.record.status).toBe('succeeded');
    expect(world.requests.at(-1)).toMatchObject({ task: 'after_all', service: '.' });
    expect(world.requests.filter(({ task }) => task === 'after_all')).toHaveLength(1);
    expect(done.states.slice(-6)).toEqual([
      ...['Has after_all?', 'Start after_all', 'Wait for after_all', 'after_all finished?'],
      ...FINISHED,
    ]);
  });

  it('fails the release if its commands fail, and leaves deployed what is', async () => {
    const world = releaseWorld();
    const left = { code: 'HookFailed', message: 'command 1 of after_all in seed.yml failed' };
    const done = await world.release(
      { services: { api: API }, seedYml },
      { failing: ({ task }) => (task === 'after_all' ? left : undefined) },
    );
    expect(done.end).toMatchObject({ status: 'FAILED', error: 'HookFailed' });
    expect(done.record).toMatchObject({ status: 'failed', error: left });
    expect(done.states.slice(-4)).toEqual(['Start after_all', 'Wait for after_all', ...FAILED]);
    expect(await world.statusOf('api')).toBe('deployed');
  });
});

it('a release that cannot be finished fails with the error of that: the event of its end finishes it', async () => {
  const world = releaseWorld();
  const finish = () => Promise.reject(new TypeError('a bug'));
  const done = await world.release({ services: { api: API } }, { instead: { finish } });
  expect(done.end).toMatchObject({ status: 'FAILED', error: 'TypeError' });
  expect(done.record.status).toBe('running');
});

describe('waiting for the builds of a release', () => {
  const services = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, { functions: { Get: 'get' } }]));
  const take = 100_000;
  const watchless = { watch: async () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' })) };

  it.each([1, 4, 16])('costs one worker and a call a second for %d services', async (count) => {
    const done = await releaseWorld().release({ services: services(count) }, { buildsTake: take });
    expect(done.record.status).toBe('succeeded');
    expect(done.waitedAtOnce).toBe(1);
    expect(done.buildCalls).toBeGreaterThan(90);
    expect(done.buildCalls).toBeLessThanOrEqual(take / 1_000 + 10);
    expect(done.entered.filter(([state]) => state.endsWith('without watcher'))).toEqual([]);
  });

  it.each([1, 4, 16])('is left to a worker for each of %d services if nobody watches', async (count) => {
    const done = await releaseWorld().release({ services: services(count) }, { buildsTake: take, instead: watchless });
    expect(done.record.status).toBe('succeeded');
    expect(done.waitedAtOnce).toBe(count);
    const alone = done.entered.filter(([state]) => state === 'Wait for build without watcher');
    expect(alone).toHaveLength(count);
  });

  it('goes on when the watcher has died in the middle', async () => {
    let calls = 0;
    const dies = async (work: () => Promise<unknown>) => {
      calls += 1;
      return calls === 1 ? work() : watchless.watch();
    };
    const instead = { watch: dies };
    const done = await releaseWorld().release({ services: services(3) }, { buildsTake: 200_000, instead });
    expect(done.record.status).toBe('succeeded');
    expect(done.entered.filter(([state]) => state === 'Wait for build without watcher').length).toBeGreaterThan(0);
  });

  it('leaves nothing behind that is waited for', async () => {
    const world = releaseWorld();
    const done = await world.release({ services: services(3) }, { buildsTake: take });
    expect(await world.waits.list(done.release.id)).toEqual({ waits: [], hasEnded: true });
  });
});
