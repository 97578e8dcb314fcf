import * as z from 'zod';

/** What a build clones with: kept as JSON in the SecureString parameter `cloneParameter`, and nowhere else. */
export const CloneCredential = z.object({
  /** Name of the repository; an app may get another one. */
  repository: z.string(),
  /** URL to clone from, without credentials. */
  url: z.string(),
  token: z.string(),
  /** ISO times between which the token is good. */
  from: z.string(),
  until: z.string(),
});
export type CloneCredential = z.infer<typeof CloneCredential>;

/**
 * @param now milliseconds since the epoch
 * @returns whether enough of a token's life is left for a build that has yet to wait for its turn: half of it
 */
export const isFresh = ({ from, until }: CloneCredential, now: number): boolean =>
  now < (Date.parse(from) + Date.parse(until)) / 2;
