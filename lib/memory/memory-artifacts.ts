import { createHash } from 'node:crypto';
import { parseStoredJson, refuseLarge } from '../core/contracts/parse-stored-json';
import type { Artifacts, StoredObject } from '../ports/artifacts';

/** An artifact repository in memory, with its objects to look at. */
export interface MemoryArtifacts extends Artifacts {
  /** Every stored object by key. */
  readonly objects: Map<string, Uint8Array>;
}

/** @returns an empty artifact repository that lives as long as the object. */
export function memoryArtifacts(): MemoryArtifacts {
  const objects = new Map<string, Uint8Array>();
  const describe = (bytes: Uint8Array): StoredObject => ({
    sha256: createHash('sha256').update(bytes).digest('base64'),
    size: bytes.length,
  });
  const readBytes = async (key: string): Promise<Uint8Array | undefined> => {
    const bytes = objects.get(key);
    refuseLarge(key, bytes?.length ?? 0);
    return bytes;
  };
  return {
    objects,
    putIfAbsent: async (key, bytes, { sha256 }) => {
      if (describe(bytes).sha256 !== sha256) throw new Error(`the bytes for ${key} do not have the sha256 ${sha256}`);
      if (objects.has(key)) return 'already-there';
      objects.set(key, Uint8Array.from(bytes));
      return 'stored';
    },
    find: async (keys) => {
      const found = keys.flatMap((key) => {
        const bytes = objects.get(key);
        return bytes ? [[key, describe(bytes)] as const] : [];
      });
      return new Map(found);
    },
    readBytes,
    readJson: async (key, schema) => {
      const bytes = await readBytes(key);
      return bytes && parseStoredJson(key, Buffer.from(bytes).toString('utf8'), schema);
    },
    writeJson: async (key, value) => {
      objects.set(key, Buffer.from(JSON.stringify(value)));
    },
  };
}
