import { ReleaseError } from '../../lib/core/contracts/errors';
import type { ReleaseId, ServicePath, StageKey } from '../../lib/core/contracts/release';
import type { ReleaseRecord } from '../../lib/core/contracts/state';
import { type DefaultTarget, defaultTarget } from '../../lib/core/rollback/default-target';
import { findTarget, offer } from '../../lib/core/rollback/find-target';
import { checkService } from '../../lib/core/rollback/plan-rollback';
import type { Releases } from '../../lib/ports/releases';
import type { ServiceStates } from '../../lib/ports/service-states';
import { findRolledBack } from '../../lib/release/packages/examine-rollback';

export interface ChooseTargetPorts {
  readonly releases: Pick<Releases, 'find'>;
  readonly states: Pick<ServiceStates, 'list' | 'deployedAt'>;
}

export interface AskedRollback extends StageKey {
  readonly service?: ServicePath;
  /** As the caller wrote it. */
  readonly to?: string;
  /** All stages of the app. */
  readonly stages: readonly string[];
  /** Whether a release runs, which the rollback would stop. */
  readonly running: boolean;
}

/** How many releases in a row may have left the same before the search for another state is given up. */
const TRIED = 20;

/**
 * @param history the newest releases of the stage, newest first
 * @returns the release to return to: the one asked for, or the last good one that left something other than what is
 * there now
 * @throws ReleaseError `ServiceNotFound`, `ReleaseNotFound` or `RollbackImpossible`
 */
export async function chooseTarget(
  ports: ChooseTargetPorts,
  asked: AskedRollback,
  history: readonly ReleaseRecord[],
): Promise<ReleaseRecord> {
  checkService(asked.service, await ports.states.list(asked));
  const { to } = asked;
  if (to !== undefined) return named(ports, { ...asked, to }, history);

  const { kind, candidates } = defaultTarget(history, asked.service);
  for (const id of candidates.slice(0, TRIED)) {
    const { plan } = await findRolledBack(ports, asked, { to: id, service: asked.service });
    if (plan.phases.length > 0 || (kind === 'undo' && asked.running)) return byId(ports, asked, { id, history });
  }
  throw nothingToDo(asked, { kind, candidates, history });
}

async function byId(
  { releases }: ChooseTargetPorts,
  { app, stage }: StageKey,
  { id, history }: { readonly id: ReleaseId; readonly history: readonly ReleaseRecord[] },
): Promise<ReleaseRecord> {
  const found = history.find(({ release }) => release.id === id) ?? (await releases.find({ app, stage, id }));
  if (found) return found;
  throw new ReleaseError('ReleaseNotFound', `release ${id} is no longer in the history of stage "${stage}"`);
}

async function named(
  { releases }: ChooseTargetPorts,
  asked: AskedRollback & { readonly to: string },
  history: readonly ReleaseRecord[],
): Promise<ReleaseRecord> {
  const id = asked.to.toUpperCase();
  // Also one that is older than the part of the history that was read.
  const exact = await releases.find({ ...asked, id });
  try {
    return findTarget(asked.to, exact ? [exact, ...history.filter(({ release }) => release.id !== id)] : history);
  } catch (error) {
    if (!exact) await refuseOtherStage(releases, asked, history);
    throw error;
  }
}

async function refuseOtherStage(
  releases: Pick<Releases, 'find'>,
  { app, stage, stages, to }: AskedRollback & { readonly to: string },
  history: readonly ReleaseRecord[],
): Promise<void> {
  for (const other of stages.filter((one) => one !== stage)) {
    if (await releases.find({ app, stage: other, id: to.toUpperCase() })) {
      const message = `--to: release ${to} was to stage "${other}", not to "${stage}"; ${offer(history)}`;
      throw new ReleaseError('ReleaseNotFound', message);
    }
  }
}

function nothingToDo(
  { app, stage, service }: AskedRollback,
  found: DefaultTarget & { readonly history: readonly ReleaseRecord[] },
): ReleaseError {
  const what =
    service === undefined ? `stage "${stage}" of "${app}"` : `service "${service}" in stage "${stage}" of "${app}"`;
  const [first] = found.candidates;
  if (first === undefined) {
    const advice = found.kind === 'back' ? 'nothing came before what is there now' : offer(found.history);
    return new ReleaseError('RollbackImpossible', `there is nothing to roll ${what} back to: ${advice}`);
  }
  const why =
    found.kind === 'undo'
      ? `it is what release ${first} left: the newest release did not succeed and has changed nothing`
      : 'no known release left anything other than what is there now';
  return new ReleaseError(
    'RollbackImpossible',
    `there is nothing to roll ${what} back to: ${why}; to go further back, name a release with --to`,
  );
}
