import { boundText } from './bound-text';

/** Sentences of one list, and characters of each: what a person reads, and what fits into an item or an event. */
const MOST_TOLD = 20;
const LONGEST = 1_000;

/**
 * @param sentences in the order in which to tell them: what failed comes first
 * @param options `most`: how many are told; `others`: what the rest are: `services failed`
 * @returns them in one text, each bounded, with how many more there are
 */
export function tellSome(
  sentences: readonly string[],
  { most = MOST_TOLD, others = '' }: { readonly most?: number; readonly others?: string } = {},
): string {
  const told = sentences.slice(0, most).map((sentence) => boundText(sentence, LONGEST));
  const left = sentences.length - told.length;
  return [...told, ...(left > 0 ? [`and ${left} more${others && ` ${others}`}`] : [])].join('; ');
}
