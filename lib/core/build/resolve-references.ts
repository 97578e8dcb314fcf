const STEP = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/g;

/**
 * Puts back what the framework wrote as references: in `serverless-state.json` an object that occurs more than once is
 * written out once, and elsewhere as `{"$ref": "$[\"a\"][0]"}`, its path from the document's root.
 *
 * @param value the part of the document that is wanted
 * @param document the whole, parsed from JSON
 * @returns the part without references; one that would contain itself stays a reference
 */
export function resolveReferences(value: unknown, document: unknown): unknown {
  const resolve = (part: unknown, within: ReadonlySet<string>): unknown => {
    if (Array.isArray(part)) return part.map((item) => resolve(item, within));
    if (typeof part !== 'object' || part === null) return part;
    const path = referenceIn(part);
    if (path !== undefined) {
      if (within.has(path)) return part;
      return resolve(valueAt(document, path), new Set([...within, path]));
    }
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, resolve(inner, within)]));
  };
  return resolve(value, new Set());
}

function referenceIn(value: object): string | undefined {
  const { $ref, ...rest } = value as { readonly $ref?: unknown };
  const isReference = typeof $ref === 'string' && $ref.startsWith('$') && Object.keys(rest).length === 0;
  return isReference ? $ref : undefined;
}

function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const [, name, index] of path.matchAll(STEP)) {
    const key = name === undefined ? index! : (JSON.parse(`"${name}"`) as string);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
