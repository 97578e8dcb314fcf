import { isJsonObject } from '../text/canonical-json';

/** Values by name, and what is wrong with how they are written. */
export interface Assignments {
  readonly values: Readonly<Record<string, string>>;
  readonly problem?: string;
}

/** A word, parts of which may be quoted. */
const WORD = /(?:[^\s"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')+/g;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g;
const KEY_AND_VALUE = /^ParameterKey=(.+?),ParameterValue=(.*)$/s;

/**
 * Reads what `sam deploy` takes for `parameter_overrides` and `tags`: `Name=value Other="two words"`, a list of such
 * texts, a map, or for parameters `ParameterKey=Name,ParameterValue=value`.
 *
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html
 */
export function parseAssignments(written: string | readonly string[] | Readonly<Record<string, string>>): Assignments {
  if (isJsonObject(written)) return { values: written as Readonly<Record<string, string>> };
  const values: Record<string, string> = {};
  for (const text of [written].flat() as readonly string[]) {
    const left = text.replace(WORD, ' ').trim();
    if (left !== '') return { values, problem: `a quotation mark in "${text}" is not closed; close it` };
    for (const [word] of text.matchAll(WORD)) {
      const [, key, value] = KEY_AND_VALUE.exec(plain(word)) ?? /^([^=]+)=(.*)$/s.exec(plain(word)) ?? [];
      if (key === undefined || value === undefined) {
        return { values, problem: `"${word}" is no "Name=value"; write it so, and in quotes if it has spaces` };
      }
      values[key] = value;
    }
  }
  return { values };
}

const plain = (word: string): string =>
  word.replace(QUOTED, (_, double?: string, single?: string) => (double ?? single ?? '').replace(/\\(.)/gs, '$1'));
