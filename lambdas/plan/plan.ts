import * as z from 'zod';
import { parseSeedYml, SEED_YML } from '../../lib/config/seed-yml';
import { ReleaseError } from '../../lib/core/errors';
import { serviceExecutionName } from '../../lib/core/execution-name';
import { findServices } from '../../lib/core/find-services';
import type { PlanOutput } from '../../lib/core/payloads';
import { basesOf, planServices } from '../../lib/core/plan';
import { Release, type Rollback } from '../../lib/core/release';
import { planRemoval } from '../../lib/core/removal/plan-removal';
import { problemsOf } from '../../lib/core/rollback/rollback-preview';
import { refuseUnknownServices } from '../../lib/core/shift/shared-settings';
import type { Plan } from '../../lib/core/state';
import type { Releases } from '../../lib/ports/releases';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { Source } from '../../lib/ports/source';
import { allOrFirstError } from '../all-or-first-error';
import { type CloneAccessPorts, prepareCloneAccess } from '../build/clone-access';
import { type ExaminePorts, examineRollback, findRolledBack } from './examine-rollback';

const PlanInput = z.object({ release: Release });

export interface PlanPorts extends ExaminePorts, CloneAccessPorts {
  readonly source: Source;
  readonly states: ServiceStates;
  readonly releases: Releases;
  /** @returns ISO time. */
  readonly now: () => string;
}

/**
 * Decides which services are deployed, without a clone or a build, and keeps the plan in the history: of a push those that
 * its commit concerns, of a rollback those that are not what they were; of a removal, all that the stage has, in which order.
 *
 * @throws ReleaseError `RollbackImpossible` if something that a rollback needs is gone: before anything moves
 */
export const plan =
  (ports: PlanPorts) =>
  async (event: unknown): Promise<PlanOutput> => {
    const { release } = PlanInput.parse(event);
    const { plan: planned, afterAll } = await planOf(ports, release);
    const builds = planned.phases.length > 0 && !release.remove && !release.rollback;
    await allOrFirstError([
      ports.releases.recordPlan(release, planned, ports.now()),
      ...(builds ? [prepareCloneAccess(ports, release, Date.parse(ports.now()))] : []),
    ]);
    return {
      // Commands for all that was deployed have no business where nothing was.
      afterAll: afterAll && planned.phases.length > 0,
      phases: planned.phases.map((phase) =>
        phase.map((service) => ({ service, executionName: serviceExecutionName(release, service.path) })),
      ),
    };
  };

interface Planned {
  readonly plan: Plan;
  /** Whether seed.yml has commands for the end of all. */
  readonly afterAll: boolean;
}

async function planOf(ports: PlanPorts, release: Release): Promise<Planned> {
  if (release.remove) return { plan: planRemoval(release, await ports.states.list(release)), afterAll: false };
  return release.rollback ? planBack(ports, release, release.rollback) : planAhead(ports, release);
}

/** @returns what a release of a commit deploys; keeps nothing. */
export async function planAhead(
  { source, states }: Pick<PlanPorts, 'source' | 'states'>,
  release: Release,
): Promise<Planned> {
  const { repository, commit } = release;
  const [files, seedYml, deployed] = await Promise.all([
    source.listFiles(repository, commit),
    source.readFile(repository, commit, SEED_YML),
    states.list(release),
  ]);
  const settings = parseSeedYml(seedYml ?? '');
  const services = findServices(files, settings.services);
  refuseUnknownServices(settings.shift, services);
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
  return { plan: planned, afterAll: settings.after_all.length > 0 };
}

async function planBack(ports: PlanPorts, release: Release, rollback: Rollback): Promise<Planned> {
  const found = await findRolledBack(ports, release, rollback);
  const problems = problemsOf(await examineRollback(ports, found, release));
  if (problems.length > 0) throw new ReleaseError('RollbackImpossible', problems.join('; '));
  return { plan: found.plan, afterAll: false };
}
