import { keyOfContent } from '../contracts/keys';
import type { Bundle, Manifest } from '../contracts/manifest';

/** Where a bundle is stored, and hash and size of its bytes. */
export interface StoredBundle {
  readonly key: string;
  /** Base64 SHA-256. */
  readonly sha256: string;
  readonly size: number;
}

/** What a build knows to be in the artifact repository without asking for it. */
export interface StoredBundles {
  /** By the key that a bundle of the content has where nothing else is stored. */
  readonly byKey: ReadonlyMap<string, StoredBundle>;
  /** By the base64 SHA-256 of a zip in its stable form: the hash of its content. */
  readonly contentOf: ReadonlyMap<string, string>;
}

/**
 * @param manifest of the package that is deployed: its bundles were found to be there, with these hashes, when it was.
 *   Undefined if nothing is, or if it is not to be relied on
 */
export function storedBundles(manifest: Manifest | undefined): StoredBundles {
  const { functions = {}, layers = {}, assets = {} } = manifest ?? {};
  const bundles: readonly Bundle[] = [functions, layers, assets].flatMap((kind) => Object.values(kind));
  return {
    byKey: new Map(
      bundles.map(({ bundle: key, codeSha256: sha256, size }) => [keyOfContent(key), { key, sha256, size }]),
    ),
    contentOf: new Map(bundles.map(({ codeSha256, contentHash }) => [codeSha256, contentHash])),
  };
}

/** For a service of which nothing is known. */
export const NOTHING_STORED = storedBundles(undefined);
