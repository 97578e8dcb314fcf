import * as z from 'zod';
import { parseSeedYml, SEED_YML, type SeedYml, seedYmlProblem } from '../../lib/config/seed-yml';
import { ReleaseError } from '../../lib/core/contracts/errors';
import type { PlanOutput } from '../../lib/core/contracts/payloads';
import { MOST_PARALLEL } from '../../lib/core/contracts/payloads';
import { Release, type Rollback } from '../../lib/core/contracts/release';
import { problemsOf } from '../../lib/core/contracts/rollback-preview';
import type { Plan, PlannedAt } from '../../lib/core/contracts/state';
import { endedHolds, type HeldService, heldServices } from '../../lib/core/plan/holds';
import { readOrder } from '../../lib/core/plan/order';
import { planServices } from '../../lib/core/plan/plan';
import { plannedAt } from '../../lib/core/plan/plan-bases';
import { executionsOf } from '../../lib/core/plan/plan-output';
import { readServices } from '../../lib/core/plan/read-services';
import { planRemoval } from '../../lib/core/removal/plan-removal';
import { refuseUnknownServices } from '../../lib/core/shift/shared-settings';
import { tellSome } from '../../lib/core/text/tell-some';
import type { PackageGraph } from '../../lib/core/workspaces/package-graph';
import type { EnvironmentStamps } from '../../lib/ports/environments';
import type { PlannedBases } from '../../lib/ports/planned-bases';
import type { Releases } from '../../lib/ports/releases';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { Source } from '../../lib/ports/source';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { type CloneAccessPorts, prepareCloneAccess } from '../../lib/release/clone-access';
import { type ExaminePorts, examineRollback, findRolledBack } from '../../lib/release/packages/examine-rollback';
import { type Comparison, compare, editedSince } from './compare';
import { readPackages } from './read-packages';

const PlanInput = z.object({ release: Release });

export interface PlanPorts extends ExaminePorts, CloneAccessPorts {
  readonly source: Source;
  readonly states: ServiceStates;
  readonly environmentStamps: EnvironmentStamps;
  readonly releases: Releases;
  readonly bases: PlannedBases;
  /** @returns ISO time. */
  readonly now: () => string;
}

/**
 * Plans a release without a clone or a build, and stores the plan in the history: a push deploys the services that its
 * commit concerns, a rollback those that are not what they were, and a removal takes all of the stage's services in
 * order.
 *
 * @throws ReleaseError `RollbackImpossible` if something that a rollback needs is gone, before anything moves
 */
export const plan =
  (ports: PlanPorts) =>
  async (event: unknown): Promise<PlanOutput> => {
    const { release } = PlanInput.parse(event);
    const { plan: planned, parallel, afterAll, base, ended = [] } = await planOf(ports, release);
    // What no execution can hold is refused before anything is kept of it.
    const phases = executionsOf(release, planned);
    const builds = planned.phases.length > 0 && !release.remove && !release.rollback;
    await allOrFirstError([
      ports.releases.recordPlan(release, planned, ports.now()),
      ...(base ? [ports.bases.keep(release, base)] : []),
      ...(builds ? [prepareCloneAccess(ports, release, Date.parse(ports.now()))] : []),
    ]);
    for (const { path, hold } of ended) await ports.states.endHold(release, path, hold);
    return {
      parallel,
      // Commands for the end of all deployments must not run where nothing was deployed.
      afterAll: afterAll && planned.phases.length > 0,
      phases,
    };
  };

interface Planned {
  readonly plan: Plan;
  /** How many services of a phase run side by side. */
  readonly parallel: number;
  /** Whether seed.yml has commands for the end of all. */
  readonly afterAll: boolean;
  /** What the plan found unchanged. */
  readonly base?: PlannedAt;
  /** Services that nothing holds any more, since they are deployed. */
  readonly ended?: readonly HeldService[];
}

/** A plan that seed.yml has no say in. */
const alone = (plan: Plan): Planned => ({ plan, parallel: MOST_PARALLEL, afterAll: false });

async function planOf(ports: PlanPorts, release: Release): Promise<Planned> {
  if (release.remove) return alone(planRemoval(release, await ports.states.list(release)));
  return release.rollback ? alone(await planBack(ports, release, release.rollback)) : planAhead(ports, release);
}

/** @returns what a release of a commit deploys; keeps nothing. */
export async function planAhead(
  ports: Pick<PlanPorts, 'source' | 'states' | 'bases' | 'environmentStamps'>,
  release: Release,
): Promise<Planned> {
  const { repository, commit } = release;
  const [files, seedYml = '', states, planned, environment] = await Promise.all([
    ports.source.listFiles(repository, commit),
    ports.source.readFile(repository, commit, SEED_YML),
    ports.states.list(release),
    ports.bases.find(release),
    ports.environmentStamps.stamp(release),
  ]);
  const settings = parseSeedYml(seedYml);
  const services = await readServices(files, settings, (path) => ports.source.readFile(repository, commit, path));
  refuseUnknownServices(settings.shift, services);
  const { order, problems } = readOrder(settings, services);
  if (problems.length > 0) throw seedYmlProblem(seedYml, problems);
  const isPush = release.trigger.type === 'push' || release.trigger.type === 'pull-request';
  const holds = isPush ? heldServices(states).filter(({ path }) => services.includes(path)) : [];
  const also = holds.map(({ hold }) => hold.commit);
  const { bases, changes } = await compare(ports.source, release, { states, services, planned, also });
  const hasChanged = [...changes.values()].some((files) => files !== 'unknown' && files.length > 0);
  const plan = planServices({
    services,
    states,
    bases,
    changes,
    // The only service deploys with every change.
    links: hasChanged && services.length > 1 ? await ports.source.symbolicLinks(repository, commit) : undefined,
    edited: settings.changes === 'files' ? await editedSince(ports.source, release, changes) : undefined,
    order,
    environment,
    force: release.force,
    isPush,
    only: release.only,
    checkCodeChange: settings.check_code_change,
    packages: await packagesOf(ports.source, release, { files, changes, changesBy: settings.changes }),
  });
  const afterAll = settings.after_all.length > 0;
  return {
    plan,
    parallel: settings.parallel,
    afterAll,
    base: plannedAt(commit, plan, states),
    ended: endedHolds(plan, states),
  };
}

/** Packages are read only if a file changed; nothing is compared if somebody names the services. */
const packagesOf = async (
  source: Source,
  { repository, commit }: Release,
  known: {
    readonly files: readonly string[];
    readonly changes: Comparison['changes'];
    readonly changesBy: SeedYml['changes'];
  },
): Promise<PackageGraph | undefined> =>
  known.changesBy === 'workspaces' && [...known.changes.values()].some((files) => files.length > 0)
    ? readPackages(known.files, (path) => source.readFile(repository, commit, path))
    : undefined;

async function planBack(ports: PlanPorts, release: Release, rollback: Rollback): Promise<Plan> {
  const found = await findRolledBack(ports, release, rollback);
  const problems = problemsOf(await examineRollback(ports, found, release));
  if (problems.length > 0) throw new ReleaseError('RollbackImpossible', tellSome(problems));
  return found.plan;
}
