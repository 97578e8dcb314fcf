import fc from 'fast-check';
import { push } from '../../../lambdas/trigger/push';
import { reconcile } from '../../../lambdas/trigger/reconcile';
import { start } from '../../../lambdas/trigger/start';
import { type AppConfig, TAG_ORDERS } from '../../../lib/core/contracts/app-config';
import { COMMIT } from '../../builders';
import { anApp, aPush, memoryPlatform, NOW } from '../../memory-platform';
import { runs } from '../../runs';

const PROD = { app: 'shop', stage: 'prod' };
const commitOf = (number: number): string => String(number).padStart(40, '0');

/** A stage that deploys tags of a repository whose commits 1 to 9 follow one another, with 11 to 13 beside them. */
function aStage(stage: Partial<AppConfig['stages'][string]> = {}, app: Partial<AppConfig> = {}) {
  const prod = { ...anApp().stages.prod!, branches: [], tags: ['v*', 'stable*'], ...stage };
  const platform = memoryPlatform({ app: { stages: { prod }, ...app } });
  const { repository, releases } = platform;
  for (let number = 2; number < 10; number += 1) repository.parents[commitOf(number)] = [commitOf(number - 1)];
  for (const number of [11, 12, 13]) repository.parents[commitOf(number)] = [commitOf(number === 11 ? 1 : number - 1)];
  let events = 0;
  let looks = 0;
  return {
    ...platform,
    /** Moves a tag, or deletes it, without an event. */
    move(tag: string, commit: number | undefined) {
      if (commit === undefined) delete repository.tags[tag];
      else repository.tags[tag] = commitOf(commit);
    },
    /** The event of a tag arrives. */
    async tell(tag: string) {
      events += 1;
      return push(platform)(aPush(tag, { id: `event-${events}`, type: 'tag' }));
    },
    async look() {
      looks += 1;
      return reconcile({ ...platform, now: () => NOW + looks * 60_000 })({ app: 'shop' });
    },
    released: async () =>
      (await releases.latest(PROD, 50)).map(({ release, status }) => `${release.tag} ${status}`).reverse(),
    ignored: async () => (await releases.ignored('shop', 50)).map(({ branch, reason }) => `${branch} ${reason.code}`),
  };
}

describe('tags of which no event has told', () => {
  it('are found together: the newest is released, and why the others are not is stored, once', async () => {
    const { move, look, released, ignored, ...stage } = aStage();
    await look();
    for (const [tag, commit] of Object.entries({ 'v2.0.0': 1, 'v2.1.0': 2, 'v2.2.0': 3, 'v2.3.0': 4 }))
      move(tag, commit);
    await look();
    await look();
    expect(await released()).toEqual(['v2.3.0 running']);
    expect((await ignored()).sort()).toEqual(['v2.0.0', 'v2.1.0', 'v2.2.0'].map((tag) => `${tag} tag-out-of-order`));
    expect((await stage.releases.ignored('shop', 1))[0]!.reason.message).toMatch(
      /^tag "v2\.\d\.0" is older than tag "v2\.3\.0", which was released to stage "prod" before: its commit 0000000 is below/,
    );
  });

  it('are in the order of their commits, whatever their names say', async () => {
    const { move, look, released } = aStage();
    await look();
    for (const [tag, commit] of Object.entries({ 'stable-c': 2, 'stable-a': 5, 'stable-b': 1 })) move(tag, commit);
    await look();
    expect(await released()).toEqual(['stable-a running']);
  });

  it('are all released where any order is right, the newest last', async () => {
    const { move, look, released } = aStage({ tagOrder: 'any' });
    await look();
    for (const [tag, commit] of Object.entries({ 'v1.0.0': 1, 'v1.1.0': 2, 'v1.2.0': 3 })) move(tag, commit);
    await look();
    expect(await released()).toEqual(['v1.0.0 running', 'v1.1.0 superseded', 'v1.2.0 waiting']);
  });

  it('are looked at again if their repository could not be read', async () => {
    const { move, look, released, ...stage } = aStage();
    await look();
    move('v1.0.0', 1);
    move('v1.1.0', 2);
    let isAway = true;
    const head = stage.source.head;
    stage.source.head = async (...asked) => {
      if (isAway) throw new Error('GitHub answers 502');
      return head(...asked);
    };
    await look();
    expect(await released()).toEqual([]);
    isAway = false;
    await look();
    expect(await released()).toEqual(['v1.1.0 running']);
  });
});

