/** Any JSON value, read-only; a property may be absent (`undefined`), an array element may not. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json | undefined };

/** @returns whether `value` is a JSON object, and neither null nor an array. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * One text for one JSON value: object keys sorted by code unit, no white space, absent properties left out. Two values
 * have the same text exactly if they are equal, so the text can be hashed and compared.
 *
 * @throws TypeError if the value holds something that is not JSON (a function, NaN, an undefined array element).
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`not a JSON number: ${value}`);
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isJsonObject(value)) throw new TypeError(`not a JSON value: ${typeof value}`);
  // A loop: all of a template goes through it many times.
  let members = '';
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members += `${members && ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}
