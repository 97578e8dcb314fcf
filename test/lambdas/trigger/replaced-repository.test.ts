import { handleDelivery } from '../../../lambdas/trigger/handle-delivery';
import { push } from '../../../lambdas/trigger/push';
import { reconcile } from '../../../lambdas/trigger/reconcile';
import { start } from '../../../lambdas/trigger/start';
import type { AppConfig } from '../../../lib/core/contracts/app-config';
import { memoryApps } from '../../../lib/memory/memory-apps';
import { COMMIT } from '../../builders';
import { anApp, aPush, memoryPlatform } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };
const EVIL = 'e'.repeat(40);
const GITHUB = { repository: { provider: 'github', name: 'acme/shop' } } as const;
const branchStages = [{ branches: ['feature/*'], template: 'dev', emptyBuckets: true }];

/** A platform that knows its repository, whose name somebody else has taken by now. */
async function taken(app: Partial<AppConfig> = {}) {
  const platform = memoryPlatform({ app: { branchStages, ...app }, branches: { main: COMMIT, 'feature/a': COMMIT } });
  const { branches, repository } = platform;
  for (const branch of ['main', 'feature/a']) {
    await push(platform)(aPush(branch, { id: `first ${branch}` }));
  }
  await reconcile(platform)({});
  repository.id = '666';
  branches.main = EVIL;
  delete (branches as Record<string, string>)['feature/a'];
  repository.commits[EVIL] = {};
  return platform;
}

const commits = async ({ releases }: Awaited<ReturnType<typeof taken>>) =>
  (await releases.latest(DEV, 10)).map(({ release }) => release.commit);
const ignored = async ({ releases }: Awaited<ReturnType<typeof taken>>) => (await releases.ignored('shop', 10))[0];
const replaced = { reason: { code: 'repository-replaced', message: expect.stringMatching(/its id is 666.* is 1\./) } };

describe('a repository that has the name of the connected one', () => {
  it('is not released for an event, and that is kept', async () => {
    const platform = await taken();
    await push(platform)(aPush('main', { id: 'event-2' }));
    expect(await commits(platform)).toEqual([COMMIT]);
    expect(await ignored(platform)).toMatchObject(replaced);
  });

  it('is known by the id that its events tell, without a look at it', async () => {
    const platform = memoryPlatform({ app: GITHUB });
    const head = jest.spyOn(platform.source, 'head');
    const deliver = (id: number, delivery: string) =>
      handleDelivery(platform, {
        delivery,
        kind: 'push',
        text: JSON.stringify({ ref: 'refs/heads/main', repository: { full_name: 'acme/shop', id } }),
      });
    await deliver(1, 'one');
    expect(head).toHaveBeenCalledTimes(2);
    await deliver(666, 'two');
    expect(head).toHaveBeenCalledTimes(2);
    expect(await ignored(platform as never)).toMatchObject(replaced);
  });

  it('is not reconciled: nothing of it is released, no stage goes, and somebody is called', async () => {
    const platform = await taken();
    expect(await reconcile(platform)({})).toEqual({ apps: 1, outcomes: [], failed: ['shop'] });
    expect(await commits(platform)).toEqual([COMMIT]);
    expect(await platform.stages.list('shop')).toMatchObject([{ origin: { branch: 'feature/a' } }]);
    expect(platform.metrics.added.at(-1)).toEqual({ dimensions: { app: 'shop' }, values: { RepositoriesReplaced: 1 } });
    // Nor does the event of a deletion remove a stage.
    await push(platform)(aPush('feature/a', { id: 'event-3', event: 'referenceDeleted' }));
    expect(await platform.stages.list('shop')).toMatchObject([{ origin: { branch: 'feature/a' } }]);
    expect((await platform.stages.list('shop'))[0]!.removeAskedAt).toBeUndefined();
  });

  it('is released for nobody who asks', async () => {
    const platform = await taken();
    for (const asked of [{ branch: 'main' }, { commit: EVIL }]) {
      await expect(start(platform)({ ...DEV, ...asked, requestId: 'x' })).rejects.toMatchObject({
        code: 'RepositoryReplaced',
        message: expect.stringContaining('npx cdk deploy --all'),
      });
    }
  });

  it('is released once the platform’s owner names its id, or another name', async () => {
    const platform = await taken();
    const named = memoryApps([anApp({ branchStages, repositoryId: '666' })]);
    await push({ ...platform, apps: named })(aPush('main', { id: 'event-2' }));
    expect(await commits(platform)).toEqual([EVIL, COMMIT]);
    // The first one is no longer taken for it.
    platform.repository.id = '1';
    platform.branches.main = 'd'.repeat(40);
    await push({ ...platform, apps: named })(aPush('main', { id: 'event-3' }));
    expect(await commits(platform)).toEqual([EVIL, COMMIT]);
  });
});

describe('a commit that a fork has, and the repository’s name shows', () => {
  it('is released for nobody', async () => {
    const platform = memoryPlatform();
    platform.repository.commits[EVIL] = { 'seed.yml': '' };
    platform.repository.foreign = [EVIL];
    await expect(start(platform)({ ...DEV, commit: EVIL, requestId: 'x' })).rejects.toMatchObject({
      code: 'CommitNotFound',
      message: expect.stringMatching(/on no branch or tag of repository "shop": it is of a fork/),
    });
    expect(await platform.releases.latest(DEV, 1)).toEqual([]);
  });
});
