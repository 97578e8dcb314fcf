const repeated = (what: string, length: number): string => what.repeat(Math.ceil(length / what.length));

/** What is written over and over in texts that mean harm to whoever searches them. */
const REPEATED: readonly string[] = [
  ...['a', '0', ' ', '\n', '\r\n', '\t', '-', '.', '/', '=', '_', ':', '%', '\\', '"', '`', '*', '@'],
  ...['(', '[', '{', '${', '${}', '([{', '://', 'a://', 'a:', 'a@', 'a/', 'a.', 'ab12', ' \n', 'a\n', 'at :1'],
  ...['\u001b', '\u001b[', '\u001b]', '\u001b[31m', '\ud800', '\udc00', '\ud83d\ude00', '\u0000', '\u2028'],
  ...['%41', '&#', '&amp;', '\\u0041', '\\x41', "'\\''", 'arn:aws:lambda:', '__pycache__/', '[skip ci', '\n \n'],
  ...['User: arn:aws:sts::', ':assumed-role/seedbed-cloudformation/', 'skip-checks: true\n', 'npm error at '],
];

/**
 * Texts with which a search that looks at a place more than a few times needs hours: one sign or word for all of their
 * length, without what would end the search, and with something at their end that it does not expect.
 *
 * @param length characters of each, or a few more
 */
export const hostileTexts = (length: number): readonly string[] =>
  REPEATED.flatMap((what) => [`${repeated(what, length)}\u0001`, `x${repeated(what, length)}\n!`]);
