import type { ReleaseRecord } from '../../lib/core/contracts/state';
import { read } from '../golden/files';
import { codeOf } from '../lambdas/deploy/a-package';
import type { Definition } from '../state-machines/definition';
import { ownDefinitions } from '../state-machines/definitions';
import { servicesOf, soakWorld } from './soak-world';

/**
 * What an installation goes through, in hours of a clock that goes on by itself: `SEEDBED_SOAK=300/20` for as many
 * pushes to as many apps. docs/production.md has what came of it.
 */
const [PUSHES, APPS] = (process.env.SEEDBED_SOAK ?? '24/3').split('/').map(Number);
const SEED = Number(process.env.SEEDBED_SOAK_SEED ?? '14');
const MINUTE = 60_000;
/** Minutes over which pushes come. */
const BURSTS = 60;
const OLD = read<Readonly<Record<string, Definition>>>('0.1.0', 'definitions.json');
jest.setTimeout(60 * MINUTE);

/** Numbers from 0 to 1, the same ones each time: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function randomly(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return Number(state >> 11n) / 2 ** 53;
  };
}

const random = randomly(SEED);
const world = soakWorld({ apps: APPS!, random, definitions: OLD, faults: 0.03 });
const { clock } = world;
const stages = world.configs.flatMap(({ app, stages }) => Object.keys(stages).map((stage) => ({ app, stage })));
const branchOf = (stage: string): 'main' | 'release' => (stage === 'dev' ? 'main' : 'release');
const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
let records: readonly (readonly ReleaseRecord[])[];

beforeAll(async () => {
  world.begin();
  const meanwhile: Promise<unknown>[] = [];
  for (const { app, stage } of stages) world.push(app, branchOf(stage));
  await clock.sleep(15 * MINUTE);
  for (let pushes = 0; pushes < PUSHES!; ) {
    // In bursts, to few apps at a time.
    const [some, size] = [[oneOf(stages), oneOf(stages), oneOf(stages)], 1 + Math.floor(random() * 9)];
    for (let one = 0; one < size && pushes < PUSHES!; one += 1, pushes += 1) {
      const { app, stage } = oneOf(some);
      world.push(app, branchOf(stage));
      await clock.sleep(random() * 20_000);
      if (pushes === Math.floor(PUSHES! / 3)) meanwhile.push(world.loseAws(4));
      if (pushes === Math.floor(PUSHES! / 2)) world.deployPlatform(ownDefinitions());
      if (pushes === Math.floor((PUSHES! * 2) / 3)) meanwhile.push(world.loseHost(100));
    }
    const { app, stage } = oneOf(some);
    const act = random();
    if (act < 0.2) await world.cancel(app, stage);
    else if (act < 0.35) await world.stop(app, stage);
    else if (act < 0.5) await world.rollBack(app, stage);
    await clock.sleep(random() * 2 * ((BURSTS * MINUTE) / (PUSHES! / 5)));
  }
  await Promise.all(meanwhile);
  // Whatever was lost is found by what runs by the clock, in two rounds of it and the time of a release.
  await clock.sleep(120 * MINUTE);
  await world.end();
  records = await Promise.all(stages.map(async (key) => world.releases.latest(key, 1_000)));
  if (process.env.SEEDBED_SOAK) process.stderr.write(`${JSON.stringify(figures(), undefined, 1)}\n`);
}, 60 * MINUTE);

function figures(): object {
  const all = records.flat();
  const statuses = [...new Set(all.map(({ status }) => status))];
  return {
    seed: SEED,
    apps: APPS,
    pushes: PUSHES! + stages.length,
    'simulated minutes': Math.round((clock.now() - Date.parse('2026-01-02T03:04:05Z')) / MINUTE),
    releases: all.length,
    ...Object.fromEntries(statuses.map((one) => [one, all.filter(({ status }) => status === one).length])),
    ...world.mishaps(),
  };
}

const isOfPush = ({ release }: ReleaseRecord): boolean => release.rollback === undefined;
/** It failed for the outage of the host, and was made again. */
const isForHost = ({ error }: ReleaseRecord): boolean => error?.code === 'SourceUnavailable';

it('nothing went wrong that was not meant to', () => {
  expect(world.problems).toEqual([]);
  expect(Object.keys(world.mishaps())).toEqual(
    expect.arrayContaining(['killed before', 'killed after', 'throttled', 'minutes without host', 'platform deployed']),
  );
});

it('loses nothing: what each branch ended with was released, or a person kept it from that', () => {
  const lost = stages.filter(({ app, stage }, index) => {
    const head = world.headOf(app, branchOf(stage));
    const of = records[index]!.filter((one) => isOfPush(one) && one.release.commit === head);
    return !of.some(({ status, cancel }) => status === 'succeeded' || status === 'aborted' || cancel || superseded(of));
  });
  expect(lost).toEqual([]);
});

/** A rollback that came later takes the place of what waits. */
const superseded = (of: readonly ReleaseRecord[]): boolean => of.some(({ status }) => status === 'superseded');

it('releases nothing twice but what failed since the host was away', () => {
  const twice = records.flatMap((of) => {
    const released = of.filter((one) => isOfPush(one) && !isForHost(one)).map(({ release }) => release.commit);
    return released.filter((commit, index) => released.indexOf(commit) !== index);
  });
  expect(twice).toEqual([]);
});

it('ends every release, and none of them failed but for the outage of the host', () => {
  const ends = records.flat().map(({ status, error }) => [status, error?.code]);
  const odd = ends.filter(
    ([status, code]) => !['succeeded', 'superseded', 'aborted'].includes(status!) && code !== 'SourceUnavailable',
  );
  expect(odd).toEqual([]);
});

it('leaves no lock, and nobody waiting', async () => {
  expect(await world.releases.open()).toEqual([]);
});

it('leaves no alias on two versions', () => {
  const { functions } = world.inTarget;
  const split = [...functions.all].filter(([, { weights }]) =>
    Object.values(weights).some((one) => Object.keys(one).length > 0),
  );
  expect(split.map(([name]) => name)).toEqual([]);
});

it('serves of each service what the newest release that ended well with it brought', async () => {
  const wrong: string[] = [];
  for (const [index, key] of stages.entries()) {
    const newestFirst = [...records[index]!].sort((one, other) => (one.release.id < other.release.id ? 1 : -1));
    const byId = new Map(newestFirst.map((one) => [one.release.id, one.release]));
    for (const service of servicesOf(key.app)) {
      let commit: string | undefined;
      for (const { release } of newestFirst) {
        const own = (await world.states.records(release)).find(({ path }) => path === service);
        if (own?.status !== 'deployed' && own?.status !== 'skipped') continue;
        commit = (release.rollback ? byId.get(release.rollback.to)! : release).commit;
        break;
      }
      if (commit === undefined) continue;
      for (const [id, verb] of [
        ['Get', 'get'],
        ['Put', 'put'],
      ] as const) {
        const name = `${service}-${key.stage}-${id}`;
        const serving = await world.inTarget.functions.read(name, 'live');
        const text = `${verb} ${world.textOf(service, commit)}`;
        if (serving?.codeSha256 !== codeOf(text)) wrong.push(`${name} does not serve ${text}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});
