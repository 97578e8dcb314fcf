import { sweep } from '../../lambdas/record/sweep';
import { rollback } from '../../lambdas/trigger/rollback';
import { NOW } from '../memory-platform';
import { releaseWorld } from './release-world';

const orders = (code: string, seedYml = '') => ({ services: { orders: { functions: { List: code } } }, seedYml });
const DECIDED = { first: ['first-release'] };

/** A stage, and ways to lose what the platform knows of it (docs/restoring.md). */
function aStage() {
  // A table is restored hours later: ids of releases that it does not know do not come again.
  let now = NOW;
  const world = releaseWorld({
    now() {
      now += 3_600_000;
      return now;
    },
  });
  const decisionOf = async (release: { readonly id: string }) => {
    const [record] = await world.states.records({ ...world.at, id: release.id });
    return { kind: record?.decision?.kind, reasons: record?.decision?.reasons.map(({ code }) => code) };
  };
  /** @returns what restores the table to this moment */
  const backUp = (): (() => void) => {
    const restore = [world.releases.backUp(), world.states.backUp()];
    return () => {
      for (const one of restore) one();
    };
  };
  const serving = () => world.inTarget.functions.all.get('orders-dev-List')!;
  return { world, decisionOf, backUp, serving };
}

describe('a state table that was restored to an earlier time', () => {
  it('finds functions changed that were released since, and the next release deploys in full and is right again', async () => {
    const { world, decisionOf, backUp, serving } = aStage();
    expect(await decisionOf((await world.release(orders('1'))).release)).toMatchObject({ reasons: DECIDED.first });
    const restore = backUp();
    await world.release(orders('2'));
    restore();

    const next = await world.release(orders('3'));
    expect(next.record.status).toBe('succeeded');
    const decision = await decisionOf(next.release);
    expect(decision.kind).toBe('full');
    expect(decision.reasons).toContain('function-changed-by-hand');
    const { aliases, versions } = serving();
    expect(versions[Number(aliases.live) - 1]).toBeDefined();
    // And the one after it is what it would be anyway.
    expect(await decisionOf((await world.release(orders('4'))).release)).toMatchObject({ kind: 'incremental' });
  });

  it('frees the lock of a release that ran at that time and has ended since', async () => {
    const { world, backUp } = aStage();
    const running = await world.begin(orders('1'));
    const restore = backUp();
    const { record } = await world.run(running);
    world.executions.finish(record.executionArn!, 'succeeded');
    restore();
    expect((await world.releases.find(running))!.status).toBe('running');

    await sweep(world)();
    expect((await world.releases.find(running))!.status).toBe('succeeded');
    expect((await world.release(orders('2'))).record.status).toBe('succeeded');
  });

  it('does not run again what waited at that time and has run since', async () => {
    const { world, backUp } = aStage();
    const first = await world.begin(orders('1'));
    const second = await world.begin(orders('2'));
    const restore = backUp();
    for (const release of [first, second]) {
      const { record } = await world.run(release);
      world.executions.finish(record.executionArn!, 'succeeded');
    }
    const started = world.executions.started.length;
    restore();
    // The first sweep ends the one that ran, which begins the one that waits; the second finds that it has ended.
    await sweep(world)();
    await sweep(world)();
    expect(world.executions.started).toHaveLength(started);
    expect((await world.releases.find(second))!.status).toBe('succeeded');
    expect(await world.releases.open()).toEqual([]);
  });
});

describe('an artifact bucket that has lost all of its objects', () => {
  it('is filled again by the next release, which is full', async () => {
    const { world, decisionOf } = aStage();
    await world.release(orders('1'));
    world.artifacts.objects.clear();
    const next = await world.release(orders('2'));
    expect(next.record.status).toBe('succeeded');
    expect(await decisionOf(next.release)).toMatchObject({
      kind: 'full',
      reasons: expect.arrayContaining(['state-unreadable']),
    });
    expect([...world.artifacts.objects.keys()].some((key) => key.startsWith('bundles/shop/dev/orders/'))).toBe(true);
    expect(await decisionOf((await world.release(orders('3'))).release)).toMatchObject({ kind: 'incremental' });
  });

  it('keeps a rollback from beginning, which names what is missing', async () => {
    const { world } = aStage();
    await world.release(orders('1'));
    await world.release(orders('2'));
    world.artifacts.objects.clear();
    await expect(rollback(world)({ ...world.at, requestId: 'back' })).rejects.toMatchObject({
      code: 'RollbackImpossible',
      message: expect.stringContaining('orders'),
    });
    expect(await world.releases.open()).toEqual([]);
  });
});
