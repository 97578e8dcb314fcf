import fc from 'fast-check';
import type { FunctionToPrepare } from '../../../lib/core/contracts/payloads';
import { prepareBatches } from '../../../lib/core/deploy/prepare-batches';
import { aCodeSha256 } from '../../builders';
import { runs } from '../../runs';

const functions = (count: number): FunctionToPrepare[] =>
  Array.from({ length: count }, (_, index) => ({
    logicalId: `F${index}`,
    name: `orders-dev-F${index}`,
    alias: 'live',
    action: 'update-code',
    bundle: `bundles/F${index}.zip`,
    codeSha256: aCodeSha256(`${index}`),
    revisionId: 'revision',
  }));

const anyCount = fc.integer({ min: 0, max: 5_000 });

describe('prepareBatches', () => {
  it('gives every function to exactly one batch, in order', () => {
    fc.assert(
      fc.property(anyCount, (count) => {
        const given = functions(count);
        expect(prepareBatches(given).flatMap((batch) => batch.functions)).toEqual(given);
      }),
      { numRuns: runs(50) },
    );
  });

  it('makes no more batches than a Map runs at once, and no empty one', () => {
    fc.assert(
      fc.property(anyCount, (count) => {
        const batches = prepareBatches(functions(count));
        expect(batches.length).toBeLessThanOrEqual(40);
        expect(batches.every((batch) => batch.functions.length > 0)).toBe(true);
      }),
      { numRuns: runs(50) },
    );
  });

  it('lets at most twelve updates begin in any second, when each worker begins twelve a second from its turn on', () => {
    fc.assert(
      fc.property(anyCount, (count) => {
        const perSecond = new Map<number, number>();
        for (const batch of prepareBatches(functions(count))) {
          batch.functions.forEach((_, index) => {
            const second = batch.turn + Math.floor(index / 12);
            perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
          });
        }
        expect(Math.max(0, ...perSecond.values())).toBeLessThanOrEqual(12);
      }),
      { numRuns: runs(50) },
    );
  });

  it('starts at once, and starts one worker for a small release', () => {
    expect(prepareBatches(functions(12)).map(({ turn }) => turn)).toEqual([0]);
    expect(prepareBatches(functions(50)).map(({ turn }) => turn)).toEqual([0, 3]);
    expect(prepareBatches([])).toEqual([]);
  });

  it('lets versions that are only read begin at once, whatever else there is to update', () => {
    const reuse = (logicalId: string): FunctionToPrepare => ({
      logicalId,
      name: logicalId,
      alias: 'live',
      codeSha256: aCodeSha256(logicalId),
      action: 'reuse-version',
      version: '3',
    });
    const mixed = functions(40).flatMap((one) => [one, reuse(`R${one.logicalId}`)]);
    const batches = prepareBatches(mixed);
    expect(batches.map(({ turn, functions }) => [turn, functions.length])).toEqual([
      [0, 40],
      [0, 36],
      [3, 4],
    ]);
    expect(batches[0]!.functions.every(({ action }) => action === 'reuse-version')).toBe(true);
  });
});
