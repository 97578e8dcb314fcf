import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A directory for each version: what it wrote. */
export const FIXTURES = join(__dirname, 'fixtures');

/** What a table has that JSON does not: bytes. */
const BYTES = '$bytes';

/** @returns a value as a file holds it */
export const written = (value: unknown): string =>
  `${JSON.stringify(
    value,
    (_, inner: unknown) => {
      const { type, data } = (inner ?? {}) as { readonly type?: string; readonly data?: number[] };
      const bytes = inner instanceof Uint8Array ? inner : type === 'Buffer' && data;
      return bytes ? { [BYTES]: Buffer.from(bytes).toString('base64') } : inner;
    },
    1,
  )}\n`;

export const text = (version: string, file: string): string => readFileSync(join(FIXTURES, version, file), 'utf8');

/** @returns what `written` made a text of */
export const read = <T>(version: string, file: string): T =>
  JSON.parse(text(version, file), (_, inner: unknown) => {
    const { [BYTES]: bytes } = (inner ?? {}) as Readonly<Record<string, unknown>>;
    return typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes, 'base64')) : inner;
  });
