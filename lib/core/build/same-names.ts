import { literalOf } from '../template/function-names';
import { resourcesOfType, type Template } from '../template/template';
import { canonicalJson, type Json } from '../text/canonical-json';

/** Functions of one template that would have one physical name. */
export interface SameName {
  /** As it is written: a text, or the expression that it comes from. */
  readonly name: string;
  readonly logicalIds: readonly string[];
}

/** What is decided only when the stack is deployed, so that equal text says nothing of equal names. */
const UNKNOWN = /"Fn::If"|"AWS::NoValue"/;

/**
 * Finds functions of one name, of which Lambda takes only one in an account and region: "Name must be unique within an
 * account" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html). Of functions that
 * are made on a condition, one may stand in for the other, so they are not looked at.
 */
export function sameNames(template: Template): readonly SameName[] {
  const found = new Map<string, readonly string[]>();
  for (const [logicalId, { Properties, Condition }] of resourcesOfType(template, 'AWS::Lambda::Function')) {
    if (Properties?.FunctionName === undefined || Condition !== undefined) continue;
    const name = nameOf(Properties.FunctionName);
    if (!UNKNOWN.test(name)) found.set(name, [...(found.get(name) ?? []), logicalId]);
  }
  return [...found].flatMap(([name, logicalIds]) => (logicalIds.length > 1 ? [{ name, logicalIds }] : []));
}

const nameOf = (value: Json): string => literalOf(value) ?? canonicalJson(value);
