import { finish } from '../../../lambdas/record/finish';
import { push } from '../../../lambdas/trigger/push';
import { start } from '../../../lambdas/trigger/start';
import { aPush, memoryPlatform } from '../../memory-platform';

const REQUEST = { app: 'shop', stage: 'dev', branch: 'main' };

describe('the states of releases are published', () => {
  it('when an execution begins, when one waits, and when another takes its place', async () => {
    const platform = memoryPlatform();
    const ids = [];
    for (const requestId of ['one', 'two', 'three']) {
      ids.push((await start(platform)({ ...REQUEST, requestId, by: 'ada' })).releaseId);
    }
    const [one, two, three] = ids;
    expect(platform.events.published).toEqual([
      expect.objectContaining({ releaseId: one, status: 'running', trigger: 'manual', by: 'ada' }),
      expect.objectContaining({ releaseId: two, status: 'waiting', services: [] }),
      expect.objectContaining({ releaseId: two, status: 'superseded', supersededBy: three }),
      expect.objectContaining({ releaseId: three, status: 'waiting' }),
    ]);
  });

  it('with the execution, which people can open', async () => {
    const platform = memoryPlatform();
    await push(platform)(aPush());
    const event = platform.events.published.find(({ stage }) => stage === 'dev');
    const { executionArn } = (await platform.releases.find({ app: 'shop', stage: 'dev', id: event!.releaseId }))!;
    expect(event).toMatchObject({ executionArn, startedAt: expect.any(String) });
    expect(event!.executionUrl).toContain(executionArn);
  });

  it('when the next one begins, as the one before it ends', async () => {
    const platform = memoryPlatform();
    const { releaseId } = await start(platform)({ ...REQUEST, requestId: 'one' });
    const next = await start(platform)({ ...REQUEST, requestId: 'two' });
    const record = await platform.releases.find({ app: 'shop', stage: 'dev', id: releaseId });
    await finish(platform)({ release: record!.release });
    const told = platform.events.published.map(({ releaseId: id, status }) => `${id} ${status}`);
    expect(told.slice(2).sort()).toEqual([`${releaseId} succeeded`, `${next.releaseId} running`].sort());
  });

  it('or not: a bus that is away stops no release', async () => {
    const platform = memoryPlatform();
    const events = { ...platform.events, publish: async () => Promise.reject(new Error('no such bus')) };
    expect(await start({ ...platform, events })({ ...REQUEST, requestId: 'one' })).toMatchObject({ status: 'running' });
    expect(platform.executions.started).toHaveLength(1);
    expect(platform.warnings).toEqual(['the state of a release could not be published']);
  });
});
