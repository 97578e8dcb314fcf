import type { ReleaseKey } from '../core/contracts/release';
import { refuseUnlessRunning } from '../core/record/fencing';
import type { Clock } from '../ports/clock';
import { type Fence, PROOF_SERVES } from '../ports/fence';
import type { Releases } from '../ports/releases';
import { dynamoDbClient } from './clients/dynamodb';
import { dynamoReleases } from './state/dynamo-releases';
import { SYSTEM_CLOCK } from './system-clock';

/** Who is kept from changing targets, and by what. */
interface FenceOptions {
  /** Whether the worker undoes what a cancelled release has begun. */
  readonly undoes?: boolean;
}

/**
 * @param stateTable name of the table that says who holds which lock
 * @returns what proves, for a worker that changes targets, that its release still may
 */
export const releaseFence = (stateTable: string, options: FenceOptions = {}): Fence =>
  fenceOf(dynamoReleases(dynamoDbClient(), stateTable), SYSTEM_CLOCK, options);

/** @returns the fence of one worker: a release holds the lock of its stage as long as its record says that it runs */
export function fenceOf(
  releases: Pick<Releases, 'standing'>,
  clock: Pick<Clock, 'now'>,
  { undoes = false }: FenceOptions = {},
): Fence {
  let last: { readonly id: string; readonly at: number; readonly proof: Promise<void> } | undefined;
  const ask = async (release: ReleaseKey) => refuseUnlessRunning(release, await releases.standing(release), undoes);
  return {
    prove(release) {
      if (last?.id === release.id && clock.now() - last.at < PROOF_SERVES) return last.proof;
      last = { id: release.id, at: clock.now(), proof: ask(release) };
      return last.proof;
    },
  };
}
