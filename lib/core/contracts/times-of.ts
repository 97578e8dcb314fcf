import * as z from 'zod';

/**
 * @param parts whose times are told
 * @param time the schema of one
 * @returns the schema of milliseconds by part: one that did not happen is absent, and one that only a newer version of
 * Seedbed knows is left out
 */
export const timesOf = <Part extends string>(parts: readonly Part[], time: z.ZodNumber) =>
  z.object(
    Object.fromEntries(parts.map((part) => [part, time.optional()])) as {
      readonly [Key in Part]: z.ZodOptional<z.ZodNumber>;
    },
  );
