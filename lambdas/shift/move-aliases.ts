import { callerOf } from '../../lib/core/contracts/call-reservations';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { MoveAliasesInput, type MoveAliasesOutput, type PreparedFunction } from '../../lib/core/contracts/payloads';
import { nameSome } from '../../lib/core/text/name-some';
import type { Functions } from '../../lib/ports/functions';
import type { Log } from '../../lib/ports/log';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';

export interface MoveAliasesPorts {
  readonly target: TargetPortsOf<'functions'>;
  readonly log: Log;
}

/**
 * Moves the aliases of all prepared functions to their new versions, one right after the other: all calls are reserved
 * before the first is made. Those that name their version already stay. Moves for which Lambda is busy take another
 * turn, and a long throttling another run; they send nothing back. If one cannot be moved, those that have moved go
 * back.
 *
 * @throws ReleaseError `ShiftFailed`, naming the function whose alias did not move and those that did not go back;
 * `ReleaseSuperseded` if the release may move nothing any more: then none goes back either
 */
export const moveAliases =
  ({ target, log }: MoveAliasesPorts) =>
  async (event: unknown): Promise<MoveAliasesOutput> => {
    const { release, service, prepared, moved } = MoveAliasesInput.parse(event);
    const { functions } = target(release.target, callerOf(release));
    const moving = prepared.filter(({ kept }) => !kept);
    const left = moving.filter(({ logicalId }) => !moved.includes(logicalId));
    const moves = await allOrFirstError(left.map((one) => move(functions, one, one.version)));
    const failure = moves.find(({ problem, isBusy }) => problem !== undefined && !isBusy);
    if (failure) {
      // A move whose answer got lost may have happened, so all of them go back, not only those known to have moved.
      const stuck = await goBack(functions, moving);
      log.warn('aliases went back', { releaseId: release.id, service: service.path, because: failure, stuck });
      throw shiftFailed(failure, stuck);
    }
    if (moves.some(({ isBusy }) => isBusy)) {
      log.warn('Lambda throttles the moves of aliases', { releaseId: release.id, service: service.path, moves });
      const done = moves.filter(({ problem }) => problem === undefined).map(({ logicalId }) => logicalId);
      return { status: 'running', moved: [...moved, ...done] };
    }
    return {
      status: 'done',
      functions: prepared.map(({ logicalId, name, updated, version }) => ({ logicalId, name, updated, version })),
    };
  };

interface Move {
  readonly logicalId: string;
  readonly name: string;
  readonly alias: string;
  /** Why the alias did not move. */
  readonly problem?: string;
  /** Whether it may move later. */
  readonly isBusy?: true;
}

async function move(
  functions: Functions,
  { logicalId, name, alias }: PreparedFunction,
  version: string,
): Promise<Move> {
  try {
    const outcome = await functions.moveAlias(name, { alias, version });
    if (outcome === 'moved') return { logicalId, name, alias };
    return { logicalId, name, alias, problem: `it has no version ${version}` };
  } catch (error) {
    // The aliases are somebody else's now: of whoever ended the release, or of the next one.
    if (error instanceof ReleaseError && error.code === 'ReleaseSuperseded') throw error;
    const problem = error instanceof Error ? error.message : String(error);
    const isBusy = error instanceof ReleaseError && error.code === 'Throttled';
    return { logicalId, name, alias, problem, ...(isBusy && { isBusy }) };
  }
}

/** @returns the functions whose alias could not be moved back. A new function has nothing to go back to. */
async function goBack(functions: Functions, prepared: readonly PreparedFunction[]): Promise<readonly Move[]> {
  const back = await Promise.all(
    prepared.flatMap((one) => (one.previousVersion === undefined ? [] : [move(functions, one, one.previousVersion)])),
  );
  return back.filter(({ problem }) => problem !== undefined);
}

function shiftFailed(failure: Move, stuck: readonly Move[]): ReleaseError {
  const names = nameSome(stuck.map(({ name }) => name));
  const others =
    stuck.length === 0
      ? 'all aliases are back on the versions that served before; release again'
      : `not back on the versions that served before: ${names}; release again to bring them in line`;
  return new ReleaseError(
    'ShiftFailed',
    `alias "${failure.alias}" of function ${failure.logicalId} ("${failure.name}") could not be moved: ` +
      `${failure.problem}; ${others}`,
  );
}
