import fc from 'fast-check';
import type { Release } from '../../../../lib/core/contracts/release';
import type { RepositoryNotices } from '../../../../lib/ports/repository-notices';
import { runs } from '../../../runs';
import { aPullRequestRelease, commitOf, noticeWorld } from './notice-world';

type World = ReturnType<typeof noticeWorld>;

/**
 * Two commits, three releases, the first commit released twice; one fails, one gives way, one succeeds. Then the stage
 * goes.
 */
const [one, passed, two, gone] = [
  aPullRequestRelease(1),
  aPullRequestRelease(2),
  aPullRequestRelease(3, { commit: commitOf('b') }),
  aPullRequestRelease(4, { commit: commitOf('b'), remove: { emptyBuckets: false } }),
] as const;

/** What happens, and the release whose event that is. */
const STORY: readonly [Release, (world: World) => Promise<void>][] = [
  [one, async (world) => [await world.accept(one), await world.run(one)][0]],
  [passed, (world) => world.accept(passed)],
  [two, (world) => world.accept(two)],
  [passed, async () => {}],
  [one, (world) => world.end(one, { code: 'BuildFailed', message: 'no' })],
  [two, (world) => world.run(two)],
  [
    two,
    async (world) => {
      await world.plan(two);
      await world.deploy(two, { outputs: { Url: 'https://example.com' } });
      await world.end(two);
    },
  ],
];
const REMOVAL: typeof STORY = [
  [
    gone,
    async (world) => {
      await world.accept(gone);
      await world.run(gone);
    },
  ],
  [gone, (world) => world.end(gone)],
];

/** What is to be seen when all has been told. */
function seen({ host }: World) {
  const lastOf = (commit: string) => host.statuses.filter((status) => status.commit === commit).at(-1);
  return {
    comments: host.comments.map(({ body }) => body),
    statuses: [commitOf('a'), commitOf('b')].map(lastOf),
    deployments: host.deployments.map(({ release, statuses }) => `${release} ${statuses.at(-1)?.state}`).sort(),
  };
}

async function inOrder(story: typeof STORY): Promise<World> {
  const world = noticeWorld();
  await world.make();
  for (const [release, happen] of story) {
    await happen(world);
    await world.tell(release);
  }
  return world;
}

/** Every call takes its time. */
const slowed =
  (scheduler: fc.Scheduler) =>
  (host: RepositoryNotices): RepositoryNotices =>
    Object.fromEntries(
      Object.entries(host).map(([name, method]) => [
        name,
        typeof method === 'function'
          ? scheduler.scheduleFunction(method as (...args: unknown[]) => Promise<unknown>)
          : method,
      ]),
    ) as unknown as RepositoryNotices;

describe.each([
  ['releases', STORY],
  ['releases and the removal of their stage', [...STORY, ...REMOVAL]],
])('events of %s', (_, story) => {
  it('end in the same comment, statuses and deployments, in whatever order and however often they come', async () => {
    const expected = seen(await inOrder(story));
    expect(expected.comments).toHaveLength(1);
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        // After how many further happenings each event is delivered, once or more often.
        fc.array(fc.array(fc.nat(story.length), { minLength: 1, maxLength: 3 }), {
          minLength: story.length,
          maxLength: story.length,
        }),
        async (scheduler, delays) => {
          const world = noticeWorld({ wrap: slowed(scheduler) });
          await world.make();
          const calls: Promise<void>[] = [];
          for (let at = 0; at < 2 * story.length; at += 1) {
            await story[at]?.[1](world);
            story.forEach(([release], index) => {
              for (const delay of delays[index]!) if (index + delay === at) calls.push(world.tell(release));
            });
            if (at % 3 === 2) await scheduler.waitFor(Promise.all(calls));
          }
          await scheduler.waitFor(Promise.all(calls));
          expect(seen(world)).toEqual(expected);
        },
      ),
      { numRuns: runs(100) },
    );
  });
});
