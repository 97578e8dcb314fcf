import * as z from 'zod';
import { parseSeedYml, SEED_YML } from '../../lib/config/seed-yml';
import { serviceExecutionName } from '../../lib/core/execution-name';
import { findServices } from '../../lib/core/find-services';
import type { PlanOutput } from '../../lib/core/payloads';
import { basesOf, planServices } from '../../lib/core/plan';
import { Release } from '../../lib/core/release';
import type { Releases } from '../../lib/ports/releases';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { Source } from '../../lib/ports/source';

const PlanInput = z.object({ release: Release });

export interface PlanPorts {
  readonly source: Source;
  readonly states: ServiceStates;
  readonly releases: Releases;
  /** @returns ISO time. */
  readonly now: () => string;
}

/** Decides which services of the commit are deployed, without a clone or a build, and keeps the plan in the history. */
export const plan =
  ({ source, states, releases, now }: PlanPorts) =>
  async (event: unknown): Promise<PlanOutput> => {
    const { release } = PlanInput.parse(event);
    const { repository, commit } = release;
    const [files, seedYml, deployed] = await Promise.all([
      source.listFiles(repository, commit),
      source.readFile(repository, commit, SEED_YML),
      states.list(release),
    ]);
    const settings = parseSeedYml(seedYml ?? '');
    const services = findServices(files, settings.services);
    const bases = basesOf(deployed, services);
    const changed = await Promise.all(bases.map((base) => source.changedFiles(repository, base, commit)));
    const planned = planServices({
      services,
      states: deployed,
      changes: new Map(bases.map((base, index) => [base, changed[index]!])),
      force: release.force,
      checkCodeChange: settings.check_code_change,
      phases: settings.phases,
    });
    await releases.recordPlan(release, planned, now());
    return {
      phases: planned.phases.map((phase) =>
        phase.map((service) => ({ service, executionName: serviceExecutionName(release, service.path) })),
      ),
    };
  };
