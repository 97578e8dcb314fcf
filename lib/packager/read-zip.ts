import { crc32, inflateRawSync } from 'node:zlib';
import type { BundleEntry, PackedBundleEntry } from '../core/build/bundle-entries';
import { ReleaseError } from '../core/contracts/errors';

// APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16.
const END_OF_DIRECTORY = 0x06054b50;
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_ENTRY_SIZE = 46;
const LOCAL_HEADER_SIZE = 30;
const UNIX = 3;
const STORED = 0;
const DEFLATED = 8;
const IN_ZIP64 = 0xffffffff;

/** An entry in the compressed form in which its zip holds it. */
export interface PackedEntry extends Pick<BundleEntry, 'path' | 'mode'> {
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly compressed: Uint8Array;
  readonly crc: number;
  /** Bytes when unpacked. */
  readonly size: number;
}

/** An entry as its zip holds it, which can be unpacked. */
export type ZipEntry = PackedBundleEntry & PackedEntry;

/**
 * Reads the directory of a zip: every entry, modes included. Its content is unpacked only when it is asked for, by
 * Node's own zlib, which is several times as fast as JavaScript can; `unpack` throws the same error.
 *
 * @param name of the zip, for messages
 * @throws ReleaseError `BundleCorrupt` if it is not a zip, or one that Lambda cannot take (zip64, encrypted)
 */
export function readZip(name: string, zip: Buffer): readonly ZipEntry[] {
  return orCorrupt(name, () =>
    [...entriesOf(zip)].map((entry) => ({ ...entry, unpack: () => orCorrupt(name, () => unpacked(entry)) })),
  );
}

function orCorrupt<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError('BundleCorrupt', `${name} is not a zip file that can be read: ${why}`, { cause });
  }
}

function* entriesOf(zip: Buffer): Generator<PackedEntry> {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  if (at === IN_ZIP64 || count === 0xffff) throw new Error('it has more than 65,534 entries or is larger than 4 GB');
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('its directory is damaged');
    const nameLength = zip.readUInt16LE(at + 28);
    const path = zip.toString('utf8', at + DIRECTORY_ENTRY_SIZE, at + DIRECTORY_ENTRY_SIZE + nameLength);
    const madeOn = zip.readUInt8(at + 5);
    yield { path, mode: madeOn === UNIX ? zip.readUInt16LE(at + 40) : 0o100644, ...contentOf(zip, at, path) };
    at += DIRECTORY_ENTRY_SIZE + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}

function findEnd(zip: Buffer): number {
  for (let at = zip.length - END_SIZE; at >= Math.max(0, zip.length - END_SIZE - MAX_COMMENT); at--) {
    if (zip.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw new Error('it has no end-of-directory record');
}

function contentOf(zip: Buffer, entry: number, path: string): Omit<PackedEntry, 'path' | 'mode'> {
  const encrypted = zip.readUInt16LE(entry + 8) & 1;
  if (encrypted) throw new Error(`its entry "${path}" is encrypted`);
  const method = zip.readUInt16LE(entry + 10);
  if (method !== STORED && method !== DEFLATED) throw new Error(`its entry "${path}" has compression method ${method}`);
  const crc = zip.readUInt32LE(entry + 16);
  const compressedSize = zip.readUInt32LE(entry + 20);
  const size = zip.readUInt32LE(entry + 24);
  const header = zip.readUInt32LE(entry + 42);
  // The local header's lengths may differ from the directory's.
  const start = header + LOCAL_HEADER_SIZE + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const compressed = zip.subarray(start, start + compressedSize);
  if (compressed.length !== compressedSize) throw new Error(`its entry "${path}" was cut off`);
  return { method, compressed, crc, size };
}

function unpacked({ path, method, compressed, crc, size }: PackedEntry): Uint8Array {
  // maxOutputLength (at least 1): an entry must not unpack to more than it says.
  const bytes = method === STORED ? compressed : inflateRawSync(compressed, { maxOutputLength: Math.max(size, 1) });
  if (bytes.length !== size || crc32(bytes) !== crc) throw new Error(`its entry "${path}" is damaged`);
  return bytes;
}
