import { ReleaseError } from '../lib/core/contracts/errors';
import type { Releases } from '../lib/ports/releases';

/** Why it cannot be read. */
export const WHY =
  'item "x" "y" of the state table was written by a newer version of Seedbed, or is damaged (status: ?)';

/** @returns releases of which one cannot be read, as where a newer version of Seedbed has written it */
export const withUnreadable = <R extends Releases>(
  releases: R,
  { stage: where, id }: { readonly stage: string; readonly id: string },
): R => ({
  ...releases,
  async find(key) {
    if (key.id === id && key.stage === where) throw new ReleaseError('StateUnreadable', WHY);
    return releases.find(key);
  },
  async latest(stage, limit) {
    const listed = await releases.latest(stage, limit);
    return listed.map((one) => {
      if (one.release.id !== id || stage.stage !== where) return one;
      return { release: { app: stage.app, stage: where, id }, status: 'unreadable' as const, why: WHY };
    });
  },
});
