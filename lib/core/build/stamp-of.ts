/**
 * @param stamps of the layers of a stage's environment, undefined for one that never had a variable
 * @returns one stamp of all, undefined if there is none
 */
export const stampOf = (stamps: readonly (string | undefined)[]): string | undefined =>
  stamps.every((stamp) => stamp === undefined) ? undefined : stamps.map((stamp) => stamp ?? '-').join(' ');
