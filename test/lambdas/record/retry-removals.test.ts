import { sweep } from '../../../lambdas/record/sweep';
import { removeStage } from '../../../lib/release/queue/remove-stage';
import { startRelease } from '../../../lib/release/queue/start-release';
import { COMMIT } from '../../builders';
import { memoryPlatform, NOW } from '../../memory-platform';

const STAGE = { app: 'shop', stage: 'pr-12' };
const OWN = '/seedbed/env/shop/dev/made/pr-12/GREETING';
const HALF_HOUR = 31 * 60_000;
const APP = { pullRequests: { template: 'dev', into: ['main'], emptyBuckets: true } };

/**
 * A stage of a pull request to which a commit was released, unless `released` is false, and whose removal was asked
 * for.
 */
async function asked({ released = true } = {}) {
  let now = NOW;
  const platform = { ...memoryPlatform({ app: APP }), now: () => now };
  const config = (await platform.apps.find('shop'))!;
  const origin = { kind: 'pull-request', number: 12, branch: 'topic' } as const;
  const made = { ...STAGE, template: 'dev', origin, madeAt: new Date(NOW).toISOString() };
  await platform.stages.make(made);
  platform.environments.parameters.add(OWN);
  const end = async (status: 'failed' | 'succeeded' | 'aborted') => {
    const [newest] = await platform.releases.latest(STAGE, 1);
    await platform.releases.end(newest!.release, { status, finishedAt: new Date(now).toISOString() });
  };
  if (released) {
    const subject = async () => ({ commit: COMMIT, branch: 'topic', made });
    await startRelease(platform, { config, stage: 'pr-12', subject, force: false, trigger: { type: 'push', id: '1' } });
    await end('succeeded');
  }
  const removal = { emptyBuckets: true, because: 'pull-request-closed' } as const;
  await removeStage(platform, { config, stage: 'pr-12', made, removal, trigger: { id: '2', by: 'ada' } });
  const history = () => platform.releases.latest(STAGE, 10);
  const pass = async (milliseconds: number) => {
    now += milliseconds;
    await sweep(platform)();
  };
  return { platform, end, history, pass };
}

describe('a removal that was asked for', () => {
  it('is asked for again half an hour after it failed, as it was', async () => {
    const { end, history, pass } = await asked();
    await end('failed');
    await pass(60_000);
    expect(await history()).toHaveLength(2);
    await pass(HALF_HOUR);
    const [again] = await history();
    expect(again).toMatchObject({
      status: 'running',
      release: {
        remove: { emptyBuckets: true, because: 'pull-request-closed' },
        template: 'dev',
        pullRequest: { number: 12 },
        trigger: { type: 'remove', by: 'ada' },
      },
    });
    await pass(HALF_HOUR);
    expect(await history()).toHaveLength(3);
  });

  it('is left to a person when it has failed four times', async () => {
    const { platform, end, history, pass } = await asked();
    for (let round = 0; round < 8; round += 1) {
      if ((await history())[0]!.status === 'running') await end('failed');
      await pass(HALF_HOUR);
    }
    expect((await history()).filter(({ release }) => release.remove)).toHaveLength(4);
    expect(await platform.stages.find(STAGE)).toBeDefined();
  });

  it('is not asked for again if somebody stopped it', async () => {
    const { end, history, pass } = await asked();
    await end('aborted');
    await pass(HALF_HOUR);
    expect(await history()).toHaveLength(2);
  });

  it('is finished if the worker died that should have forgotten the stage', async () => {
    const { platform, end, pass } = await asked();
    await end('succeeded');
    await pass(HALF_HOUR);
    expect(await platform.stages.find(STAGE)).toBeUndefined();
    expect(platform.environments.parameters.size).toBe(0);
  });

  it('takes away a stage to which nothing was ever released', async () => {
    const { platform, pass } = await asked({ released: false });
    await pass(HALF_HOUR);
    expect(await platform.stages.find(STAGE)).toBeUndefined();
    expect(platform.environments.parameters.size).toBe(0);
  });

  it('leaves a stage alone whose pull request was reopened', async () => {
    const { platform, end, history, pass } = await asked();
    await end('failed');
    await platform.stages.make((await platform.stages.find(STAGE))!);
    await pass(HALF_HOUR);
    expect(await history()).toHaveLength(2);
  });
});
