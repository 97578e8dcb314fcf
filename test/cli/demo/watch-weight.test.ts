import { percentOfOthers, watchWeight } from '../../../lib/cli/demo/watch-weight';
import type { AliasReading } from '../../../lib/ports/functions';
import { TestClock } from '../../test-clock';

describe('the share of the new version', () => {
  it.each<[string, AliasReading, number]>([
    ['nothing while the alias is whole', { version: '1', weights: {} }, 0],
    ['its weight beside the old version', { version: '1', weights: { 2: 0.1 } }, 10],
    ['what is left of the weight of the old version', { version: '2', weights: { 1: 0.3 } }, 70],
    ['everything once the alias is whole on it', { version: '2', weights: {} }, 100],
  ])('is %s', (_, reading, percent) => {
    expect(percentOfOthers('1', reading)).toBe(percent);
  });
});

describe('watching a weight', () => {
  it('reads it at least at the beginning and at the end, in order', async () => {
    let version = '1';
    const clock = new TestClock();
    const watch = watchWeight('1', async () => ({ version, weights: {} }), clock);
    await clock.passes(125);
    version = '2';
    const { readings, newVersion } = await watch.stop();
    expect([readings[0]?.percent, readings.at(-1)?.percent]).toEqual([0, 100]);
    expect(newVersion).toBe('2');
    for (const { askedAt, answeredAt } of readings) expect(askedAt).toBeLessThanOrEqual(answeredAt);
  });

  it('tells at the end if it could not be read', async () => {
    const watch = watchWeight('1', () => Promise.reject(new Error('no such alias')), new TestClock());
    await expect(watch.stop()).rejects.toThrow('no such alias');
  });
});
