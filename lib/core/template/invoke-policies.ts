import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';
import type { FunctionNames } from './function-names';
import { ifArguments, intrinsicOf } from './intrinsics';
import { mapValues } from './template';

const INVOKE_ACTIONS = ['lambda:invokefunction', 'lambda:invokeasync', 'lambda:invokefunctionurl'];

/**
 * Lets every policy statement that is about invoking a function be about its alias too (a permission for a function's
 * ARN does not cover its aliases). The alias is written as the function's ARN with a suffix, not as a Ref of the alias:
 * the policy may belong to the role that the function itself needs.
 *
 * @param value properties of an IAM resource
 * @returns the same properties; each Resource list that names an aliased function has the alias behind it
 */
export function allowAliases(value: Json, names: FunctionNames): Json {
  if (Array.isArray(value)) return value.map((element) => allowAliases(element, names));
  if (!isJsonObject(value)) return value;
  if (intrinsicOf(value) !== undefined && ifArguments(value) === undefined) return value;
  if (isInvokeStatement(value)) {
    return mapValues(value, (child, key) =>
      (key === 'Resource' || key === 'NotResource') && child !== undefined ? withAliases(child, names) : child,
    );
  }
  return mapValues(value, (child) => (child === undefined ? undefined : allowAliases(child, names)));
}

function isInvokeStatement(value: JsonObject): boolean {
  const actions = [value.Action ?? []].flat();
  return actions.some((action) => {
    if (typeof action !== 'string') return false;
    const pattern = action.toLowerCase().replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
    const matches = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
    return INVOKE_ACTIONS.some((invoke) => matches.test(invoke));
  });
}

function withAliases(resource: Json, names: FunctionNames): Json {
  const branches = Array.isArray(resource) ? undefined : ifArguments(resource);
  const [condition, yes, no] = branches ?? [];
  if (condition !== undefined && yes !== undefined && no !== undefined && [yes, no].some(Array.isArray)) {
    return { 'Fn::If': [condition, withAliases(yes, names), withAliases(no, names)] };
  }
  const list: readonly Json[] = Array.isArray(resource) ? resource : [resource];
  const present = new Set(list.map(names.encode));
  const added = list.flatMap((element) => {
    const alias = aliasOf(element, names);
    if (alias === undefined || present.has(names.encode(alias))) return [];
    return present.has(`${names.encode(element)}:*`) ? [] : [alias];
  });
  return added.length === 0 ? resource : [...list, ...added];
}

/** @returns the ARN of the alias of the function that `element` names, undefined if it names none or a version. */
function aliasOf(element: Json, names: FunctionNames): Json | undefined {
  const branches = ifArguments(element);
  if (branches !== undefined) {
    const [condition, ...values] = branches;
    const aliases = values.map((value) => aliasOf(value, names));
    if (aliases.every((alias) => alias === undefined)) return undefined;
    return { 'Fn::If': [condition, ...aliases.map((alias): Json => alias ?? { Ref: 'AWS::NoValue' })] };
  }
  const text = names.encode(element);
  const [mention] = names.mentions(text);
  if (mention === undefined || mention.home === 'elsewhere' || !(mention.kind === 'arn' || mention.named))
    return undefined;
  const { target, qualifier, end } = mention;
  const former = qualifier !== undefined && target.formerQualifiers.includes(qualifier);
  if (end !== text.length && !(former && text.length === end + 1 + qualifier.length)) return undefined;
  return names.decode(`${text.slice(0, end)}:${target.aliasName}`, element);
}
