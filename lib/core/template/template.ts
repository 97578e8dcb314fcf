import { ReleaseError } from '../contracts/errors';
import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';

/** One resource of a CloudFormation template. */
export type Resource = {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: JsonObject;
};

/** A CloudFormation template as a plain JSON object (intrinsic functions in their long form). */
export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, JsonObject>>;
  readonly Parameters?: Readonly<Record<string, JsonObject>>;
  readonly Conditions?: JsonObject;
} & { readonly [section: string]: Json | undefined };

/**
 * @param value what was read from a template file
 * @returns the same value, known to be a template: an object whose `Resources` are objects with a `Type`
 * @throws ReleaseError `TemplateInvalid`, naming the resource
 */
export function asTemplate(value: unknown): Template {
  const resources = isJsonObject(value) ? value.Resources : undefined;
  if (!isJsonObject(resources)) throw new ReleaseError('TemplateInvalid', 'the template has no Resources object');
  for (const [id, resource] of Object.entries(resources)) {
    if (!isJsonObject(resource) || typeof resource.Type !== 'string') {
      throw new ReleaseError('TemplateInvalid', `resource ${id} of the template has no Type`);
    }
  }
  return value as Template;
}

/**
 * @returns the template that a text is, or undefined if it is not one in JSON with only resources that have a `Type`.
 */
export function parseTemplate(text: string): Template | undefined {
  try {
    return asTemplate(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A resource with its logical id. */
export type NamedResource = readonly [logicalId: string, resource: Resource];

/** @returns the template's resources of one type, in the template's order. */
export const resourcesOfType = (template: Template, type: string): readonly NamedResource[] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** @returns a resource's DependsOn as a list. */
export const dependsOnOf = (resource: Resource): readonly string[] =>
  typeof resource.DependsOn === 'string' ? [resource.DependsOn] : (resource.DependsOn ?? []);

/** @returns the resource with this DependsOn: a list if there are any, else none at all. */
export function withDependsOn(resource: Resource, ids: readonly string[]): Resource {
  const { DependsOn: _, ...rest } = resource;
  return ids.length === 0 ? rest : { ...rest, DependsOn: [...new Set(ids)] };
}

/** @returns the object with every value mapped; values for which `map` gives undefined are left out. */
export function mapValues<A, B>(
  object: Readonly<Record<string, A>>,
  map: (value: A, key: string) => B | undefined,
): Record<string, B> {
  // A loop: all of a template goes through it many times.
  const entries: [string, B][] = [];
  for (const key of Object.keys(object)) {
    const mapped = map(object[key]!, key);
    if (mapped !== undefined) entries.push([key, mapped]);
  }
  return Object.fromEntries(entries);
}

/** @returns `wanted`, or with the first number behind it that is not taken. */
export function freeId(template: Template, wanted: string): string {
  let id = wanted;
  for (let number = 2; Object.hasOwn(template.Resources, id); number++) id = `${wanted}${number}`;
  return id;
}
