import { dynamoReleases } from '../../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../../lib/aws/state/dynamo-service-states';
import { dynamoStages } from '../../../lib/aws/state/dynamo-stages';
import {
  deployedKey,
  madeStageKey,
  releaseKey,
  serviceKey,
  serviceRecordKey,
  waitingKey,
} from '../../../lib/aws/state/state-keys';
import type { Release } from '../../../lib/core/contracts/release';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { isReadable } from '../../../lib/core/contracts/unreadable';
import { aRelease } from '../../builders';
import { tableInMemory } from '../../table-in-memory';

const AT = '2026-01-02T03:04:06.000Z';
const STAGE = { app: 'shop', stage: 'dev' };
const IDS = ['A', 'B', 'C'].map((letter) => `01K${'0'.repeat(15)}${letter.repeat(8)}`) as [string, string, string];
const A_RECORD: ServiceRecord = {
  path: 'orders',
  status: 'deployed',
  planned: [{ code: 'first-release', message: 'new' }],
  functions: [],
  outputs: { Url: 'https://x' },
  durations: { build: 1 },
};
/** What it says of an item that cannot be read. */
const NEWER =
  /^item "APP#shop(#STAGE#dev)?" "[^"]+" of the state table was written by a newer version of Seedbed, or is damaged \(/;

/** A stage to which three releases brought the services `orders` and `web`. */
async function aStage() {
  const table = tableInMemory();
  const releases = dynamoReleases(table.client, 'State');
  const states = dynamoServiceStates(table.client, 'State');
  const made: Release[] = [];
  for (const id of IDS) {
    const release = aRelease({ id, trigger: { type: 'push', id } });
    await releases.accept(release, { last: made.at(-1)?.id });
    await releases.takeLock(release, AT);
    const phases = [[{ path: 'orders', reasons: [{ code: 'files-changed' as const, message: 'changed' }] }]];
    await releases.recordPlan(release, { phases, skip: [] }, AT);
    for (const path of ['orders', 'web']) {
      const change = { status: 'deployed' as const, commit: release.commit, deployedPackage: 'p', stackName: path };
      await states.endService(release, { ...change, outputs: { Url: 'https://x' } }, { ...A_RECORD, path });
    }
    await releases.end(release, { status: 'succeeded', finishedAt: AT, durations: { build: 1 } });
    made.push(release);
  }
  return { table, releases, states, newest: made[2]!, middle: made[1]! };
}

