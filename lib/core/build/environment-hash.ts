import { createHash, createHmac } from 'node:crypto';
import { canonicalJson } from '../text/canonical-json';

/** The hash of no environment at all; what manifests said before stages had one. */
export const NO_ENVIRONMENT = createHash('sha256').update('{}').digest('hex');

/**
 * @param variables name → value
 * @param salt random bytes of the stage, as text
 * @returns a hash that shows whether anything changed; without the salt nobody can test values against it
 */
export const environmentHash = (variables: Readonly<Record<string, string>>, salt: string): string =>
  Object.keys(variables).length === 0
    ? NO_ENVIRONMENT
    : createHmac('sha256', salt).update(canonicalJson(variables)).digest('hex');

/**
 * @param stamps of the layers of a stage's environment, undefined for one that never had a variable
 * @returns one stamp for all of them, undefined if none has one
 */
export const stampOf = (stamps: readonly (string | undefined)[]): string | undefined =>
  stamps.every((stamp) => stamp === undefined) ? undefined : stamps.map((stamp) => stamp ?? '-').join(' ');
