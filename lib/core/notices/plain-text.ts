/** Control characters, and those that turn the direction of text around or are not to be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** @returns a text of others as one line that shows all there is in it, cut to so many characters. */
export function plainText(text: string, longest = Number.POSITIVE_INFINITY): string {
  const line = text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
