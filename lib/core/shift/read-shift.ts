import { configurationName } from '../contracts/code-deploy-names';
import { ALL_AT_ONCE, type Shift } from '../contracts/shift';
import { isJsonObject, type Json } from '../text/canonical-json';
import { nearest } from '../text/nearest';
import { type ConfigProblem, keyText, meant, type Place, shown } from '../text/place';
import { stepCount } from './carefulness';

/** What became of a shift as somebody wrote it: the shift and where it stands, nothing at all, or problems. */
export interface ShiftReading {
  readonly shift?: Shift;
  readonly place?: Place;
  readonly problems: readonly ConfigProblem[];
}

/** The keys of a block that say how traffic moves; only one of them at a time. */
export const SHIFT_KEYS = ['type', 'canary', 'linear'] as const;

const CODEDEPLOY_PREFIX = 'CodeDeployDefault.';
const LAMBDA_PREFIX = 'Lambda';

const canary = (minutes: number): Shift => ({ kind: 'canary', percent: 10, minutes });
const linear = (minutes: number): Shift => ({ kind: 'linear', percent: 10, minutes });

/** The nine that every account has, by CodeDeploy's names without `CodeDeployDefault.Lambda`: the plug-in's and SAM's. */
const PREDEFINED: ReadonlyMap<string, Shift> = new Map(
  [ALL_AT_ONCE, ...[5, 10, 15, 30].map(canary), ...[1, 2, 3, 10].map(linear)].map((shift) => [
    configurationName(shift).slice(CODEDEPLOY_PREFIX.length + LAMBDA_PREFIX.length),
    shift,
  ]),
);
/** The short names of the predefined types. */
export const SHIFT_TYPES: readonly string[] = ['all-at-once', ...PREDEFINED.keys()];

/**
 * Reads how traffic is to move, from whichever of `SHIFT_KEYS` a block has.
 *
 * @param block the map that was written; its other keys are not looked at
 * @param place where it stands
 */
export function readShift(block: Readonly<Record<string, unknown>>, place: Place): ShiftReading {
  const written = SHIFT_KEYS.filter((key) => block[key] !== undefined && block[key] !== null);
  const [key, second] = written;
  if (key === undefined) return { problems: [] };
  if (second !== undefined) {
    const keys = written.map((one) => `"${keyText([...place, one])}"`).join(' and ');
    return { problems: [{ place: [...place, second], message: `${keys} say the same thing twice; keep one of them` }] };
  }
  const at = [...place, key];
  return key === 'type' ? readShiftType(block.type, at) : readCustomShift(key, block[key], at);
}

/** Reads one of the predefined types, by any of its names. */
export function readShiftType(value: unknown, place: Place): ShiftReading {
  const shift = typeof value === 'string' ? predefined(value) : undefined;
  if (shift !== undefined) return { shift, place, problems: [] };
  const is = `"${keyText(place)}" is ${shown(value)}`;
  if (typeof value !== 'string') return refused(place, `${is}; write a type, such as ${SHIFT_TYPES[1]}`);
  return refused(place, `${is}, which is no type of shift; ${hint(value)}`);
}

const refused = (place: Place, message: string): ShiftReading => ({ problems: [{ place, message }] });

function predefined(type: string): Shift | undefined {
  return type === 'all-at-once' ? ALL_AT_ONCE : PREDEFINED.get(shortName(type));
}

const shortName = (type: string): string => withoutPrefix(withoutPrefix(type, CODEDEPLOY_PREFIX), LAMBDA_PREFIX);
const withoutPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

/** A name of the right form with other numbers is meant as it is written, and can be had. */
function hint(type: string): string {
  const name = shortName(type);
  const [, kind, percent, minutes] = /^(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?$/.exec(name) ?? [];
  const near = nearest(name, SHIFT_TYPES);
  const custom =
    kind === undefined ? undefined : `write "${kind.toLowerCase()}: { percent: ${percent}, minutes: ${minutes} }"`;
  if (custom !== undefined) return `${custom} in its place${near === undefined ? '' : `, or did you mean "${near}"?`}`;
  return near === undefined
    ? `use one of ${SHIFT_TYPES.slice(1).join(', ')}, or a "canary:" or "linear:" of your own`
    : `did you mean "${near}"?`;
}

const CUSTOM_KEYS = ['percent', 'minutes'] as const;

/** CodeDeploy's bounds: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const MAX_PERCENT = 99;
const MAX_MINUTES = 2880;

function readCustomShift(kind: 'canary' | 'linear', value: unknown, place: Place): ShiftReading {
  if (!isJsonObject(value as Json)) {
    return refused(place, `"${keyText(place)}" is ${shown(value)}; write "{ percent: 10, minutes: 5 }"`);
  }
  const block = value as Readonly<Record<string, unknown>>;
  const problems: ConfigProblem[] = unknownKeys(block, CUSTOM_KEYS, place);
  const number = (key: (typeof CUSTOM_KEYS)[number], most: number, why = ''): number | undefined => {
    const read = wholeNumber(block[key]);
    if (read !== undefined && read >= 1 && read <= most) return read;
    const is = block[key] === undefined ? 'is missing' : `is ${shown(block[key])}`;
    const at = [...place, key];
    problems.push({
      place: block[key] === undefined ? place : at,
      message: `"${keyText(at)}" ${is}; write a whole number from 1 to ${most}${why}`,
    });
    return undefined;
  };
  const percent = number('percent', MAX_PERCENT);
  const steps = kind === 'canary' || percent === undefined ? 2 : stepCount(percent);
  const minutes = number(
    'minutes',
    Math.floor(MAX_MINUTES / (steps - 1)),
    steps > 2 ? `: its ${steps} steps are at most ${MAX_MINUTES} minutes apart, the last from the first` : '',
  );
  if (problems.length > 0) return { problems };
  return { shift: { kind, percent: percent!, minutes: minutes! }, place, problems };
}

/** @returns a problem for each key of a block that nothing knows. */
export const unknownKeys = (
  block: Readonly<Record<string, unknown>>,
  known: readonly string[],
  place: Place,
): ConfigProblem[] =>
  Object.keys(block)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      place: [...place, key],
      message: `unknown key "${keyText([...place, key])}"; ${meant(nearest(key, known), known)}`,
    }));

/** A value that comes from a variable may be text. */
export function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}
