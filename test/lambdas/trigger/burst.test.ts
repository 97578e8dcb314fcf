import { finish } from '../../../lambdas/record/finish';
import { push } from '../../../lambdas/trigger/push';
import { aPush, memoryPlatform } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };
const PUSHES = 20;
const commitOf = (number: number): string => String(number).padStart(40, '0');

it.each(['one after the other', 'at once'])(
  'twenty pushes in a burst, %s, are the running release and one more',
  async (how) => {
    const branches: Record<string, string> = { 'topic/a': commitOf(0) };
    const platform = memoryPlatform({ branches });
    await push(platform)(aPush('topic/a', { id: 'first' }));
    const [running] = await platform.releases.latest(DEV, 1);

    const deliver = (number: number) => {
      branches['topic/a'] = commitOf(number);
      return push(platform)(aPush('topic/a', { id: `event-${number}` }));
    };
    const numbers = Array.from({ length: PUSHES }, (_, index) => index + 1);
    if (how === 'at once') await Promise.all(numbers.map(deliver));
    else for (const number of numbers) await deliver(number);

    expect(platform.executions.started).toHaveLength(1);
    await finish(platform)({ release: running!.release });
    const [next] = await platform.releases.latest(DEV, 1);
    expect(next).toMatchObject({ status: 'running', release: { commit: commitOf(PUSHES) } });
    await finish(platform)({ release: next!.release });

    expect(platform.executions.started).toHaveLength(2);
    const all = await platform.releases.latest(DEV, 100);
    // Events that come when the branch has moved on tell of one and the same head.
    expect(all).toHaveLength(how === 'at once' ? 2 : PUSHES + 1);
    expect(all.filter(({ status }) => status === 'superseded')).toHaveLength(all.length - 2);
    expect(await platform.releases.open()).toEqual([]);
  },
);
