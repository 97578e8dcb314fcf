import { findReleaseOf } from '../../../lib/cli/platform/find-release';
import { type ErrorCode, ReleaseError } from '../../../lib/core/contracts/errors';
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

  it('waits for the one that makes its stage, and for nothing else that goes wrong', async () => {
    const releases = memoryReleases();
    await releases.accept(RELEASE, {});
    const failing = (...codes: ErrorCode[]) => ({
      ...releases,
      latest: async (...asked: Parameters<typeof releases.latest>) => {
        const next = codes.shift();
        if (next) throw new ReleaseError(next, 'no');
        return releases.latest(...asked);
      },
    });
    expect(await findReleaseOf(failing('StageNotFound', 'StageNotFound'), RELEASE, look)).toMatchObject({
      id: RELEASE.id,
    });
    await expect(findReleaseOf(failing('CallRefused'), RELEASE, look)).rejects.toMatchObject({ code: 'CallRefused' });
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
