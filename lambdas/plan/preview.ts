import { PreviewInput, type PreviewOutput } from '../../lib/core/contracts/payloads';
import type { Release } from '../../lib/core/contracts/release';
import { type FindStagePorts, findStage, settingsOf } from '../../lib/release/queue/find-stage';
import { readHead } from '../../lib/release/queue/read-head';
import { type PlanPorts, planAhead } from './plan';

export type PreviewPorts = FindStagePorts &
  Pick<PlanPorts, 'source' | 'states' | 'bases' | 'environmentStamps' | 'now'>;

/** No release has this id, since a preview's plan is never stored. */
const NO_RELEASE = '0'.repeat(26);

/** Tells what a release would do if it began now, and why; starts and stores nothing. */
export const preview =
  (ports: PreviewPorts) =>
  async (event: unknown): Promise<PreviewOutput> => {
    const { app, stage, branch, tag, force, services, ...asked } = PreviewInput.parse(event);
    const { config, made } = await findStage(ports, { app, stage });
    const template = made?.template;
    const { repository } = config;
    const { target, shift } = settingsOf(config, stage, template);
    const ref = tag === undefined ? { branch: branch! } : { tag };
    const commit = asked.commit ?? (await readHead(ports.source, repository, ref)).commit;
    const release: Release = {
      id: NO_RELEASE,
      app,
      stage,
      commit,
      branch,
      tag,
      template,
      force,
      only: services,
      repository,
      target,
      shift,
      // What is held is released by who names it, or forces all.
      trigger: { type: services || force ? 'manual' : 'push', id: NO_RELEASE },
      requestedAt: ports.now(),
    };
    const { plan } = await planAhead(ports, release);
    return { commit, plan };
  };
