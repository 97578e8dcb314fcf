import type { Json } from '../text/canonical-json';
import { visitReferences } from './intrinsics';
import { dependsOnOf, type Template } from './template';

/** Which resource needs which others first, by logical id. */
export interface Dependencies {
  /** @returns whether `from` is, or directly or indirectly depends on, `to`. */
  readonly reaches: (from: string, to: string) => boolean;
  /** Records that `from` depends on `to`, unless that would close a circle; @returns whether it did. */
  readonly add: (from: string, to: string) => boolean;
}

/** @returns the logical ids of the resources that a resource refers to or names in its DependsOn. */
export function directDependencies(template: Template, logicalId: string): ReadonlySet<string> {
  const resource = template.Resources[logicalId]!;
  const found = new Set<string>();
  const note = (id: string) => Object.hasOwn(template.Resources, id) && found.add(id);
  visitReferences(resource as Json, note);
  for (const id of dependsOnOf(resource)) note(id);
  return found;
}

/** @returns the dependencies of a template; they grow by `add`, the template does not change. */
export function createDependencies(template: Template): Dependencies {
  const edges = new Map<string, Set<string>>();
  const edgesOf = (id: string): Set<string> => {
    const known = edges.get(id) ?? new Set(directDependencies(template, id));
    edges.set(id, known);
    return known;
  };
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set([from]);
    const queue = [from];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (id === to) return true;
      for (const next of edgesOf(id)) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    return false;
  };
  const add = (from: string, to: string): boolean => {
    if (reaches(to, from)) return false;
    edgesOf(from).add(to);
    return true;
  };
  return { reaches, add };
}
