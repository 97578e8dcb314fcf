import type * as z from 'zod';
import { tellSome } from '../text/tell-some';
import { ReleaseError } from './errors';

/**
 * Bytes of an object that a worker reads whole: a manifest, a template, an error. A manifest of 500 functions has
 * 300 KB, and CloudFormation takes no template of more than 1 MB.
 */
export const MOST_STORED_BYTES = 10_000_000;

/**
 * @param key where the object is
 * @param bytes of the object
 * @throws ReleaseError `ManifestInvalid` if it is larger than what a worker reads
 */
export function refuseLarge(key: string, bytes: number): void {
  if (bytes <= MOST_STORED_BYTES) return;
  throw new ReleaseError(
    'ManifestInvalid',
    `${key} in the artifact repository has ${bytes} bytes, of at most ${MOST_STORED_BYTES} that are read; ` +
      'find out what made it so large (a plug-in, a hook), then release again',
  );
}

/**
 * Reads what a build stored. A build runs other people's code, so what it left is checked like any other input.
 *
 * @param key where the text was found; only for the message
 * @throws ReleaseError `ManifestInvalid` if the text is not JSON or does not match the schema
 */
export function parseStoredJson<T>(key: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ReleaseError('ManifestInvalid', `${key} in the artifact repository is not JSON; release again`, {
      cause,
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
  throw new ReleaseError(
    'ManifestInvalid',
    `${key} in the artifact repository does not have the expected form (${tellSome(problems)}); release again`,
    { cause: parsed.error },
  );
}
