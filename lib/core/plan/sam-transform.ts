import { isJsonObject } from '../text/canonical-json';
import { parseJson } from '../text/parse-json';

/** What makes a CloudFormation template one of SAM. */
export const SAM_TRANSFORM = 'AWS::Serverless-2016-10-31';

/**
 * Tells templates of SAM from all others, also such as cannot be read: what is wrong with one is found when it is
 * packaged. YAML is looked through by lines, since there may be many and large ones in a repository.
 *
 * @param text of a file that is called as templates are
 */
export function hasSamTransform(text: string): boolean {
  const json = parseJson(text);
  if (json !== undefined) return isJsonObject(json) && JSON.stringify(json.Transform ?? '').includes(SAM_TRANSFORM);
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => TRANSFORM.test(line));
  if (start === -1) return text.trimStart().startsWith('{') && text.includes(`"${SAM_TRANSFORM}"`);
  const next = lines.findIndex((line, index) => index > start && NEXT_KEY.test(line));
  const value = lines.slice(start, next === -1 ? undefined : next).map((line) => line.replace(/(^|\s)#.*/, ''));
  return value.some((line) => line.includes(SAM_TRANSFORM));
}

const TRANSFORM = /^["']?Transform["']?\s*:/;
/** A list may begin where its key does. */
const NEXT_KEY = /^[^\s#-]/;
