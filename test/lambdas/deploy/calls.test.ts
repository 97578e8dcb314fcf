import { type Commit, functionResource } from './a-package';
import { type ReleaseEnd, type ReleaseOptions, serviceWorld, type WorldPorts } from './service-world';

/** Methods that are one call of Lambda's pool of 15 a second; `read` is GetFunction, which has 100 of its own. */
const CONTROL_CALLS = ['updateCode', 'publish', 'moveAlias', 'alias'];

/** Counts the calls of ports by method. Every method that the direct path uses is one AWS call. */
function counting() {
  const counts = new Map<string, number>();
  const counted = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (subject, method: string) => {
        const found = Reflect.get(subject, method);
        if (typeof found !== 'function') return found;
        return (...given: unknown[]) => {
          counts.set(method, (counts.get(method) ?? 0) + 1);
          return found.apply(subject, given);
        };
      },
    });
  const wrap = ({ states, artifacts, target }: WorldPorts): WorldPorts => ({
    states: counted(states),
    artifacts: counted(artifacts),
    target: (place) => {
      const { functions, stacks, ...others } = target(place);
      return { ...others, functions: counted(functions), stacks: counted(stacks) };
    },
  });
  return { counts, wrap };
}

const commit = (count: number, changed: number) => ({
  functions: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`F${index}`, index < changed ? 'changed' : 'as before']),
  ),
});

describe.each([1, 10, 50])('deploy and shift of %d changed functions', (k) => {
  let counts: Map<string, number>;
  let workers: number;
  let end: ReleaseEnd;

  beforeAll(async () => {
    const counter = counting();
    const world = serviceWorld(counter.wrap);
    await world.release(commit(60, 0));
    const before = world.invocations.length;
    world.functions.delayUpdates(0);
    let recorded: Map<string, number> | undefined;
    end = await world.release(commit(60, k), {
      after: {
        'Wait for build': () => counter.counts.clear(),
        'Move aliases': () => {
          recorded = new Map(counter.counts);
        },
      },
    });
    counts = recorded!;
    workers = world.invocations.length - before;
  });

  it('updates exactly those', () => {
    expect(end.decision!.kind).toBe('incremental');
    expect(end.record.functions.filter(({ updated }) => updated)).toHaveLength(k);
  });

  it('makes at most 4k + 10 calls, though every worker starts cold and assumes the deploy role', () => {
    const calls = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(calls + workers).toBeLessThanOrEqual(4 * k + 10);
    expect(counts.has('find')).toBe(true);
    expect(counts.get('read')).toBe(2 * k);
  });

  it('takes at most 2k of them from the pool of 15 a second', () => {
    const control = CONTROL_CALLS.map((method) => counts.get(method) ?? 0);
    expect(control).toEqual([k, 0, k, 0]);
  });
});

describe('after a stack update of 20 functions', () => {
  const alike = commit(20, 0);
  const configured = (value: string): Commit => ({
    ...alike,
    resources: { F7: functionResource('orders-dev-F7', 'F7', value) },
  });
  let world: ReturnType<typeof serviceWorld>;
  let release: (
    next: Commit,
    options?: ReleaseOptions,
  ) => Promise<{ readonly end: ReleaseEnd; readonly control: readonly number[] }>;

  beforeEach(() => {
    const { counts, wrap } = counting();
    world = serviceWorld(wrap);
    release = async (next, options = {}) => {
      let control: readonly number[] = [];
      const end = await world.release(next, {
        ...options,
        after: {
          'Wait for build': () => counts.clear(),
          'Move aliases': () => {
            control = CONTROL_CALLS.map((method) => counts.get(method) ?? 0);
          },
        },
      });
      expect(end.error).toBeUndefined();
      return { end, control };
    };
  });

  it('a first one takes the versions and aliases that the stack has made', async () => {
    const { end, control } = await release(alike);
    expect(control).toEqual([0, 0, 0, 0]);
    expect(end.record.functions).toHaveLength(20);
    expect(end.record.functions.every(({ version, updated }) => version === '1' && updated)).toBe(true);
  });

  it('one that changes a function publishes and moves that one', async () => {
    await release(alike);
    const { end, control } = await release(configured('other'));
    expect(end.decision!.kind).toBe('full');
    expect(control).toEqual([0, 1, 1, 0]);
    expect(end.record.functions.filter(({ updated }) => updated)).toEqual([
      expect.objectContaining({ logicalId: 'F7', version: '2' }),
    ]);
    expect(world.functions.all.get('orders-dev-F7')!.aliases.live).toBe('2');
  });

  it.each<ReleaseOptions>([
    { planned: [{ code: 'previous-release-failed', message: 'it did not succeed' }] },
    { planned: [{ code: 'forced', message: 'the release was forced' }] },
  ])('one that repairs takes leftover weights off every alias: %j', async (options) => {
    await release(alike);
    for (const { weights } of world.functions.all.values()) weights.live = { 1: 0.1 };
    await release(configured('other'), options);
    for (const { weights } of world.functions.all.values()) expect(weights.live ?? {}).toEqual({});
  });
});
