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

  it('makes no empty batch, and none larger than what a state holds', () => {
    fc.assert(
      fc.property(anyCount, (count) => {
        for (const batch of prepareBatches(functions(count))) {
          expect(batch.functions.length).toBeGreaterThan(0);
          expect(JSON.stringify(batch).length).toBeLessThan(50_000);
        }
      }),
      { numRuns: runs(50) },
    );
  });

  it('gives an ordinary service to one worker, and nothing to none', () => {
    expect(prepareBatches(functions(50))).toHaveLength(1);
    expect(prepareBatches([])).toEqual([]);
  });
});
