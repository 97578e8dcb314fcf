import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type BundleEntry, contentHash, stableEntries } from '../core/build/bundle-entries';
import { hasLibraryName, type NativeFile, nativeFile } from '../core/build/native-code';
import { NOTHING_STORED, type StoredBundles } from '../core/build/stored-bundles';
import { readZip, type ZipEntry } from './read-zip';
import { writeZip } from './write-zip';

/** A file of the package, identified by its content. */
export interface LocalBundle {
  readonly contentHash: string;
  /** @returns what to store */
  readonly bytes: () => Uint8Array;
  /** Base64 SHA-256 of those bytes. */
  readonly sha256: string;
  /** Native libraries in it. */
  readonly native: readonly NativeFile[];
  /** Bytes of all that is in it, unpacked. */
  readonly unpackedSize: number;
  /** Of its entries; none of a file that is no zip. */
  readonly paths: ReadonlySet<string>;
}

/** What AWS Signer adds to a zip: https://docs.aws.amazon.com/signer/latest/developerguide/lambda-workflow.html */
const SIGNATURE = 'META_INF/aws_signer_signature_v1.0.SF';
const ZIP_START = 0x04034b50;
const EMPTY_ZIP_START = 0x06054b50;

/**
 * @param files absolute paths
 * @param stored what need not be unpacked to know its content
 * @returns each file's bundle; a zip is known by its entries and stored in its stable form, anything else as it is
 * @throws ReleaseError `BundleCorrupt`
 */
export async function readBundles(
  files: Iterable<string>,
  { contentOf }: Pick<StoredBundles, 'contentOf'> = NOTHING_STORED,
): Promise<ReadonlyMap<string, LocalBundle>> {
  const bundles = new Map<string, LocalBundle>();
  // One after the other, and the next one read meanwhile: two files are in memory besides what is to be stored.
  const waiting = [...new Set(files)];
  let next = begin(waiting[0]);
  for (const [index, file] of waiting.entries()) {
    const content = await next!;
    next = begin(waiting[index + 1]);
    bundles.set(file, bundleOf(file, content, contentOf));
  }
  return bundles;
}

function begin(file: string | undefined): Promise<Buffer> | undefined {
  const reading = file === undefined ? undefined : readFile(file);
  // Whoever awaits it gets the error; if an earlier bundle fails first, nobody does.
  reading?.catch(() => undefined);
  return reading;
}

function bundleOf(file: string, content: Buffer, contentOf: StoredBundles['contentOf']): LocalBundle {
  const name = basename(file);
  if (!file.endsWith('.zip') && !isZip(content)) {
    return {
      contentHash: contentHash([{ path: name, mode: 0o100644, bytes: content }]),
      bytes: () => content,
      sha256: sha256Of(content),
      native: [],
      unpackedSize: content.length,
      paths: new Set(),
    };
  }
  const packed = readZip(name, content);
  const entries = stableEntries(name, packed);
  // A signature is of the entries in their order, directories included: such a zip is stored as it was signed.
  const isSigned = packed.some(({ path }) => path === SIGNATURE);
  const { bytes, sha256 } = isSigned ? { bytes: content, sha256: sha256Of(content) } : writeZip(entries);
  // The same bytes have the same content: to unpack and hash it takes several times as long as all else.
  const known = contentOf.get(sha256);
  const native: NativeFile[] = [];
  const hash = known ?? contentHash(unpacked(entries, native));
  if (known !== undefined) for (const entry of entries) if (hasLibraryName(entry.path)) note(native, entry);
  const unpackedSize = entries.reduce((sum, { size }) => sum + size, 0);
  const paths = new Set(entries.map(({ path }) => path));
  return { contentHash: hash, bytes: () => bytes, sha256, native, unpackedSize, paths };
}

/** Unpacks one entry at a time. @param native takes the native libraries that are seen on the way */
function* unpacked(entries: readonly ZipEntry[], native: NativeFile[]): Generator<BundleEntry> {
  for (const { path, mode, unpack } of entries) {
    const bytes = unpack();
    const found = nativeFile(path, bytes);
    if (found) native.push(found);
    yield { path, mode, bytes };
  }
}

function note(native: NativeFile[], { path, unpack }: ZipEntry): void {
  const found = nativeFile(path, unpack());
  if (found) native.push(found);
}

const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('base64');

const isZip = (content: Buffer): boolean =>
  content.length >= 4 && [ZIP_START, EMPTY_ZIP_START].includes(content.readUInt32LE(0));
