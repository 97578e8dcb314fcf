import { NO_STAGE_SHIFT, type StageShift } from '../core/contracts/settings';
import { readShift, readShiftType, SHIFT_KEYS, unknownKeys } from '../core/shift/read-shift';
import type { ConfigProblem } from '../core/text/place';
import { keyText, type Place, shown } from '../core/text/place';

const KEYS = [...SHIFT_KEYS, 'mustBeGradual'];

/** What a stage demands of every shift, or what is wrong with how that is written. */
export interface StageShiftReading {
  readonly shift: StageShift;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads `shift` of a stage in seedbed.yml: a type, or a map with one of `SHIFT_KEYS` and `mustBeGradual`.
 *
 * @returns the floor; all at once where nothing is said
 */
export function readStageShift(value: unknown, place: Place): StageShiftReading {
  if (value === undefined || value === null) return { shift: NO_STAGE_SHIFT, problems: [] };
  if (typeof value !== 'object' || Array.isArray(value)) {
    const { shift, problems } = readShiftType(value, place);
    return { shift: { ...NO_STAGE_SHIFT, ...(shift && { shift }) }, problems };
  }
  const block = value as Readonly<Record<string, unknown>>;
  const read = readShift(block, place);
  const { mustBeGradual = false } = block;
  const problems = [...unknownKeys(block, KEYS, place), ...read.problems];
  const at = [...place, 'mustBeGradual'];
  if (typeof mustBeGradual !== 'boolean') {
    problems.push({ place: at, message: `"${keyText(at)}" is ${shown(mustBeGradual)}; write true or false` });
  }
  const shift = read.shift ?? NO_STAGE_SHIFT.shift;
  if (mustBeGradual === true && shift.kind === 'all-at-once' && problems.length === 0) {
    const message = `"${keyText(at)}" is true, but the stage asks for no gradual shift; add one, such as "canary: { percent: 10, minutes: 5 }", or remove the key`;
    problems.push({ place: at, message });
  }
  return { shift: { shift, mustBeGradual: mustBeGradual === true }, problems };
}
