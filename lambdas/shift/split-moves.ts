import { ReleaseError } from '../../lib/core/contracts/errors';
import type { Manifest } from '../../lib/core/contracts/manifest';
import type { PreparedFunction } from '../../lib/core/contracts/payloads';
import type { Release } from '../../lib/core/contracts/release';
import type { PlannedShift } from '../../lib/core/contracts/shift-plan';
import type { Functions } from '../../lib/ports/functions';
import { allOrFirstError } from '../../lib/release/all-or-first-error';

/** A prepared function that shifts gradually, and the version that its alias names now. */
export interface GradualMove extends PreparedFunction {
  readonly currentVersion: string;
}

export interface Moves {
  readonly gradual: readonly GradualMove[];
  /** Everything else that was prepared. */
  readonly atOnce: readonly PreparedFunction[];
  /** The planned shifts of the functions that move, with what was found out just now. */
  readonly shifts: readonly PlannedShift[];
}

interface SplitInput {
  readonly release: Release;
  readonly manifest: Manifest;
  /** The plan. */
  readonly planned: readonly PlannedShift[];
  readonly prepared: readonly PreparedFunction[];
}

/**
 * Decides which functions really shift gradually, by what Lambda says of their versions: the plan compared templates,
 * and a role may come from outside them. Removes any leftover weight from an alias on the way, since CodeDeploy would
 * refuse that alias.
 *
 * @throws ReleaseError `ShiftRefused` if a function cannot shift gradually and its stage demands it
 */
export async function splitMoves(
  functions: Functions,
  { release, manifest, planned, prepared }: SplitInput,
): Promise<Moves> {
  const moves = await allOrFirstError(
    prepared.map(async (one): Promise<Move> => {
      const shift = planned.find(({ logicalId }) => logicalId === one.logicalId);
      if (!one.updated || shift === undefined) return { one };
      if (shift.because !== undefined) return { one, shift };
      if (one.kept) return { one, shift: { ...shift, because: alreadyThere(one) } };
      const found = await findCurrent(functions, one, manifest.alias);
      if ('currentVersion' in found) return { one: { ...one, ...found }, shift };
      if (shift.shift.kind !== 'all-at-once' && HINDRANCES.has(found.code) && release.shift.mustBeGradual) {
        throw refused(one, found.message, release.stage);
      }
      return { one, shift: { ...shift, because: found } };
    }),
  );
  const gradual = moves.flatMap(({ one }) => ('currentVersion' in one ? [one] : []));
  const atOnce = moves.flatMap(({ one }) => ('currentVersion' in one ? [] : [one]));
  return { gradual, atOnce, shifts: moves.flatMap(({ shift }) => shift ?? []) };
}

interface Move {
  readonly one: PreparedFunction | GradualMove;
  readonly shift?: PlannedShift;
}

const HINDRANCES: ReadonlySet<string> = new Set(['role-changed', 'dead-letter-queue-changed']);

type Because = NonNullable<PlannedShift['because']>;

const alreadyThere = ({ previousVersion }: Pick<PreparedFunction, 'previousVersion'>): Because =>
  previousVersion === undefined
    ? { code: 'first-version', message: 'nothing served before it' }
    : { code: 'already-moved', message: 'its alias names this version already' };

/** @returns the version that CodeDeploy is to start from, or why it cannot move this function. */
async function findCurrent(
  functions: Functions,
  { name, version, previousVersion }: PreparedFunction,
  aliasName: string,
): Promise<{ readonly currentVersion: string } | Because> {
  const alias = await functions.alias(name, aliasName);
  if (!alias) return { code: 'first-version', message: `it has no alias "${aliasName}" yet` };
  const currentVersion = alias.version;
  if (Object.keys(alias.weights).length > 0) {
    await functions.moveAlias(name, { alias: aliasName, version: currentVersion });
  }
  if (currentVersion === version) return alreadyThere({ previousVersion });
  return (await findHindrance(functions, { name, from: currentVersion, to: version })) ?? { currentVersion };
}

/**
 * The two versions of a weighted alias must have the same role and dead-letter queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
 */
async function findHindrance(
  functions: Functions,
  { name, from, to }: { readonly name: string; readonly from: string; readonly to: string },
): Promise<Because | undefined> {
  const [before, after] = await Promise.all([functions.read(name, from), functions.read(name, to)]);
  if (before?.role !== after?.role) return { code: 'role-changed', message: 'its versions have different roles' };
  if (before?.deadLetterTarget !== after?.deadLetterTarget) {
    return { code: 'dead-letter-queue-changed', message: 'its versions have different dead-letter queues' };
  }
  return undefined;
}

const refused = ({ logicalId, name }: PreparedFunction, why: string, stage: string): ReleaseError =>
  new ReleaseError(
    'ShiftRefused',
    `function ${logicalId} ("${name}") cannot shift gradually: ${why}; stage "${stage}" demands a gradual shift ` +
      '("mustBeGradual" in seedbed.yml); no traffic has moved',
  );
