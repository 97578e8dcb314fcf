import { hintOf, isBehind, NOTHING } from '../../../lib/core/trigger/event-hint';
import type { Lineage } from '../../../lib/core/trigger/tag-order';

const [A, B, C] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];

describe('the hint of an event', () => {
  it.each([
    [A, B, { before: A, after: B }],
    [NOTHING, B, { after: B }],
    [A, NOTHING, { before: A }],
    [undefined, B, { after: B }],
    ['main', B, { after: B }],
  ])('from %s to %s', (before, after, hint) => {
    expect(hintOf(before, after)).toEqual(hint);
  });

  it.each([
    [A, undefined],
    [A, 'main'],
    [A, 7],
    [undefined, NOTHING],
  ])('is none from %s to %s', (before, after) => {
    expect(hintOf(before, after)).toBeUndefined();
  });
});

describe('what was read', () => {
  const at = (commit: string, object = commit) => ({ commit, object });
  const never = async (): Promise<Lineage> => {
    throw new Error('nobody needs to ask');
  };

  it.each([
    ['what was there before the event', at(A), { before: A, after: B }, true],
    ['what the event tells', at(B), { before: A, after: B }, false],
    ['an annotated tag that the event tells', at(C, B), { before: A, after: B }, false],
    ['nothing, where the event tells of something', 'gone', { after: B }, true],
    ['nothing, where the event tells that it is gone', 'gone', { before: A }, false],
    ['what the event tells is gone', at(A), { before: A }, true],
    ['something new where the event tells that something was gone', at(C), { before: A }, false],
    ['a pull request that is closed', at(A), {}, true],
  ] as const)('as %s', async (_, seen, hint, isOld) => {
    expect(await isBehind(seen, hint, never)).toBe(isOld);
  });

  it.each([
    ['behind', true],
    ['ahead', false],
    ['diverged', false],
  ] as const)('as a third commit that is %s', async (lineage, isOld) => {
    const asked: string[][] = [];
    const seen = await isBehind(at(C), { before: A, after: B }, async (...pair) => {
      asked.push(pair);
      return lineage;
    });
    expect([seen, asked]).toEqual([isOld, [[C, B]]]);
  });
});
