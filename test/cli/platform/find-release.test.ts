import { findReleaseOf } from '../../../lib/cli/platform/find-release';
import { memoryReleases } from '../../../lib/memory/memory-releases';
import { aRelease } from '../../builders';

const RELEASE = aRelease();
const look = { interval: 1, patience: 3 };

describe('finding the release of a push', () => {
  it('finds the one of its commit', async () => {
    const releases = memoryReleases();
    await releases.accept(RELEASE, {});
    expect(await findReleaseOf(releases, RELEASE, look)).toMatchObject({ app: 'shop', stage: 'dev', id: RELEASE.id });
  });

  it('takes none that was started by hand', async () => {
    const releases = memoryReleases();
    await releases.accept(aRelease({ trigger: { type: 'manual', id: 'x' } }), {});
    await expect(findReleaseOf(releases, RELEASE, look)).rejects.toMatchObject({ code: 'ReleaseNotFound' });
  });

  it('says why the push was ignored', async () => {
    const releases = memoryReleases();
    await releases.recordIgnored({
      app: 'shop',
      repository: RELEASE.repository,
      branch: 'wip',
      at: RELEASE.requestedAt,
      eventId: 'e',
      reason: { code: 'branch-without-stage', message: 'no stage of app "shop" deploys branch "wip"' },
    });
    await expect(findReleaseOf(releases, RELEASE, look)).rejects.toThrow(/no stage of app "shop" deploys branch "wip"/);
  });
});
