/** What was read last, and what is being read. */
export interface Kept<T> {
  /** @returns what is known under a key, or is being read */
  known(key: string): Promise<T> | undefined;
  /** @param read reads what is not known; a failure is not kept */
  get(key: string, read: () => Promise<T>): Promise<T>;
}

/** @param most how many are kept; the one that nobody has asked for the longest goes first */
export function keeping<T>(most: number): Kept<T> {
  const kept = new Map<string, Promise<T>>();
  const known = (key: string): Promise<T> | undefined => {
    const found = kept.get(key);
    if (found) {
      kept.delete(key);
      kept.set(key, found);
    }
    return found;
  };
  return {
    known,
    get(key, read) {
      const found = known(key);
      if (found) return found;
      const value = read();
      kept.set(key, value);
      value.catch(() => kept.get(key) === value && kept.delete(key));
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
      return value;
    },
  };
}
