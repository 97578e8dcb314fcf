import type { DemoLoad } from '../../../lib/cli/demo/demo-load';
import { type LoadPlace, prepareLoad } from '../../../lib/cli/demo/play-load';
import type { ReleaseView } from '../../../lib/cli/show/follow-release';
import type { AliasReading } from '../../../lib/ports/functions';
import { aRelease } from '../../builders';
import { TestClock } from '../../test-clock';

const LOAD: DemoLoad = {
  service: 'catalog',
  path: '/products',
  logicalId: 'List',
  ends: 'new',
  oldText: 'Spring',
  newText: 'Summer',
};
const during = (step: 'build' | 'deploy' | 'shift'): ReleaseView => ({
  record: { release: aRelease(), status: 'running' },
  services: [],
  running: [{ path: 'catalog', began: { [step]: 1 } }],
});

/** A service whose alias is on two versions while a load sends one request; `at` says when that was. */
function aPlace() {
  const seen = { starts: 0, stops: 0, counted: [] as unknown[] };
  const clock = new TestClock();
  let alias: AliasReading = { version: '1', weights: {} };
  const place: LoadPlace = {
    functions: [
      { logicalId: 'Get', name: 'get', updated: true, version: '1' },
      { logicalId: 'List', name: 'list', updated: true, version: '1' },
    ],
    aliases: { alias: async (name) => (name === 'list' ? alias : { version: '5', weights: {} }) },
    errors: {
      async count({ functionName, alias: of, version }) {
        seen.counted.push([functionName, of, version]);
        return 3;
      },
    },
    startLoad() {
      seen.starts += 1;
      const at = clock.now();
      return {
        async stop() {
          seen.stops += 1;
          return {
            sent: 1,
            answers: {},
            errors: 1,
            examples: ['500: oops'],
            latency: { median: 0, p95: 0, p99: 0, max: 0 },
            requests: [{ at, took: 1, answer: 'old' }],
          };
        },
      };
    },
    clock,
  };
  return { place, clock, seen, move: (to: AliasReading) => (alias = to) };
}

describe('a load under a release', () => {
  it('begins once its service is built', async () => {
    const { place, seen } = aPlace();
    const load = await prepareLoad(LOAD, place);
    load.onView(during('build'));
    expect(seen.starts).toBe(0);
    load.onView(during('deploy'));
    load.onView(during('shift'));
    expect(seen.starts).toBe(1);
    await load.stop();
  });

  it('tells who answered, where the aliases are, and how often the new version threw', async () => {
    const { place, clock, seen, move } = aPlace();
    const load = await prepareLoad(LOAD, place);
    load.onView(during('shift'));
    await clock.passes(125);
    move({ version: '2', weights: {} });
    await clock.passes(125);
    const ending = load.end();
    await clock.passes(1_500);
    const { steps, examples, thrown, aliases } = await ending;
    expect(steps.map(({ percent, old }) => [percent, old])).toEqual([
      [0, 1],
      [100, 0],
    ]);
    expect(examples).toEqual(['500: oops']);
    expect(thrown).toBe(3);
    expect(seen.counted).toEqual([['list', 'live', '2']]);
    expect(aliases.map(({ logicalId, before, after }) => [logicalId, before.version, after.version])).toEqual([
      ['Get', '5', '5'],
      ['List', '1', '2'],
    ]);
  });

  it('has seen nothing if it never began', async () => {
    const { place, clock } = aPlace();
    const load = await prepareLoad(LOAD, { ...place, functions: [] });
    load.onView(during('shift'));
    const ending = load.end();
    await clock.passes(1_500);
    expect(await ending).toEqual({ steps: [], examples: [], thrown: 0, aliases: [] });
  });

  it('is over when the demo goes no further', async () => {
    const { place, seen } = aPlace();
    const load = await prepareLoad(LOAD, place);
    load.onView(during('deploy'));
    await load.stop();
    expect(seen.stops).toBe(1);
  });
});
