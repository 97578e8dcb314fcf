import type { ShiftSettings, StageShift } from '../contracts/settings';
import type { Shift } from '../contracts/shift';
import type { PlannedShift } from '../contracts/shift-plan';
import { foreignAliases } from '../template/foreign-aliases';
import type { ForeignQualifier } from '../template/foreign-qualifiers';
import type { Template } from '../template/template';
import { trafficSources } from '../template/traffic-sources';
import { unweightable } from '../template/unweightable';
import { type EffectiveShift, effectiveShift } from './effective-shift';

export interface ShiftPlanInput {
  readonly settings: ShiftSettings;
  readonly stage: { readonly name: string; readonly shift: StageShift };
  /** The functions that may move. */
  readonly functions: readonly MovingFunction[];
  /**
   * The framework's own templates: what is deployed, and what is about to be. A service without a stack has none: what
   * invokes its functions is not known.
   */
  readonly before: Template | undefined;
  readonly after: Template | undefined;
  readonly alias: string;
  readonly isRollback: boolean;
}

interface MovingFunction {
  readonly logicalId: string;
  /** Whether something serves already. */
  readonly isDeployed: boolean;
}

export interface ShiftPlan {
  /** Only functions for which something is asked; all others simply move. */
  readonly shifts: readonly PlannedShift[];
  /** Reasons not to deploy at all, each with what to do. */
  readonly problems: readonly string[];
}

/**
 * Plans how the functions of a service shift: as the app wishes, but never less careful than the stage demands; at once
 * where traffic cannot be split, unless the stage forbids that.
 */
export function planShifts(input: ShiftPlanInput): ShiftPlan {
  const { settings, stage, after } = input;
  const hooks = hooksOf(settings);
  const sources = after && trafficSources(after, input.alias);
  const foreign = new Map(
    (after ? foreignAliases(after, input.alias) : []).map((one) => [one.functionId, one] as const).reverse(),
  );
  const problems: string[] = [];
  const shifts = input.functions.flatMap(({ logicalId, isDeployed }): PlannedShift[] => {
    const wish = settings.functions[logicalId];
    const asked = askedShift(logicalId, { settings, stage });
    // A rollback returns to what was careful enough when it was released.
    if (asked && 'problem' in asked && !input.isRollback) problems.push(asked.problem);
    if (!asked || 'problem' in asked) return [];
    const { shift } = asked;
    const because = (code: NonNullable<PlannedShift['because']>['code'], message: string): PlannedShift[] => [
      { logicalId, shift, because: { code, message } },
    ];
    if (input.isRollback) return because('rollback', 'a rollback moves at once');
    const other = foreign.get(logicalId);
    if (other !== undefined && stage.shift.mustBeGradual) problems.push(bypassed(logicalId, other, input));
    if (hooks.has(logicalId)) return because('hook-of-the-service', 'it is a hook: no traffic of its own');
    if (!isDeployed) return because('first-version', 'nothing served before it');
    const hindrance = after && unweightable(input.before, after, logicalId, input.alias);
    if (hindrance !== undefined && shift.kind !== 'all-at-once') {
      if (stage.shift.mustBeGradual) problems.push(refusal(logicalId, hindrance.message, stage.name));
      return because(hindrance.code, hindrance.message);
    }
    const isWatched = wish !== undefined && (hasHooks(wish) || wish.alarms.length > 0);
    if (!isWatched && sources && !sources.has(logicalId)) {
      return because('no-traffic-source', 'nothing in the template invokes it: there is no traffic to split');
    }
    return [{ logicalId, shift }];
  });
  return { shifts, problems };
}

/**
 * @returns the shift that app and stage together ask for a function, if that is more than moving its alias; a problem
 *   if the app is less careful than the stage
 */
export function askedShift(
  logicalId: string,
  { settings, stage }: Pick<ShiftPlanInput, 'settings' | 'stage'>,
): EffectiveShift | undefined {
  const wish = settings.functions[logicalId];
  const effective = effectiveShift(wish, stage);
  return 'problem' in effective || asksForMore(effective.shift, wish) ? effective : undefined;
}

type Wish = ShiftSettings['functions'][string];

const hasHooks = (wish: Wish): boolean => wish.preTrafficHook !== undefined || wish.postTrafficHook !== undefined;

/** @returns whether CodeDeploy is needed for it. */
const asksForMore = (shift: Shift, wish: Wish | undefined): boolean =>
  shift.kind !== 'all-at-once' ||
  (wish !== undefined && (hasHooks(wish) || wish.alarms.length > 0 || wish.triggers.length > 0));

/** @returns logical ids of the functions that are hooks of others. */
export const hooksOf = ({ functions }: ShiftSettings): ReadonlySet<string> =>
  new Set(
    Object.values(functions).flatMap(({ preTrafficHook = [], postTrafficHook = [] }) =>
      [preTrafficHook, postTrafficHook].flat(),
    ),
  );

const refusal = (logicalId: string, why: string, stage: string): string =>
  `function ${logicalId} cannot shift gradually (${why}), and stage "${stage}" demands it ("mustBeGradual" in ` +
  'seedbed.yml); ' +
  'release the change that prevents it by itself to a stage that allows it, or ask the owner of the stage to ' +
  'allow it for this release';

const bypassed = (
  logicalId: string,
  { path, qualifier }: ForeignQualifier,
  { alias, stage }: Pick<ShiftPlanInput, 'alias' | 'stage'>,
): string =>
  `${path} invokes ${qualifier === undefined ? 'an alias' : `"${qualifier}"`} of function ${logicalId}, which no shift ` +
  `of its alias "${alias}" reaches, and stage "${stage.name}" demands that functions shift gradually ("mustBeGradual" ` +
  'in seedbed.yml); name the function there without an alias, and it is given this one';

/** @returns the functions that CodeDeploy shifts; the aliases of all others simply move. */
export const gradualOnes = (shifts: readonly PlannedShift[] | undefined): readonly PlannedShift[] =>
  (shifts ?? []).filter(({ because }) => because === undefined);
