import type { TransformOptions } from '../../../lib/core/template/alias-transform';
import type { InvocationSite } from '../../../lib/core/template/invocation-sites';
import type { Resource, Template } from '../../../lib/core/template/template';
import type { Json, JsonObject } from '../../../lib/core/text/canonical-json';
import { HOME } from './resolve-value';

/** Freezes a value all the way down, so that a test fails where anything is changed in place. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) frozen(child);
    Object.freeze(value);
  }
  return value;
}

/** A template of these resources, which nothing can change. */
export const aTemplate = (Resources: Record<string, Resource>, more: JsonObject = {}): Template =>
  frozen({ AWSTemplateFormatVersion: '2010-09-09', ...more, Resources } as Template);

/** A function resource. */
export const aFunction = (properties: JsonObject = {}, more: Partial<Resource> = {}): Resource => ({
  Type: 'AWS::Lambda::Function',
  ...more,
  Properties: {
    Code: { S3Bucket: 'code', S3Key: 'fn.zip' },
    Handler: 'index.main',
    Runtime: 'nodejs22.x',
    ...properties,
  },
});

/** A resource of any type. */
export const aResource = (Type: string, Properties: JsonObject, more: Partial<Resource> = {}): Resource => ({
  Type,
  ...more,
  Properties,
});

/** Options of a first release. */
export const options = (more: Partial<TransformOptions> = {}): TransformOptions => ({
  alias: 'live',
  liveVersions: {},
  home: HOME,
  ...more,
});

/** @returns properties with `value` at a place of the table of invocation sites, and what else makes it one. */
export function propertiesWith({ path, when }: Pick<InvocationSite, 'path' | 'when'>, value: Json): JsonObject {
  const build = (rest: readonly string[]): Json => {
    const [head, ...more] = rest;
    if (head === undefined) return value;
    if (head === '[]') return [build(more)];
    return { [head === '*' ? 'Some' : head]: build(more) };
  };
  const properties = build(path.replaceAll('[]', '.[]').split('.')) as JsonObject;
  if (when === undefined) return properties;
  // Both are properties of one object.
  const [object, key] = when.path.split('.') as [string, string];
  return { [object]: { ...(properties[object] as JsonObject), [key]: `arn:aws:scheduler::${when.ends}` } };
}

/** @returns what stands at `path` of a resource's properties. */
export function valueAt(resource: Resource | undefined, path: string): Json | undefined {
  let value: Json | undefined = resource?.Properties;
  for (const part of path.replaceAll('[]', '.0').replaceAll('*', 'Some').split('.')) {
    value = (value as Record<string, Json | undefined> | undefined)?.[part];
  }
  return value;
}
