import { describeShiftPace } from '../core/shift/carefulness';
import type { FunctionShift, Reference, ShiftSettings } from '../core/shift/settings';
import type { TransformedTemplate } from '../core/template/alias-transform';
import type { Template } from '../core/template/template';
import { trafficSources } from '../core/template/traffic-sources';
import { unweightable } from '../core/template/unweightable';
import { table } from './table';

interface Found {
  readonly transformed: TransformedTemplate;
  readonly alias: string;
  readonly stage: string;
  /** Absent: nobody said how to shift. */
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
  const sources = trafficSources(packaged, alias);
  const shifts = aliased.map((id) => [id, describeShift(packaged, id, { alias, settings, sources })]);
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

function describeShift(
  packaged: Template,
  logicalId: string,
  { alias, settings, sources }: Pick<Found, 'alias' | 'settings'> & { readonly sources: ReadonlySet<string> },
): string {
  const user = Object.entries(settings?.functions ?? {}).find(([, { preTrafficHook, postTrafficHook }]) =>
    [preTrafficHook, postTrafficHook].includes(logicalId),
  );
  if (user !== undefined) return `all at once: it is a hook of ${user[0]}`;
  const asked = settings?.functions[logicalId];
  const pace = asked?.shift === undefined ? 'as the stage demands' : describeShiftPace(asked.shift);
  const obstacle = unweightable(undefined, packaged, logicalId, alias)?.message;
  const reason = obstacle ?? (sources.has(logicalId) ? undefined : 'nothing in the template invokes its alias');
  const isGradual = asked?.shift?.kind !== 'all-at-once';
  return [
    isGradual && reason !== undefined ? `all at once: ${reason}` : pace,
    ...(asked === undefined ? [] : describeGuards(asked)),
  ].join('; ');
}

function describeGuards({ preTrafficHook, postTrafficHook, alarms, triggers }: FunctionShift): readonly string[] {
  const listed = (what: string, references: readonly Reference[]) =>
    references.length === 0 ? [] : [`${what} ${references.map(nameOf).join(', ')}`];
  return [
    ...(preTrafficHook === undefined ? [] : [`tested before by ${preTrafficHook}`]),
    ...(postTrafficHook === undefined ? [] : [`tested after by ${postTrafficHook}`]),
    ...listed('stopped by', alarms),
    ...listed(
      'told to',
      triggers.map(({ topic }) => topic),
    ),
  ];
}

const nameOf = (reference: Reference): string => ('name' in reference ? reference.name : reference.logicalId);
