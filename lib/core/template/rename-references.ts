import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';
import { intrinsicOf } from './intrinsics';
import { dependsOnOf, mapValues, type Resource, type Template, withDependsOn } from './template';

/**
 * @param names new logical id by old one
 * @returns the value with every Ref, Fn::GetAtt and Fn::Sub variable of an old id now of the new one
 */
export function renameReferences(value: Json, names: ReadonlyMap<string, string>): Json {
  if (names.size === 0) return value;
  if (Array.isArray(value)) return value.map((element) => renameReferences(element, names));
  if (!isJsonObject(value)) return value;
  const intrinsic = intrinsicOf(value);
  const argument = intrinsic === undefined ? undefined : value[intrinsic];
  if (intrinsic === 'Ref' && typeof argument === 'string') return { Ref: names.get(argument) ?? argument };
  if (intrinsic === 'Fn::GetAtt') return { 'Fn::GetAtt': renameAttribute(argument ?? null, names) };
  if (intrinsic === 'Fn::Sub') return { 'Fn::Sub': renameSub(argument ?? null, names) };
  return mapValues(value, (child) => (child === undefined ? undefined : renameReferences(child, names)));
}

function renameAttribute(argument: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof argument === 'string') {
    const [id = '', ...rest] = argument.split('.');
    return [names.get(id) ?? id, ...rest].join('.');
  }
  if (!Array.isArray(argument)) return argument;
  const [id, ...rest] = argument as readonly Json[];
  return [typeof id === 'string' ? (names.get(id) ?? id) : (id ?? null), ...rest];
}

function renameSub(argument: Json, names: ReadonlyMap<string, string>): Json {
  const [text, variables] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument, undefined];
  if (typeof text !== 'string') return argument;
  const own = isJsonObject(variables) ? variables : {};
  const renamed = text.replaceAll(/\$\{([^!${}.]+)((?:\.[^${}]*)?)\}/g, (whole, id: string, rest: string) =>
    Object.hasOwn(own, id + rest) ? whole : `\${${names.get(id.trim()) ?? id}${rest}}`,
  );
  return Array.isArray(argument) ? [renamed, renameReferences(own, names)] : renamed;
}

/**
 * Gives resources other logical ids, throughout: as keys, in DependsOn and wherever they are referred to. Where the new
 * id is there already, the old resource simply goes.
 */
export function renameResources(template: Template, names: ReadonlyMap<string, string>): Template {
  if (names.size === 0) return template;
  const Resources: Record<string, Resource> = {};
  for (const [id, resource] of Object.entries(template.Resources)) {
    const name = names.get(id);
    if (name !== undefined && Object.hasOwn(template.Resources, name)) continue;
    const renamed = renameReferences(resource as JsonObject, names) as Resource;
    const dependsOn = dependsOnOf(resource);
    Resources[name ?? id] = dependsOn.some((needed) => names.has(needed))
      ? withDependsOn(
          renamed,
          dependsOn.map((needed) => names.get(needed) ?? needed),
        )
      : renamed;
  }
  const { Outputs } = template;
  return {
    ...template,
    Resources,
    ...(Outputs === undefined ? {} : { Outputs: renameReferences(Outputs, names) as typeof Outputs }),
  };
}
