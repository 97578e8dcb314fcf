/** @returns the value of a JSON text, or undefined if it is not JSON; a schema then says what is wrong. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
