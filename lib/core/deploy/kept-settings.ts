import type { Template } from '../template/template';
import { isJsonObject } from '../text/canonical-json';

/** Tags that AWS gives by itself; nobody may write them. */
const OF_AWS = /^aws:/i;

/**
 * The tags that a stack is given take the place of all that it has
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html), and with them those of its
 * resources: what somebody else gave it, costs are told apart by, say.
 *
 * @param found tags of the stack, if there is one
 * @param ours  tags that it is to have whatever it has
 */
export const keptTags = (
  found: Readonly<Record<string, string>> | undefined,
  ours: Readonly<Record<string, string>>,
): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(found ?? {}).filter(([key]) => !OF_AWS.test(key))),
  ...ours,
});

/**
 * A parameter that an update does not give has the template's default again. What a stack was given once it keeps; what
 * it had as the default follows the default of its next template.
 *
 * @param values  parameters of the stack
 * @param current the template that it has; undefined if that cannot be read
 * @returns names of the parameters that keep their value
 */
export function keptParameters(
  values: Readonly<Record<string, string>> | undefined,
  { current, next }: { readonly current: Template | undefined; readonly next: Template },
): readonly string[] {
  const defaultOf = (template: Template | undefined, name: string): string | undefined => {
    const { Default } = template?.Parameters?.[name] ?? {};
    return Default === undefined || isJsonObject(Default) ? undefined : String(Default);
  };
  return Object.entries(values ?? {}).flatMap(([name, value]) => {
    if (next.Parameters?.[name] === undefined) return [];
    const isGiven = value !== defaultOf(current, name) || defaultOf(next, name) === undefined;
    return isGiven ? [name] : [];
  });
}
