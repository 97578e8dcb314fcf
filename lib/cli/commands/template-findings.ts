import {
  type FunctionShift,
  NO_SHIFT_SETTINGS,
  NO_STAGE_SHIFT,
  type Reference,
  type ShiftSettings,
  type StageShift,
} from '../../core/contracts/settings';
import { describeShiftPace } from '../../core/shift/carefulness';
import { planShifts } from '../../core/shift/plan-shifts';
import type { TransformedTemplate } from '../../core/template/alias-transform';
import { mapValues, type Template } from '../../core/template/template';
import { table } from '../show/table';

interface Found {
  readonly transformed: TransformedTemplate;
  readonly alias: string;
  readonly stage: string;
  /** Absent if no settings file was given. */
  readonly settings: ShiftSettings | undefined;
}

/**
 * @param packaged the template before the transform
 * @returns lines that tell what a person should know of the transformed template
 */
export function describeFindings(
  packaged: Template,
  { transformed, alias, stage, settings }: Found,
): readonly string[] {
  const { functions, notAliased, warnings } = transformed;
  const aliased = Object.keys(functions);
  const shifts = describeShifts(packaged, aliased, { alias, stage, settings: settings ?? NO_SHIFT_SETTINGS });
  return [
    `${count(aliased.length, 'function')} with alias "${alias}"`,
    ...section(
      'without an alias',
      notAliased.map(({ logicalId, reason }) => [logicalId, reason]),
    ),
    ...section(
      'warnings',
      warnings.map(({ path, message }) => [path, message]),
    ),
    ...section(`shifts in stage "${stage}"`, shifts),
  ];
}

const section = (title: string, rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : ['', `${title}:`, ...table(rows).map((line) => `  ${line}`)];

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** A demand that a stage may make, to find the functions that could not meet it. */
const SOME_FLOOR: StageShift = { shift: { kind: 'canary', percent: 10, minutes: 5 }, mustBeGradual: false };

/** How functions that are already deployed would shift; what the stage demands of them is not known here. */
function describeShifts(
  packaged: Template,
  aliased: readonly string[],
  { alias, stage, settings }: Pick<Found, 'alias' | 'stage'> & { readonly settings: ShiftSettings },
): readonly (readonly [logicalId: string, shift: string])[] {
  const functions = aliased.map((logicalId) => ({ logicalId, isDeployed: true }));
  const plan = (asked: ShiftSettings, floor: StageShift) => {
    const input = { settings: asked, stage: { name: stage, shift: floor }, functions, after: packaged, alias };
    const { shifts } = planShifts({ ...input, before: undefined, isRollback: false });
    return new Map(shifts.map(({ logicalId, because }) => [logicalId, because]));
  };
  const asked = plan(settings, NO_STAGE_SHIFT);
  const others = mapValues(settings.functions, ({ shift: _, ...one }) => one);
  const demanded = plan({ ...settings, functions: others }, SOME_FLOOR);
  return aliased.map((id) => {
    const wish = settings.functions[id];
    const because = (wish?.shift === undefined ? demanded : asked).get(id);
    const pace = wish?.shift === undefined ? 'as the stage demands' : describeShiftPace(wish.shift);
    const how = because === undefined ? pace : `all at once: ${because.message}`;
    return [id, [how, ...(wish === undefined ? [] : describeGuards(wish))].join('; ')] as const;
  });
}

function describeGuards({ preTrafficHook, postTrafficHook, alarms, triggers }: FunctionShift): readonly string[] {
  const listed = (what: string, references: readonly Reference[]) =>
    references.length === 0 ? [] : [`${what} ${references.map(nameOf).join(', ')}`];
  return [
    ...(preTrafficHook === undefined ? [] : [`tested before the shift by ${preTrafficHook}`]),
    ...(postTrafficHook === undefined ? [] : [`tested after the shift by ${postTrafficHook}`]),
    ...listed('stopped by', alarms),
    ...listed(
      'notifies',
      triggers.map(({ topic }) => topic),
    ),
  ];
}

const nameOf = (reference: Reference): string => ('name' in reference ? reference.name : reference.logicalId);
