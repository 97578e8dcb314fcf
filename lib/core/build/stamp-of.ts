/**
 * @param stamps of the layers of a stage's environment, undefined for one that never had a variable
 * @returns one stamp for all of them, undefined if none has one
 */
export const stampOf = (stamps: readonly (string | undefined)[]): string | undefined =>
  stamps.every((stamp) => stamp === undefined) ? undefined : stamps.map((stamp) => stamp ?? '-').join(' ');
