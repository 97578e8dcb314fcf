/** @returns what brings the map back to what it holds now */
export function backUp<Key, Value>(map: Map<Key, Value>): () => void {
  const kept = structuredClone(map);
  return () => {
    map.clear();
    for (const [key, value] of structuredClone(kept)) map.set(key, value);
  };
}
