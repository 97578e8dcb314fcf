import { finish } from '../../../lambdas/record/finish';
import { releasePullRequest } from '../../../lambdas/trigger/release-ref';
import { remove } from '../../../lambdas/trigger/remove';
import { start } from '../../../lambdas/trigger/start';
import type { AppConfig } from '../../../lib/core/contracts/app-config';
import { memoryApps } from '../../../lib/memory/memory-apps';
import { COMMIT } from '../../builders';
import { anApp, memoryPlatform } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };
const PR = { app: 'shop', stage: 'pr-12' };
const pullRequests = { template: 'dev', into: ['main'], emptyBuckets: true };

/** A platform whose pull request 12 has its stage. */
async function withPullRequest(more: Partial<AppConfig> = {}) {
  const config = anApp({ pullRequests, ...more });
  const platform = memoryPlatform({ app: config });
  platform.repository.pullRequests[12] = {
    number: 12,
    state: 'open',
    into: 'main',
    branch: 'topic',
    isFork: false,
    head: { commit: COMMIT, message: 'a commit' },
  };
  await releasePullRequest(platform, { config, number: 12, cause: { id: 'one', at: '2026-01-02T03:04:05.000Z' } });
  return platform;
}

describe('remove', () => {
  it('removes a made stage as its rule says', async () => {
    const platform = await withPullRequest();
    const { releaseId, status } = await remove(platform)({ ...PR, requestId: 'request-1', by: 'ada' });
    expect(status).toBe('waiting');
    const { release } = (await platform.releases.find({ ...PR, id: releaseId }))!;
    expect(release).toMatchObject({
      commit: COMMIT,
      branch: 'topic',
      template: 'dev',
      pullRequest: { number: 12 },
      remove: { emptyBuckets: true, because: 'asked-for' },
      trigger: { type: 'remove', id: 'request-1', by: 'ada' },
    });
    expect(await platform.stages.find(PR)).toMatchObject({ removeAskedAt: expect.any(String) });
  });

  it('answers the same removal to the same request', async () => {
    const platform = await withPullRequest();
    const first = await remove(platform)({ ...PR, requestId: 'request-1' });
    expect(await remove(platform)({ ...PR, requestId: 'request-1' })).toEqual({ ...first, status: 'duplicate' });
  });

  it('removes what is deployed in a configured stage, and keeps its buckets unless told otherwise', async () => {
    const platform = memoryPlatform();
    const { releaseId: id } = await start(platform)({ ...DEV, branch: 'main', requestId: 'request-1' });
    await finish(platform)({ release: (await platform.releases.find({ ...DEV, id }))!.release });
    const removal = async (requestId: string, emptyBuckets?: boolean) => {
      const { releaseId } = await remove(platform)({ ...DEV, requestId, emptyBuckets });
      return (await platform.releases.find({ ...DEV, id: releaseId }))!.release;
    };
    expect((await removal('request-2')).remove).toEqual({ emptyBuckets: false, because: 'asked-for' });
    expect((await removal('request-3', true)).remove).toEqual({ emptyBuckets: true, because: 'asked-for' });
    expect(await platform.stages.list('shop')).toEqual([]);
  });

  it('goes where the last release went, if the stage is to live elsewhere by now', async () => {
    const platform = await withPullRequest();
    const { dev, prod } = anApp().stages;
    const elsewhere = { ...dev!, target: { ...dev!.target, account: '999999999999' } };
    const removed = async (stages: AppConfig['stages'], requestId: string) => {
      const apps = memoryApps([anApp({ pullRequests, stages })]);
      const { releaseId } = await remove({ ...platform, apps })({ ...PR, requestId });
      return (await platform.releases.find({ ...PR, id: releaseId }))!.release.target;
    };
    const renamedRole = { ...dev!.target, deployRoleArn: 'arn:aws:iam::123456789012:role/renamed' };
    expect(await removed({ dev: elsewhere, prod: prod! }, 'request-1')).toEqual(dev!.target);
    expect(await removed({ prod: prod! }, 'request-2')).toEqual(dev!.target);
    expect(await removed({ dev: { ...dev!, target: renamedRole } }, 'request-3')).toEqual(renamedRole);
  });

  it.each([
    [{ stage: 'pr-13' }, 'StageNotFound', 'app "shop" has no stage "pr-13"; did you mean "pr-12"?'],
    [
      { stage: 'prod' },
      'ReleaseNotFound',
      'there is nothing to remove: nothing was ever released to stage "prod" of app "shop"',
    ],
    [{ app: 'store' }, 'AppNotFound', 'there is no app "store"; add it to seedbed.yml, or use one of: shop'],
  ])('refuses %j', async (wrong, code, message) => {
    const platform = await withPullRequest();
    const asked = remove(platform)({ ...PR, requestId: 'request-1', ...wrong });
    await expect(asked).rejects.toMatchObject({ code, message });
  });
});

describe('a made stage is released to by hand', () => {
  it('with the settings of its template, and is wanted again', async () => {
    const platform = await withPullRequest();
    await remove(platform)({ ...PR, requestId: 'request-1' });
    platform.repository.commits[COMMIT] = { 'api/serverless.yml': '' };
    const { releaseId } = await start(platform)({ ...PR, branch: 'main', services: ['api'], requestId: 'request-2' });
    expect((await platform.releases.find({ ...PR, id: releaseId }))!.release).toMatchObject({
      template: 'dev',
      pullRequest: { number: 12 },
      only: ['api'],
      branch: 'main',
      trigger: { type: 'manual' },
    });
    expect((await platform.stages.find(PR))!.removeAskedAt).toBeUndefined();
  });

  it('unless its template is gone', async () => {
    const platform = await withPullRequest();
    const { prod } = anApp().stages;
    const apps = memoryApps([anApp({ stages: { prod: prod! } })]);
    const asked = start({ ...platform, apps })({ ...PR, branch: 'main', requestId: 'request-2' });
    await expect(asked).rejects.toMatchObject({
      code: 'StageNotFound',
      message: expect.stringContaining('has the settings of stage "dev", which is no longer in seedbed.yml'),
    });
  });
});
