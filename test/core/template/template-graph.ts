import { visitReferences } from '../../../lib/core/template/intrinsics';
import { dependsOnOf, type Template } from '../../../lib/core/template/template';
import type { Json } from '../../../lib/core/text/canonical-json';

/** @returns what a template refers to and has not. */
export function danglingReferences(template: Template): readonly string[] {
  const dangling: string[] = [];
  const known = (id: string) =>
    Object.hasOwn(template.Resources, id) || Object.hasOwn(template.Parameters ?? {}, id) || id.startsWith('AWS::');
  for (const [section, entries] of [
    ['Resources', template.Resources],
    ['Outputs', template.Outputs ?? {}],
  ] as const) {
    for (const [id, entry] of Object.entries(entries)) {
      visitReferences(entry as Json, (name) => known(name) || dangling.push(`${section}.${id} → ${name}`));
    }
  }
  for (const [id, resource] of Object.entries(template.Resources)) {
    for (const name of dependsOnOf(resource)) if (!known(name)) dangling.push(`${id} depends on ${name}`);
  }
  return dangling;
}

/** @returns the logical ids of resources that wait for themselves. */
export function circularResources(template: Template): readonly string[] {
  const left = new Map(
    Object.entries(template.Resources).map(([id, resource]) => {
      const needs = new Set(dependsOnOf(resource));
      visitReferences(resource as Json, (name) => Object.hasOwn(template.Resources, name) && needs.add(name));
      return [id, needs] as const;
    }),
  );
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const [id, needs] of left) if (![...needs].some((needed) => left.has(needed))) left.delete(id);
  }
  return [...left.keys()];
}