describe('the event of a tag', () => {
  it('that comes late takes its stage not back', async () => {
    const { move, tell, look, released, ignored } = aStage();
    move('v5.0.0', 5);
    move('v5.1.0', 6);
    await tell('v5.1.0');
    await tell('v5.0.0');
    await tell('v5.0.0');
    await look();
    expect(await released()).toEqual(['v5.1.0 running']);
    expect(await ignored()).toEqual(['v5.0.0 tag-out-of-order', 'v5.0.0 tag-out-of-order']);
  });

  it('of an old line releases nothing where a newer line is', async () => {
    const { move, tell, released } = aStage();
    move('v1.2.0', 6);
    await tell('v1.2.0');
    move('v1.0.1', 11);
    await tell('v1.0.1');
    move('v1.2.1', 12);
    await tell('v1.2.1');
    expect(await released()).toEqual(['v1.2.0 running', 'v1.2.1 waiting']);
  });

  it('is judged by versions where the stage says so, and told if it has none', async () => {
    const { move, tell, released, ignored } = aStage({ tagOrder: 'semver' });
    move('v1.2.0', 6);
    await tell('v1.2.0');
    move('v1.1.9', 7);
    await tell('v1.1.9');
    move('v1.3.0', 2);
    await tell('v1.3.0');
    move('stable', 8);
    await tell('stable');
    expect(await released()).toEqual(['v1.2.0 running', 'v1.3.0 waiting']);
    expect((await ignored()).sort()).toEqual(['stable tag-without-version', 'v1.1.9 tag-out-of-order']);
  });

  it('that was moved back, or deleted and pushed again, is released as it is', async () => {
    const { move, tell, released } = aStage();
    move('v2.0.0', 5);
    await tell('v2.0.0');
    move('v2.0.0', 3);
    await tell('v2.0.0');
    move('v2.0.0', undefined);
    await tell('v2.0.0');
    move('v2.0.0', 2);
    await tell('v2.0.0');
    expect(await released()).toEqual(['v2.0.0 running', 'v2.0.0 superseded', 'v2.0.0 waiting']);
  });

  it('that is gone makes way for no older one', async () => {
    const { move, tell, look, released } = aStage();
    move('v2.0.0', 5);
    await tell('v2.0.0');
    move('v2.0.0', undefined);
    await tell('v2.0.0');
    move('v1.9.0', 4);
    await tell('v1.9.0');
    await look();
    expect(await released()).toEqual(['v2.0.0 running']);
  });

  it('goes on from where somebody has gone back by hand', async () => {
    const { move, tell, released, ...stage } = aStage();
    for (const [tag, commit] of Object.entries({ 'v1.0.0': 1, 'v1.3.0': 5 })) {
      move(tag, commit);
      await tell(tag);
    }
    stage.repository.commits[commitOf(1)] = { 'seed.yml': '' };
    await start(stage)({ ...PROD, tag: 'v1.0.0', requestId: 'back' });
    move('v1.1.0', 3);
    await tell('v1.1.0');
    expect((await released()).slice(-2)).toEqual(['v1.0.0 superseded', 'v1.1.0 waiting']);
  });

  it('whose commit a bot has marked is released, unless the app says otherwise', async () => {
    for (const [skipMarks, wanted] of [
      [undefined, ['v1.0.0 running']],
      [{ tags: true }, []],
    ] as const) {
      const { move, tell, released, ...stage } = aStage({}, { skipMarks });
      stage.repository.messages[commitOf(1)] = 'chore(release): 1.0.0 [skip ci]';
      move('v1.0.0', 1);
      await tell('v1.0.0');
      expect(await released()).toEqual(wanted);
    }
  });
});

it('whatever events of new tags are lost, late or out of order, the stage ends with the newest', async () => {
  const tag = fc.record({ commit: fc.integer({ min: 1, max: 9 }), isLost: fc.boolean() });
  const tags = fc.uniqueArray(tag, { maxLength: 8, selector: ({ commit }) => commit });
  const order = fc.constantFrom(...TAG_ORDERS.filter((one) => one !== 'any'));
  await fc.assert(
    fc.asyncProperty(order, tags, fc.infiniteStream(fc.boolean()), async (tagOrder, pushed, looks) => {
      const { move, tell, look, ...stage } = aStage({ tagOrder });
      await look();
      for (const { commit } of pushed) move(`v1.${commit}.0`, commit);
      for (const { commit, isLost } of pushed) {
        if (!isLost) await tell(`v1.${commit}.0`);
        if (looks.next().value) await look();
      }
      await look();
      const released = (await stage.releases.latest(PROD, 50)).map(({ release }) => release.commit);
      // Newest first: each is above the one before it.
      expect(released).toEqual([...new Set(released)].sort().reverse());
      const newest = Math.max(...pushed.map(({ commit }) => commit));
      expect(released[0]).toBe(pushed.length === 0 ? undefined : commitOf(newest));
    }),
    { numRuns: runs(200) },
  );
});

it('a branch may be released between two tags', async () => {
  const { move, tell, released, ...stage } = aStage({ branches: ['main'] });
  stage.branches.main = COMMIT;
  move('v1.1.0', 3);
  await tell('v1.1.0');
  await push(stage)(aPush('main', { id: 'of-main' }));
  move('v1.0.0', 2);
  await tell('v1.0.0');
  expect(await released()).toEqual(['v1.1.0 running', 'undefined waiting']);
});
