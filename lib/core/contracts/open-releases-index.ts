/**
 * Index of the state table over the releases that wait or run in any stage, for the sweep. Sparse: only those releases
 * have the attribute `open` (their id); a running release is the one that holds its stage's lock.
 */
export const OPEN_RELEASES_INDEX = { name: 'open-releases', partitionKey: 'open' } as const;
