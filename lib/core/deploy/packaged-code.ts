import type { Manifest } from '../contracts/manifest';

/** Where Lambda takes a function's code from: a bundle, by its S3 key, or a container image, by its digest. */
export type CodeSource =
  | { readonly bundle: string; readonly image?: undefined }
  | { readonly image: string; readonly bundle?: undefined };

/** The code of one function of a package. */
export type PackagedCode = CodeSource & {
  /** Differs if and only if the code does. */
  readonly contentHash: string;
  /** As Lambda reports it. */
  readonly codeSha256: string;
};

/** Characters that stand before an image's digest in hexadecimal. */
const DIGEST = '@sha256:';

/** @returns what Lambda reports as `CodeSha256` of an image: its digest in hexadecimal. */
export const imageSha256 = (image: string): string => image.slice(image.lastIndexOf(DIGEST) + DIGEST.length);

/** @returns by logical id, the code of every function of a package, be it a zip or an image. */
export function packagedCode({
  functions,
  images = {},
}: Pick<Manifest, 'functions' | 'images'>): Readonly<Record<string, PackagedCode>> {
  const zips = Object.entries(functions).map(
    ([id, { bundle, contentHash, codeSha256 }]) => [id, { bundle, contentHash, codeSha256 }] as const,
  );
  const ofImages = Object.entries(images).map(([id, { image }]) => {
    const digest = imageSha256(image);
    return [id, { image, contentHash: digest, codeSha256: digest }] as const;
  });
  return Object.fromEntries<PackagedCode>([...zips, ...ofImages]);
}

/** @returns the code of one function of a package; undefined if the package has none for it. */
export function codeOf(manifest: Pick<Manifest, 'functions' | 'images'>, logicalId: string): PackagedCode | undefined {
  const code = packagedCode(manifest);
  return Object.hasOwn(code, logicalId) ? code[logicalId] : undefined;
}

/** @returns where Lambda takes the code from, and nothing else. */
export const codeSource = (code: CodeSource): CodeSource =>
  code.image === undefined ? { bundle: code.bundle } : { image: code.image };

/** @returns what a function is to be updated with to run this code. */
export const codeUpdate = (code: PackagedCode) =>
  code.image === undefined
    ? ({ action: 'update-code', bundle: code.bundle, codeSha256: code.codeSha256 } as const)
    : ({ action: 'update-image', image: code.image, codeSha256: code.codeSha256 } as const);
