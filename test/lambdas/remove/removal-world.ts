import type { Release } from '../../../lib/core/contracts/release';
import { type ReleaseEnd, type ReleaseOptions, serviceWorld, type WorldPorts } from '../deploy/service-world';
import { REMOVAL_STATES, type RemovalState } from '../deploy/state-names';

export interface RemovalOptions extends ReleaseOptions {
  readonly emptyBuckets?: boolean;
}

export interface RemovalEnd extends ReleaseEnd {
  readonly release: Release;
  /** The states that were entered, but for those around the workers and of hooks. */
  readonly states: readonly RemovalState[];
}

/** One service in one stage, all in memory, and a way to deploy and to remove it. */
export function removalWorld(wrap?: (ports: WorldPorts) => WorldPorts) {
  const world = serviceWorld(wrap);
  return {
    ...world,
    async remove({ emptyBuckets = false, ...options }: RemovalOptions = {}): Promise<RemovalEnd> {
      const trigger = { type: 'remove', id: 'event-1' } as const;
      const release: Release = { ...world.nextRelease(), remove: { emptyBuckets }, trigger };
      const end = await world.run(release, options);
      return { ...end, release, states: end.states.filter(isRemovalState) };
    },
  };
}

const isRemovalState = (state: string): state is RemovalState => (REMOVAL_STATES as readonly string[]).includes(state);
