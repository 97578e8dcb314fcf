import fc from 'fast-check';
import { notify } from '../../../../lambdas/record/notify';
import { tellCommit, wholeStatus } from '../../../../lambdas/record/notify/tell-commit';
import { ReleaseError } from '../../../../lib/core/contracts/errors';
import { memoryReleases } from '../../../../lib/memory/memory-releases';
import { memoryRepositoryNotices } from '../../../../lib/memory/memory-repository-notices';
import { aRelease, COMMIT } from '../../../builders';
import { runs } from '../../../runs';
import { noticeWorld } from './notice-world';

const repository = { provider: 'github', name: 'acme/shop' } as const;
const STAGES = ['dev', 'prod'] as const;
const at = '2026-01-01T00:00:00.000Z';

/** A commit of main that is released to two stages, in memory. */
async function aCommit() {
  const releases = memoryReleases();
  const host = memoryRepositoryNotices();
  const all = STAGES.map((stage) => aRelease({ stage, repository, commit: COMMIT, branch: 'main' }));
  for (const release of all) {
    await releases.accept(release, {}, { ref: 'heads/main', head: COMMIT, once: true });
  }
  const notice = { told: {} as Record<string, string> };
  return {
    releases,
    host,
    all,
    async run(which: number) {
      await releases.takeLock(all[which]!, at);
    },
    end: (which: number, status: 'succeeded' | 'failed') =>
      releases.end(all[which]!, { status, finishedAt: at } as never),
    tell: (which: number) =>
      tellCommit({ host, releases }, { app: 'shop', repository, commit: COMMIT, release: all[which]! }),
    /** As the event of a release leads to it. */
    async notice(which: number) {
      const record = (await releases.find(all[which]!))!;
      const stage = { latest: [], states: [], hasConsole: false };
      const subject = { view: { record, services: [] }, stage, notice };
      const told = await wholeStatus({ host, releases }).tell(subject);
      if (told !== undefined) notice.told['whole-status'] = told;
    },
    shown: () => host.statuses.map(({ context, state, description }) => `${context} ${state} ${description}`),
  };
}

describe('the status "seedbed" of a commit', () => {
  it('is pending until it is released to all stages, and is told once', async () => {
    const { run, end, notice, shown } = await aCommit();
    await run(0);
    await notice(0);
    await notice(0);
    await run(1);
    await end(0, 'succeeded');
    await notice(0);
    await end(1, 'succeeded');
    await notice(1);
    expect(shown()).toEqual([
      'seedbed pending releasing to dev, prod',
      'seedbed pending releasing to prod',
      'seedbed success released to dev, prod',
    ]);
  });

  it('ends as what is true, however those who tell of several stages get into each other’s way', async () => {
    const ends = fc.tuple(fc.constantFrom('succeeded', 'failed'), fc.constantFrom('succeeded', 'failed'));
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), ends, async (scheduler, [one, other]) => {
        const { releases, host, run, end, all } = await aCommit();
        for (const which of [0, 1]) await run(which);
        const later = async <T>(call: () => Promise<T>): Promise<T> => {
          await scheduler.schedule(Promise.resolve());
          return call();
        };
        const ports = {
          host: {
            ...host,
            setCommitStatus: (...asked: Parameters<typeof host.setCommitStatus>) =>
              later(() => host.setCommitStatus(...asked)),
          },
          releases: {
            refs: (app: string) => later(() => releases.refs(app)),
            latest: (...asked: Parameters<typeof releases.latest>) => later(() => releases.latest(...asked)),
          },
        };
        const endAndTell = async (which: number, status: 'succeeded' | 'failed') => {
          await scheduler.schedule(Promise.resolve());
          await end(which, status);
          await tellCommit(ports, { app: 'shop', repository, commit: COMMIT, release: all[which]! });
        };
        const told = Promise.all([endAndTell(0, one as 'failed'), endAndTell(1, other as 'failed')]);
        await scheduler.waitFor(told);
        expect(host.statuses.at(-1)!.state).toBe([one, other].includes('failed') ? 'failure' : 'success');
      }),
      { numRuns: runs(200) },
    );
  });

  it('is there for a commit that is ignored, unless a release tells more of it', async () => {
    const { host, ports } = noticeWorld();
    const event = (commit: string) => ({
      'detail-type': 'Push Ignored',
      detail: { app: 'shop', repository, commit, reason: 'the message of the commit has [skip ci]' },
    });
    await notify(ports)(event(COMMIT), { awsRequestId: 'call-1' });
    expect(host.statuses).toEqual([
      {
        commit: COMMIT,
        context: 'seedbed',
        state: 'success',
        description: 'nothing to release: the message of the commit has [skip ci]',
      },
    ]);
    await ports.releases.accept(
      aRelease({ repository, commit: COMMIT, branch: 'main' }),
      {},
      { ref: 'heads/main', head: COMMIT, once: true },
    );
    await notify(ports)(event(COMMIT), { awsRequestId: 'call-2' });
    expect(host.statuses.at(-1)).toMatchObject({ state: 'pending', description: 'releasing to dev' });
  });

  it('is tried again if GitHub is away, and given up if the commit is gone', async () => {
    for (const [error, isThrown] of [
      [new ReleaseError('SourceUnavailable', 'GitHub answers 502'), true],
      [new ReleaseError('CommitNotFound', 'it was forced away'), false],
    ] as const) {
      const { ports } = noticeWorld({
        wrap: (host) => ({
          ...host,
          async setCommitStatus() {
            throw error;
          },
        }),
      });
      const detail = { app: 'shop', repository, commit: COMMIT, reason: 'a reason' };
      const told = notify(ports)({ 'detail-type': 'Push Ignored', detail }, { awsRequestId: 'call-1' });
      if (isThrown) await expect(told).rejects.toBe(error);
      else await told;
    }
  });
});
