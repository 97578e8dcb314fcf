import { type ReleaseEnd, serviceWorld, type WorldPorts } from './service-world';

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
