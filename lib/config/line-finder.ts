import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Place } from '../core/text/place';

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
