/** Between these lines a document holds what is made; the rest of it is written by hand. */
const begin = (name: string): string => `<!-- made by "npm run docs": ${name} -->`;
const END = '<!-- end of what is made -->';

/**
 * @param text of a document
 * @param parts what belongs between the marks, by name
 * @returns the document with its parts as they should be
 * @throws Error if the document lacks the marks of a part
 */
export function filledIn(text: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((document, [name, part]) => {
    const from = document.indexOf(begin(name));
    const to = document.indexOf(END, from);
    if (from < 0 || to < 0) throw new Error(`the document has no marks of "${name}": ${begin(name)} … ${END}`);
    return `${document.slice(0, from)}${begin(name)}\n${part}\n${document.slice(to)}`;
  }, text);
}
