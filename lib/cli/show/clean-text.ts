const ESC = '\u001b';
const BELL = '\u0007';
/**
 * Escape sequences of terminals (https://en.wikipedia.org/wiki/ANSI_escape_code): CSI, OSC, other strings, the rest.
 */
const SEQUENCES = new RegExp(
  [
    `${ESC}\\[[0-?]*[ -/]*[@-~]`,
    `${ESC}\\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\)?`,
    `${ESC}[PX^_][^${ESC}]*(?:${ESC}\\\\)?`,
    `${ESC}[ -/]*[0-~]`,
  ].join('|'),
  'g',
);
/** What else moves the cursor or hides text; bidirectional overrides show text as it is not. */
const CONTROLS = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** @returns text of a repository as it may go to a terminal: it cannot move the cursor, colour or hide anything. */
export const cleanText = (text: string): string => text.replace(SEQUENCES, '').replace(CONTROLS, '');

/** @returns a value with all of its texts cleaned, also those of keys. */
export function cleanDeep<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value) as T;
  if (Array.isArray(value)) return value.map(cleanDeep) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [cleanText(key), cleanDeep(one)])) as T;
}
