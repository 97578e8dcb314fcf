import { createHash } from 'node:crypto';
import type { PackedEntry } from './read-zip';

// APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12, 4.3.16 and 4.4.
const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
/** Needed to unpack: 2.0, deflate. */
const VERSION = 20;
const MADE_ON_UNIX = (3 << 8) | VERSION;
const UTF8_NAMES = 1 << 11;
/** 1980-01-01 00:00, the first moment that a zip can hold. */
const FIRST_ZIP_DATE = (1 << 5) | 1;

/** A zip as it is stored. */
export interface WrittenZip {
  readonly bytes: Uint8Array;
  /** Base64 SHA-256 of the bytes. */
  readonly sha256: string;
}

/**
 * Zips entries so that only their content remains of the zip they came from: fixed times, order as given, no extra
 * fields. The compressed form is kept as it is, since compressing again would take as long as the framework took. So
 * two compressors can give two zips of the same content. That does no harm: a bundle is stored once, under its
 * content's hash, and manifests name the hash of the bytes that are stored.
 *
 * @param entries as `stableEntries` returns them
 */
export function writeZip(entries: readonly PackedEntry[]): WrittenZip {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { path, mode, size, method, compressed, crc } of entries) {
    const name = Buffer.from(path, 'utf8');
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(VERSION, 0);
    shared.writeUInt16LE(UTF8_NAMES, 2);
    shared.writeUInt16LE(method, 4);
    shared.writeUInt16LE(0, 6);
    shared.writeUInt16LE(FIRST_ZIP_DATE, 8);
    shared.writeUInt32LE(crc, 10);
    shared.writeUInt32LE(compressed.length, 14);
    shared.writeUInt32LE(size, 18);
    shared.writeUInt16LE(name.length, 22);
    parts.push(uint32(LOCAL_HEADER), shared, name, compressed);

    const own = Buffer.alloc(14);
    own.writeUInt32LE(mode * 0x10000, 6);
    own.writeUInt32LE(offset, 10);
    directory.push(uint32(DIRECTORY_ENTRY), uint16(MADE_ON_UNIX), shared, own, name);
    offset += 30 + name.length + compressed.length;
  }
  const directorySize = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_OF_DIRECTORY, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directorySize, 12);
  end.writeUInt32LE(offset, 16);
  return joined([...parts, ...directory, end]);
}

/** Hashes each part as it is copied, while the processor has it at hand. */
function joined(parts: readonly Uint8Array[]): WrittenZip {
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + part.length, 0));
  const hash = createHash('sha256');
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    hash.update(part);
    at += part.length;
  }
  return { bytes, sha256: hash.digest('base64') };
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
