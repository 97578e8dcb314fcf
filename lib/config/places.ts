import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** Where something stands in a configuration file: the keys and list indexes that lead to it. */
export type Place = readonly PropertyKey[];

/** @returns a place as messages name it: `apps.shop.branches[0]`. */
export const keyText = (place: Place): string =>
  place
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');

export const valueAt = (value: unknown, place: Place): unknown =>
  place.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown> | null | undefined)?.[part], value);

const SHOWN_CHARACTERS = 60;

/** @returns a value as messages show it, cut if it is long. */
export function shown(value: unknown): string {
  const text = value === null ? 'empty' : (JSON.stringify(value) ?? 'empty');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/**
 * @param text a YAML file
 * @returns a function from a place to `, line 3`: where its last key or list item stands, which values do not know.
 */
export function lineFinder(text: string): (place: Place) => string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return (place) => {
    let offset: number | undefined;
    let node: unknown = document.contents;
    for (const part of place) {
      const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === part) : undefined;
      const item = isSeq(node) ? node.items[Number(part)] : undefined;
      const found = pair?.key ?? item;
      if (isNode(found)) offset = found.range?.[0];
      node = pair?.value ?? item;
    }
    return offset === undefined ? '' : `, line ${lines.linePos(offset).line}`;
  };
}
