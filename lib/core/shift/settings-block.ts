import type { ShiftSettings } from '../contracts/settings';
import type { Shift } from '../contracts/shift';
import { isJsonObject, type Json } from '../text/canonical-json';
import { type ConfigProblem, keyText, type Place, shown } from '../text/place';
import { readShift, SHIFT_KEYS, unknownKeys, wholeNumber } from './read-shift';
import { type PlacedReference, readAlarms, readTriggers, type WrittenTrigger } from './settings-lists';

/** One block of settings, read as far as it can be without knowing the service. What is not written is absent. */
export interface SettingsBlock {
  /** The file it is written in, as messages name it, and where. */
  readonly file: string;
  readonly place: Place;
  readonly shift?: { readonly shift: Shift; readonly place: Place };
  readonly alias?: string;
  /** Key of a function of the service. */
  readonly preTrafficHook?: string;
  readonly postTrafficHook?: string;
  readonly alarms?: readonly PlacedReference[];
  readonly triggers?: readonly WrittenTrigger[];
  /** The stages that the settings are for. */
  readonly stages?: readonly string[];
  readonly unit?: ShiftSettings['unit'];
  readonly hookTimeout?: number;
}

/** A block, and what is wrong with it. */
export interface BlockReading {
  readonly block: SettingsBlock;
  readonly problems: readonly ConfigProblem[];
}

/** What a block may set: those of the plug-in serverless-plugin-canary-deployments, `canary` and `linear`. */
const FUNCTION_KEYS = [
  ...SHIFT_KEYS,
  'alias',
  'preTrafficHook',
  'postTrafficHook',
  'alarms',
  'triggerConfigurations',
] as const;
/**
 * Two have no effect: an app chooses no roles, since the platform would pass on whatever it names (`codeDeployRole`), and the
 * role whose boundary `codeDeployRolePermissionsBoundary` is was made by the plug-in.
 */
const SERVICE_KEYS = ['stages', 'codeDeployRole', 'codeDeployRolePermissionsBoundary', 'unit', 'hookTimeout'] as const;

/** A Lambda function runs no longer. */
const LONGEST_HOOK = 900;
/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
const ALIAS = /^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/;

/**
 * Reads a block of settings.
 *
 * @param value what was written
 * @param at where; `scope` says whether it is of one function or of a whole service
 */
export function readSettingsBlock(
  value: unknown,
  at: { readonly file: string; readonly place: Place; readonly scope: 'function' | 'service' },
): BlockReading {
  const { file, place, scope } = at;
  if (value === undefined || value === null) return { block: { file, place }, problems: [] };
  if (!isJsonObject(value as Json)) {
    const message = `"${keyText(place)}" is ${shown(value)}; write a map of settings, such as "type: Canary10Percent5Minutes"`;
    return { block: { file, place }, problems: [{ place, message }] };
  }
  const block = Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined));
  const problems: ConfigProblem[] = keyProblems(block, place, scope);
  const { shift, place: shiftPlace, problems: shiftProblems } = readShift(block, place);
  problems.push(...shiftProblems);
  const reader: Reader = { block, place, problems };
  const text = (key: string, pattern: RegExp, expected: string) =>
    readKey(reader, key, expected, (one) => (typeof one === 'string' && pattern.test(one) ? one : undefined));
  const listAt = (key: string) => ({ value: block[key], place: [...place, key], problems });

  const read: Omit<SettingsBlock, 'file' | 'place'> = {
    ...(shift && { shift: { shift, place: shiftPlace! } }),
    ...text(
      'alias',
      ALIAS,
      'write letters, digits, "-" or "_", at most 128 and not digits alone, which Lambda takes for a version',
    ),
    ...text('preTrafficHook', /./, 'write the key of a function of this service'),
    ...text('postTrafficHook', /./, 'write the key of a function of this service'),
    ...(block.alarms !== undefined && { alarms: readAlarms(listAt('alarms')) }),
    ...(block.triggerConfigurations !== undefined && { triggers: readTriggers(listAt('triggerConfigurations')) }),
    ...(scope === 'service' && {
      ...readKey(reader, 'stages', 'write a list of stages', stagesOf),
      ...readKey(reader, 'unit', 'write service or function', (one) =>
        one === 'service' || one === 'function' ? one : undefined,
      ),
      ...readKey(reader, 'hookTimeout', `write a whole number of seconds from 1 to ${LONGEST_HOOK}`, (one) => {
        const seconds = wholeNumber(one) ?? 0;
        return seconds >= 1 && seconds <= LONGEST_HOOK ? seconds : undefined;
      }),
    }),
  };
  return { block: { file, place, ...read }, problems };
}

interface Reader {
  readonly block: Readonly<Record<string, unknown>>;
  readonly place: Place;
  readonly problems: ConfigProblem[];
}

function keyProblems(block: object, place: Place, scope: 'function' | 'service'): ConfigProblem[] {
  const known: readonly string[] = scope === 'service' ? [...FUNCTION_KEYS, ...SERVICE_KEYS] : FUNCTION_KEYS;
  const elsewhere = SERVICE_KEYS.filter((key) => !known.includes(key) && Object.hasOwn(block, key));
  return [
    ...elsewhere.map((key) => ({
      place: [...place, key],
      message: `"${keyText([...place, key])}" is a setting of the whole service; move it to "custom.deploymentSettings.${key}"`,
    })),
    ...unknownKeys(block as Readonly<Record<string, unknown>>, [...known, ...elsewhere], place),
  ];
}

function readKey<K extends string, T>(
  { block, place, problems }: Reader,
  key: K,
  expected: string,
  read: (value: unknown) => T | undefined,
): { readonly [key in K]?: T } {
  const value = block[key];
  if (value === undefined) return {};
  const result = read(value);
  if (result !== undefined) return { [key]: result } as { readonly [key in K]?: T };
  const at = [...place, key];
  problems.push({ place: at, message: `"${keyText(at)}" is ${shown(value)}; ${expected}` });
  return {};
}

function stagesOf(value: unknown): readonly string[] | undefined {
  const stages = Array.isArray(value) ? value : [value];
  return stages.every((stage) => typeof stage === 'string') ? stages : undefined;
}
