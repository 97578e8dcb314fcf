import { ReleaseError } from '../../lib/core/contracts/errors';
import { HoldInput, type HoldOutput, ResumeInput, type ResumeOutput } from '../../lib/core/contracts/payloads';
import type { ServicePath, StageKey } from '../../lib/core/contracts/release';
import type { Hold, ServiceState } from '../../lib/core/contracts/state';
import { readable } from '../../lib/core/contracts/unreadable';
import { newestCommit } from '../../lib/core/plan/holds';
import { checkService } from '../../lib/core/rollback/plan-rollback';
import type { Releases } from '../../lib/ports/releases';
import type { ServiceStates } from '../../lib/ports/service-states';
import { type FindStagePorts, findStage } from '../../lib/release/queue/find-stage';

export interface HoldPorts extends FindStagePorts {
  readonly releases: Pick<Releases, 'latest'>;
  readonly states: Pick<ServiceStates, 'list' | 'hold' | 'endHold'>;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/** Releases among which the newest commit that the stage was asked for is looked for. */
const HISTORY = 200;

/**
 * Keeps pushes from releasing services of a stage until one touches them. What runs was planned before, and goes on.
 *
 * @throws ReleaseError `AppNotFound`, `StageNotFound`, `ServiceNotFound`
 */
export const hold =
  ({ releases, states, now, ...ports }: HoldPorts) =>
  async (event: unknown): Promise<HoldOutput> => {
    const { app, stage, service, why, by } = HoldInput.parse(event);
    await findStage(ports, { app, stage });
    const key = { app, stage };
    const [wanted, listed] = await Promise.all([servicesOf(states, key, service), releases.latest(key, HISTORY)]);
    const history = readable(listed);
    const newest = newestCommit(history);
    const at = new Date(now()).toISOString();
    const services: { path: ServicePath; held: Hold }[] = [];
    for (const { path, commit } of wanted) {
      // What never was deployed is not kept from that.
      if (commit === undefined) continue;
      const held: Hold = { commit: newest ?? commit, at, why, by };
      if (await states.hold(key, path, held)) services.push({ path, held });
    }
    const running = history.find(({ status }) => status === 'running');
    return { services, running: running?.release.id };
  };

/**
 * Has pushes release services again that are held.
 *
 * @throws ReleaseError `AppNotFound`, `StageNotFound`, `ServiceNotFound`
 */
export const resume =
  ({ states, ...ports }: Pick<HoldPorts, 'apps' | 'stages' | 'states'>) =>
  async (event: unknown): Promise<ResumeOutput> => {
    const { app, stage, service } = ResumeInput.parse(event);
    await findStage(ports, { app, stage });
    const key = { app, stage };
    const services: { path: ServicePath; held: Hold }[] = [];
    for (const { path, held } of await servicesOf(states, key, service)) {
      if (!held) continue;
      await states.endHold(key, path, held);
      services.push({ path, held });
    }
    return { services };
  };

async function servicesOf(
  states: Pick<ServiceStates, 'list'>,
  key: StageKey,
  service: ServicePath | undefined,
): Promise<readonly ServiceState[]> {
  const all = await states.list(key);
  checkService(service, all);
  if (all.length > 0) return all.filter(({ path }) => service === undefined || path === service);
  throw new ReleaseError(
    'ServiceNotFound',
    `nothing is deployed in stage "${key.stage}" of "${key.app}", so there is nothing to hold; release to it first`,
  );
}
