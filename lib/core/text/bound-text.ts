/**
 * Bounds a text of somebody else's, such as a compiler's, for where many of them have to fit side by side.
 * @param most characters of it that are kept: its beginning, which says what went wrong, and its end, which says where
 * @returns the text; if it is longer, with how much was left out in place of its middle
 */
export function boundText(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor(most / 3);
  const left = text.length - most;
  // No half of a character that takes two.
  const whole = (part: string): string => part.replace(/[\uD800-\uDBFF]$/, '').replace(/^[\uDC00-\uDFFF]/, '');
  return `${whole(text.slice(0, most - end))}… (${left} characters left out) …${whole(text.slice(-end))}`;
}
