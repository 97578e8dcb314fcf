import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseStoredJson, refuseLarge } from '../core/contracts/parse-stored-json';
import type { Artifacts } from '../ports/artifacts';

/** @returns an artifact repository in a directory, each key a path below it, to see what a build would store. */
export function fileArtifacts(directory: string): Artifacts {
  const write = async (key: string, bytes: Uint8Array | string, flag: 'w' | 'wx') => {
    const file = join(directory, key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes, { flag });
  };
  const read = (key: string) => unless('ENOENT', readFile(join(directory, key)));
  const readBytes = async (key: string) => {
    const bytes = await read(key);
    refuseLarge(key, bytes?.length ?? 0);
    return bytes;
  };

  return {
    putIfAbsent: async (key, bytes, { sha256 }) => {
      if (sha256Of(bytes) !== sha256) throw new Error(`the bytes for ${key} do not have the sha256 ${sha256}`);
      const stored = await unless(
        'EEXIST',
        write(key, bytes, 'wx').then(() => true),
      );
      return stored ? 'stored' : 'already-there';
    },
    find: async (keys) => {
      const found = keys.map(async (key) => {
        const bytes = await read(key);
        return bytes ? [[key, { sha256: sha256Of(bytes), size: bytes.length }] as const] : [];
      });
      return new Map((await Promise.all(found)).flat());
    },
    readBytes,
    readJson: async (key, schema) => {
      const bytes = await readBytes(key);
      return bytes && parseStoredJson(key, bytes.toString('utf8'), schema);
    },
    writeJson: (key, value) => write(key, JSON.stringify(value), 'w'),
  };
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

/** @returns what the promise gives, or `undefined` if the file system answers with exactly this error. */
async function unless<T>(code: string, result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return undefined;
    throw error;
  }
}
