import { pruneWorkers } from '../../../lambdas/record/prune-workers';
import type { PublishedVersion } from '../../../lib/core/record/prunable-versions';
import type { CalledVersions } from '../../../lib/ports/worker-versions';

const NOW = Date.parse('2026-03-10T02:17:00.000Z');
const HOUR = 60 * 60_000;

/** Versions of the workers, each with how many hours ago it was published. */
type Published = Readonly<Record<string, Readonly<Record<string, number>>>>;

function aPlatform({
  published,
  current,
  running = {},
}: {
  readonly published: Published;
  readonly current: Readonly<Record<string, readonly string[]>>;
  readonly running?: Readonly<Record<string, readonly string[]>>;
}) {
  const there = new Map(
    Object.entries(published).map(([name, versions]) => [
      name,
      Object.entries(versions).map(
        ([version, hours]): PublishedVersion => ({
          version,
          size: 1_000,
          isDurable: false,
          publishedAt: NOW - hours * HOUR,
        }),
      ),
    ]),
  );
  const asked: string[] = [];
  const called = (numbers: Readonly<Record<string, readonly string[]>>, what: string) => async () => {
    asked.push(what);
    const entries = Object.entries(numbers).map(([name, versions]) => [name, new Set(versions)] as const);
    return new Map(entries) as CalledVersions;
  };
  const ports = {
    called: { current: called(current, 'current'), running: called(running, 'running') },
    versions: {
      list: async (name: string) => there.get(name) ?? [],
      delete: async (name: string, version: string) => {
        there.set(
          name,
          (there.get(name) ?? []).filter((one) => one.version !== version),
        );
        return 'deleted' as const;
      },
    },
    log: { info: () => {} },
    now: () => NOW,
  };
  const left = () => Object.fromEntries([...there].map(([name, all]) => [name, all.map(({ version }) => version)]));
  return { prune: () => pruneWorkers(ports), left, asked };
}

describe('after deployments of the platform', () => {
  it('versions of workers go that no execution calls any more', async () => {
    const { prune, left } = aPlatform({
      published: { plan: { 1: 400, 2: 300, 3: 200 }, build: { 1: 400, 3: 200 } },
      current: { plan: ['3'], build: ['3'] },
    });
    expect(await prune()).toBe(3);
    expect(left()).toEqual({ plan: ['3'], build: ['3'] });
  });

  it('those stay with which a release that runs has begun, however old they are', async () => {
    const { prune, left } = aPlatform({
      published: { plan: { 1: 400, 2: 300, 3: 200 }, build: { 1: 400, 3: 200 } },
      current: { plan: ['3'], build: ['3'] },
      running: { plan: ['1'], build: ['1'] },
    });
    expect(await prune()).toBe(1);
    expect(left()).toEqual({ plan: ['1', '3'], build: ['1', '3'] });
  });

  it('what was replaced within the last day stays: Step Functions may not tell yet of all that runs', async () => {
    const { prune, left, asked } = aPlatform({ published: { plan: { 1: 400, 2: 23 } }, current: { plan: ['2'] } });
    expect(await prune()).toBe(0);
    expect(left()).toEqual({ plan: ['1', '2'] });
    // No question is asked that Step Functions answers but once a second.
    expect(asked).toEqual(['current']);
  });

  it('what is newer than what is called stays: a deployment that is under way has published it', async () => {
    const { prune, left } = aPlatform({ published: { plan: { 1: 400, 2: 100, 3: 90 } }, current: { plan: ['1'] } });
    expect(await prune()).toBe(0);
    expect(left()).toEqual({ plan: ['1', '2', '3'] });
  });

  it('the version that is called stays, also if a newer one is there since long', async () => {
    const { prune, left } = aPlatform({
      published: { plan: { 1: 400, 2: 300, 3: 200 } },
      current: { plan: ['2'] },
    });
    expect(await prune()).toBe(1);
    expect(left()).toEqual({ plan: ['2', '3'] });
  });
});
