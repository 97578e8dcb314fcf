import { refuseUnlessRunning } from '../core/record/fencing';
import type { Fence } from '../ports/fence';
import type { Releases } from '../ports/releases';

/** In-memory twin of the port Fence, of a worker that undoes what cancelled releases have begun. */
export const memoryFence = (releases: Pick<Releases, 'standing'>): Fence => ({
  prove: async (release) => refuseUnlessRunning(release, await releases.standing(release), true),
});
