import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';

/**
 * A piece of a string that CloudFormation will put together. `other` is an intrinsic that only CloudFormation resolves.
 */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'ref'; readonly id: string }
  | { readonly kind: 'att'; readonly id: string; readonly attribute: string }
  | { readonly kind: 'other'; readonly value: Json };

/** @returns the name of the intrinsic function that `value` is a call of, or undefined. */
export function intrinsicOf(value: Json | undefined): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const keys = Object.keys(value);
  const name = keys.length === 1 ? keys[0] : undefined;
  return name === 'Ref' || name === 'Condition' || name?.startsWith('Fn::') ? name : undefined;
}

/** @returns the three arguments of an `Fn::If`, or undefined if `value` is none. */
export function ifArguments(value: Json | undefined): readonly [condition: Json, yes: Json, no: Json] | undefined {
  const args = intrinsicOf(value) === 'Fn::If' ? (value as JsonObject)['Fn::If'] : undefined;
  return Array.isArray(args) && args.length === 3 ? (args as [Json, Json, Json]) : undefined;
}

/**
 * Takes a string-valued expression apart: Ref, Fn::GetAtt (both spellings), Fn::Sub (one and two arguments), Fn::Join
 * and what is nested in them become one flat list of parts.
 */
export function toParts(value: Json): readonly Part[] {
  if (typeof value === 'string') return [{ kind: 'text', text: value }];
  const name = intrinsicOf(value);
  const argument = name === undefined ? undefined : (value as JsonObject)[name];
  const parts =
    (name === 'Ref' && refParts(argument)) ||
    (name === 'Fn::GetAtt' && attParts(argument)) ||
    (name === 'Fn::Sub' && subParts(argument)) ||
    (name === 'Fn::Join' && joinParts(argument));
  return parts || [{ kind: 'other', value }];
}

const refParts = (argument: Json | undefined): readonly Part[] | undefined =>
  typeof argument === 'string' ? [{ kind: 'ref', id: argument }] : undefined;

function attParts(argument: Json | undefined): readonly Part[] | undefined {
  const [id, ...rest] = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  if (typeof id !== 'string' || rest.length === 0 || rest.some((word) => typeof word !== 'string')) return undefined;
  return [{ kind: 'att', id, attribute: rest.join('.') }];
}

function subParts(argument: Json | undefined): readonly Part[] | undefined {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, undefined];
  if (typeof text !== 'string') return undefined;
  const values = isJsonObject(variables) ? variables : {};
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{(!?)([^${}]*)\}/g)) {
    const [whole, escaped, name = ''] = match;
    parts.push({ kind: 'text', text: text.slice(end, match.index) });
    end = match.index + whole.length;
    const own = Object.hasOwn(values, name) ? values[name] : undefined;
    if (escaped) parts.push({ kind: 'text', text: `\${${name}}` });
    else if (own !== undefined) parts.push(...toParts(own));
    else if (name.includes('.')) parts.push(...(attParts(name.trim()) ?? []));
    else parts.push({ kind: 'ref', id: name.trim() });
  }
  parts.push({ kind: 'text', text: text.slice(end) });
  return parts.filter((part) => part.kind !== 'text' || part.text !== '');
}

/** A branch that is AWS::NoValue takes its delimiter away with it, so such a list is not a plain sequence of parts. */
const mayVanish = (element: Json): boolean => {
  if (intrinsicOf(element) === 'Ref') return (element as JsonObject).Ref === 'AWS::NoValue';
  const branches = ifArguments(element);
  return branches !== undefined && (mayVanish(branches[1]) || mayVanish(branches[2]));
};

function joinParts(argument: Json | undefined): readonly Part[] | undefined {
  const [delimiter, list] = Array.isArray(argument) ? argument : [];
  if (typeof delimiter !== 'string' || !Array.isArray(list) || list.some(mayVanish)) return undefined;
  const between: readonly Part[] = delimiter === '' ? [] : [{ kind: 'text', text: delimiter }];
  return list.flatMap((element, index) => [...(index === 0 ? [] : between), ...toParts(element)]);
}

const partValue = (part: Part): Json => {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'ref') return { Ref: part.id };
  if (part.kind === 'att') return { 'Fn::GetAtt': [part.id, part.attribute] };
  return part.value;
};

const subText = (part: Part): string => {
  if (part.kind === 'text') return part.text.replaceAll('${', '${!');
  return part.kind === 'att' ? `\${${part.id}.${part.attribute}}` : part.kind === 'ref' ? `\${${part.id}}` : '';
};

/**
 * Puts parts together again, in the spelling of the value they came from: text if there is only text, one intrinsic if
 * there is only one part, Fn::Sub if `like` is one, else Fn::Join.
 */
export function fromParts(parts: readonly Part[], like: Json): Json {
  if (parts.length === 1) return partValue(parts[0]!);
  if (parts.every((part) => part.kind === 'text')) return parts.map((part) => part.text).join('');
  if (intrinsicOf(like) === 'Fn::Sub' && parts.every((part) => part.kind !== 'other')) {
    return { 'Fn::Sub': parts.map(subText).join('') };
  }
  return { 'Fn::Join': ['', parts.map(partValue)] };
}

/**
 * Calls `visit` with the logical id (or parameter name), and attribute if there is one, of every Ref, Fn::GetAtt and
 * Fn::Sub variable within `value`.
 *
 * @param options.except values that are not looked into
 */
export function visitReferences(
  value: Json | undefined,
  visit: (id: string, attribute?: string) => void,
  options: { readonly except?: (value: Json) => boolean } = {},
): void {
  if (value === undefined || options.except?.(value)) return;
  if (Array.isArray(value)) for (const element of value) visitReferences(element, visit, options);
  if (!isJsonObject(value)) return;
  const name = intrinsicOf(value);
  const argument = name === undefined ? undefined : value[name];
  if (name === 'Ref' || name === 'Fn::GetAtt' || name === 'Fn::Sub') {
    for (const part of toParts(value)) {
      if (part.kind === 'ref') visit(part.id);
      if (part.kind === 'att') visit(part.id, part.attribute);
    }
    if (name === 'Fn::GetAtt' && Array.isArray(argument) && typeof argument[1] !== 'string') visit(String(argument[0]));
    visitReferences(Array.isArray(argument) ? argument[1] : undefined, visit, options);
    return;
  }
  for (const key of Object.keys(value)) visitReferences(value[key], visit, options);
}
