import { boundText } from '../text/bound-text';
import { plainText } from './plain-text';

/**
 * Text of others in GitHub's Markdown. In code nothing has a meaning: no HTML, link, image, mention (`@`), issue (`#`)
 * or commit; so all that comes from repositories, errors and stacks is shown as code.
 */

/** @returns a text as code within a line, also in a cell of a table, where even code may not have a bar in it. */
export function codeOf(text: string, longest = 200): string {
  const shown = plainText(text, longest).replaceAll('`', 'ˋ').replaceAll('|', '¦');
  return shown === '' ? '' : `\`${shown}\``;
}

/** @returns a text of several lines as a block of code, fenced so that nothing in it ends the block. */
export function codeBlock(text: string, longest = 4_000): string {
  const cut = boundText(text, longest);
  const lines = cut.split(/\r\n|\r|\n/).map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, ' '));
  const longestRun = Math.max(0, ...(cut.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(Math.max(3, longestRun + 1));
  return [`${fence}text`, ...lines, fence].join('\n');
}

/** What may follow the host of a URL without any meaning in Markdown, HTML or a table. */
const PLAIN_URL = /^https?:\/\/[A-Za-z0-9.-]+(:\d+)?(\/[A-Za-z0-9._~%/=-]*)?$/;

/** @returns whether a text is a URL that people may open as it is. */
export const isPlainUrl = (text: string): boolean => text.length <= 1_000 && PLAIN_URL.test(text);

/** @returns a text as code, or as a link if it is a plain URL. */
export const linkOf = (text: string): string => (isPlainUrl(text) ? `<${text}>` : codeOf(text, 500));
