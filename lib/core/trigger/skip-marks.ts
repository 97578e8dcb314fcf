/**
 * GitHub's own marks, which people write already, and ours for those who want their other automation to run.
 * https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs
 */
const MARKS = [
  '[skip ci]',
  '[ci skip]',
  '[no ci]',
  '[skip actions]',
  '[actions skip]',
  '[skip seedbed]',
  '[seedbed skip]',
];

/** A trailer is a line of the last paragraph. */
const TRAILER = /^skip-checks:[ \t]*true[ \t]*$/im;

/** @returns the mark in a commit's message that asks for no release, as it is written; undefined if there is none. */
export function skipMarkOf(message: string): string | undefined {
  const lower = message.toLowerCase();
  const mark = MARKS.find((one) => lower.includes(one));
  if (mark !== undefined) return mark;
  const paragraphs = message
    .replaceAll('\r\n', '\n')
    .trimEnd()
    .split(/\n[ \t]*\n/);
  return paragraphs.length > 1 && TRAILER.test(paragraphs.at(-1)!) ? 'skip-checks: true' : undefined;
}
