import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';
import { ifArguments, intrinsicOf } from './intrinsics';

/** What stands at a path, and where: `path` has list positions in it (`Targets[0].Arn`). */
export type AtPath = (value: Json, path: string) => Json;

/**
 * Maps what stands at `path` within `properties`. Both branches of an Fn::If on the way are followed; where the path
 * leads nowhere, nothing changes.
 *
 * @param path as in {@link InvocationSite}: `Targets[].Arn`, `LambdaConfig.*`
 */
export const mapAtPath = (properties: JsonObject, path: string, map: AtPath): JsonObject =>
  step(properties, path.replaceAll('[]', '.[]').split('.'), '', map) as JsonObject;

function step(value: Json, path: readonly string[], at: string, map: AtPath): Json {
  const branches = ifArguments(value);
  const [head, ...rest] = path;
  if (branches !== undefined && head !== undefined) {
    const [condition, yes, no] = branches;
    return { 'Fn::If': [condition, step(yes, path, at, map), step(no, path, at, map)] };
  }
  if (head === undefined) return map(value, at);
  if (head === '[]') {
    return Array.isArray(value) ? value.map((element, index) => step(element, rest, `${at}[${index}]`, map)) : value;
  }
  if (!isJsonObject(value) || intrinsicOf(value) !== undefined) return value;
  const keys = head === '*' ? Object.keys(value) : Object.hasOwn(value, head) ? [head] : [];
  const mapped = keys.map((key) => [key, step(value[key]!, rest, at === '' ? key : `${at}.${key}`, map)] as const);
  return { ...value, ...Object.fromEntries(mapped) };
}

/** @returns what stands at a path of plain properties, or undefined. */
export function atPath(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [head, ...rest] = path;
  if (head === undefined || value === undefined) return value;
  return isJsonObject(value) ? atPath(value[head], rest) : undefined;
}

/** @returns the value with `to` at a path of plain properties; objects on the way are made if they are missing. */
export function withAtPath(value: Json | undefined, path: readonly string[], to: Json): Json {
  const [head, ...rest] = path;
  if (head === undefined) return to;
  const object = isJsonObject(value) ? value : {};
  return { ...object, [head]: withAtPath(object[head], rest, to) };
}
