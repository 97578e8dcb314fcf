import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { contentHash, stableEntries } from '../core/build/bundle-entries';
import { type NativeFile, nativeFile } from '../core/build/native-code';
import { readZip } from './read-zip';
import { writeZip } from './write-zip';

/** A file of the package, identified by its content. The bytes to store are made only on request. */
export interface LocalBundle {
  readonly contentHash: string;
  readonly bytes: () => Uint8Array;
  /** Native libraries in it. */
  readonly native: readonly NativeFile[];
}

const ZIP_START = 0x04034b50;
const EMPTY_ZIP_START = 0x06054b50;

/**
 * @param files absolute paths
 * @returns each file's bundle; a zip is known by its entries and stored in its stable form, anything else as it is
 * @throws ReleaseError `BundleCorrupt`
 */
export async function readBundles(files: Iterable<string>): Promise<ReadonlyMap<string, LocalBundle>> {
  const bundles = new Map<string, LocalBundle>();
  // One after the other: unpacked, all the bundles of a large service would not fit into a small build's memory.
  for (const file of new Set(files)) bundles.set(file, await readBundle(file));
  return bundles;
}

async function readBundle(file: string): Promise<LocalBundle> {
  const content = await readFile(file);
  const name = basename(file);
  if (!file.endsWith('.zip') && !isZip(content)) {
    return {
      contentHash: contentHash([{ path: name, mode: 0o100644, bytes: content }]),
      bytes: () => content,
      native: [],
    };
  }
  const entries = stableEntries(name, readZip(name, content));
  const hash = contentHash(entries);
  const native = entries.flatMap(({ path, bytes }) => nativeFile(path, bytes) ?? []);
  // Without the unpacked bytes, which need not be kept.
  const packed = entries.map(({ bytes: _, ...entry }) => entry);
  return { contentHash: hash, bytes: () => writeZip(packed), native };
}

const isZip = (content: Buffer): boolean =>
  content.length >= 4 && [ZIP_START, EMPTY_ZIP_START].includes(content.readUInt32LE(0));
