import type * as z from 'zod';

/** What the artifact repository knows of one stored object. */
export interface StoredObject {
  /** Base64 SHA-256 of the stored bytes: for a bundle, what Lambda will report as `CodeSha256`. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** The artifact repository: bundles, written once under their content's hash, and what belongs to packages. */
export interface Artifacts {
  /**
   * Stores bytes unless the key is taken, which is success too: a bundle's key names its content.
   *
   * @param options `sha256`: base64 SHA-256 of the bytes; the store refuses bytes that do not match it
   * @returns whether this call stored the bytes
   */
  putIfAbsent(
    key: string,
    bytes: Uint8Array,
    options: { readonly sha256: string },
  ): Promise<'stored' | 'already-there'>;

  /** @returns what is stored under each of the keys that exist. */
  find(keys: readonly string[]): Promise<ReadonlyMap<string, StoredObject>>;

  /**
   * @returns the bytes, or `undefined` if there is no such object
   * @throws ReleaseError `ManifestInvalid` if there are more than a worker reads (`MOST_STORED_BYTES`)
   */
  readBytes(key: string): Promise<Uint8Array | undefined>;

  /**
   * @returns the parsed object, or `undefined` if there is none
   * @throws ReleaseError `ManifestInvalid` if the object is not what the schema says, or as large as with `readBytes`
   */
  readJson<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>;

  /** Stores a value as JSON, in place of what was there. */
  writeJson(key: string, value: unknown): Promise<void>;
}
