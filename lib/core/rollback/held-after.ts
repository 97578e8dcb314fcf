import type { Release } from '../contracts/release';
import type { Hold } from '../contracts/state';

/**
 * @returns what keeps a service where a rollback has brought it: the next push of something else would bring back what
 *   the rollback led away from. Undefined for any other release
 */
export function heldAfter({
  id,
  rollback,
  requestedAt,
  trigger: { by },
}: Pick<Release, 'id' | 'rollback' | 'requestedAt' | 'trigger'>): Hold | undefined {
  if (rollback?.from === undefined) return undefined;
  const who = by === undefined ? '' : ` by ${by}`;
  return {
    commit: rollback.from,
    at: requestedAt,
    why: `rolled back${who} to release ${rollback.to}`,
    by,
    rollback: id,
  };
}
