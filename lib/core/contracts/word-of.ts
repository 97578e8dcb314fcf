import * as z from 'zod';

/**
 * @param words that are known
 * @returns the schema of a word that is stored and shown beside a sentence, and by which nothing is decided: one that a
 * newer version of Seedbed has written is kept as it is
 */
export const wordOf = <Word extends string>(words: readonly Word[]): z.ZodType<Word> =>
  z.union([z.enum(words as readonly [Word, ...Word[]]), z.string() as unknown as z.ZodType<Word>]);
