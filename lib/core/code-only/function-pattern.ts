/** What a name in seed.yml or seedbed.yml has for the stage. */
const STAGE = /\$\{stage\}/g;

/** What Lambda takes for a name: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const FUNCTION_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** A name of functions as it is written: `*` stands for anything, `${stage}` for the stage. */
export const FUNCTION_PATTERN = /^([A-Za-z0-9_*-]|\$\{stage\})+$/;

/** @returns the name, or pattern of names, that something written stands for in a stage. */
export const inStage = (written: string, stage: string): string => written.replace(STAGE, () => stage);

/** @returns whether a function's name is one that a pattern stands for, in which `*` is anything. */
export const matchesPattern = (pattern: string, name: string): boolean => middleOf(pattern, name) !== undefined;

/**
 * @param pattern with one `*` at the most
 * @returns what stands in a text where the pattern has its `*`; empty if it has none; undefined if they differ
 */
export function middleOf(pattern: string, text: string): string | undefined {
  const parts = pattern.split('*');
  if (parts.length === 1) return text === pattern ? '' : undefined;
  const [first, ...others] = parts;
  const last = others.at(-1)!;
  if (!text.startsWith(first!) || !text.endsWith(last) || text.length < first!.length + last.length) return undefined;
  const middle = text.slice(first!.length, text.length - last.length);
  let rest = middle;
  for (const part of others.slice(0, -1)) {
    const at = rest.indexOf(part);
    if (at === -1) return undefined;
    rest = rest.slice(at + part.length);
  }
  return middle;
}