describe('an item that a newer version of Seedbed has written', () => {
  it.each<[string, object]>([
    ['a status', { status: 'paused' }],
    ['a trigger', { release: { ...aRelease({ id: IDS[1] }), trigger: { type: 'schedule', id: 'x' } } }],
    [
      'another kind of host',
      { release: { ...aRelease({ id: IDS[1] }), repository: { provider: 'gitlab', name: 'x' } } },
    ],
    ['what is no plan here', { plan: { waves: [] } }],
  ])('stands among the releases of its stage: %s', async (_, values) => {
    const { table, releases, middle, newest } = await aStage();
    table.change(releaseKey(middle), { ...values } as Record<string, unknown>);
    const listed = await releases.latest(STAGE, 10);
    expect(listed.map(({ release: { id }, status }) => [id, status])).toEqual([
      [newest.id, 'succeeded'],
      [middle.id, 'unreadable'],
      [IDS[0], 'succeeded'],
    ]);
    const [unreadable] = listed.filter((one) => !isReadable(one));
    expect(unreadable).toMatchObject({ release: { ...STAGE, id: middle.id }, why: expect.stringMatching(NEWER) });
    await expect(releases.find(middle)).rejects.toMatchObject({ code: 'StateUnreadable' });
  });

  it('is read where it only has fields and words beside sentences that nothing depends on', async () => {
    const { table, releases, states, middle } = await aStage();
    const plan = {
      phases: [[{ path: 'orders', reasons: [{ code: 'moon-is-full', message: 'it is' }], mood: 1 }]],
      skip: [],
    };
    table.change(releaseKey(middle), { plan, durations: { build: 1, dream: 2 }, mood: 'good' });
    table.change(serviceRecordKey(middle, 'orders'), { ...A_RECORD, durations: { build: 1, dream: 2 }, mood: 'good' });
    const found = await releases.find(middle);
    expect(found).toMatchObject({ status: 'succeeded', durations: { build: 1 } });
    expect(found?.plan?.phases[0]?.[0]?.reasons).toEqual([{ code: 'moon-is-full', message: 'it is' }]);
    expect((await states.records(middle))[0]).toEqual(A_RECORD);
  });

  it('counts as a failed service, whose next release is full, and leaves the others as they are', async () => {
    const { table, states, newest } = await aStage();
    table.change(serviceKey(STAGE, 'orders'), { status: 'half-deployed', architecture: 'riscv' });
    const [orders, web] = await states.list(STAGE);
    expect(orders).toEqual({
      path: 'orders',
      status: 'failed',
      releaseId: newest.id,
      commit: newest.commit,
      deployedPackage: 'p',
      stackName: 'orders',
      outputs: { Url: 'https://x' },
      unreadable: expect.stringMatching(NEWER),
    });
    expect(web).toMatchObject({ path: 'web', status: 'deployed' });
    expect(await states.find(STAGE, 'orders')).toEqual(orders);
  });

  it('counts as a failed service in the record of a release', async () => {
    const { table, states, newest } = await aStage();
    table.change(serviceRecordKey(newest, 'orders'), { status: 'parked' });
    const [orders, web] = await states.records(newest);
    expect(orders).toMatchObject({
      path: 'orders',
      status: 'failed',
      error: { code: 'StateUnreadable', message: expect.stringMatching(NEWER) },
    });
    expect(web).toMatchObject({ path: 'web', status: 'deployed' });
  });

  it('waits as a release until a newer one supersedes it, and is not begun', async () => {
    const { table, releases } = await aStage();
    const waiting = aRelease({ id: `01K${'0'.repeat(15)}DDDDDDDD`, trigger: { type: 'push', id: 'D' } });
    await releases.accept(waiting, await releases.queue(STAGE));
    const newer = { ...waiting, trigger: { type: 'schedule', id: 'D' } };
    table.change(waitingKey(STAGE), { release: newer });
    table.change(releaseKey(waiting), { release: newer });
    const queue = await releases.queue(STAGE);
    expect(queue).toEqual({ unreadable: { ...STAGE, id: waiting.id }, last: IDS[2] });
    const next = aRelease({ id: `01K${'0'.repeat(15)}EEEEEEEE`, trigger: { type: 'push', id: 'E' } });
    expect(await releases.accept(next, queue)).toEqual({ kind: 'accepted' });
    expect((await releases.queue(STAGE)).waiting?.id).toBe(next.id);
    expect(table.all().find(({ sk }) => sk === releaseKey(waiting).sk)).toMatchObject({ status: 'superseded' });
  });

  it('is refused where something is returned to, or deleted for not being needed', async () => {
    const { table, states, newest } = await aStage();
    table.change(deployedKey(STAGE, 'orders', newest.id), { deployedPackage: { bucket: 'b', key: 'k' } });
    await expect(states.deployedAt(STAGE, 'orders', newest.id)).rejects.toMatchObject({ code: 'StateUnreadable' });
    await expect(states.lastDeployed(STAGE, 'orders', 3)).rejects.toMatchObject({ code: 'StateUnreadable' });
    expect(await states.lastDeployed(STAGE, 'web', 3)).toHaveLength(3);
  });

  it('leaves a made stage to the version that has made it', async () => {
    const { table } = await aStage();
    const stages = dynamoStages(table.client, 'State');
    const one = (stage: string, number: number) => ({
      ...{ app: 'shop', stage, template: 'dev', madeAt: AT },
      origin: { kind: 'pull-request' as const, number, branch: 'topic' },
    });
    await stages.make(one('pr-1', 1));
    await stages.make(one('pr-2', 2));
    table.change(madeStageKey({ app: 'shop', stage: 'pr-1' }), { origin: { kind: 'issue', number: 1 } });
    expect((await stages.list('shop')).map(({ stage }) => stage)).toEqual(['pr-2']);
    await expect(stages.find({ app: 'shop', stage: 'pr-1' })).rejects.toMatchObject({ code: 'StateUnreadable' });
  });
});
