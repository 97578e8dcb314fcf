import type * as z from 'zod';
import { ReleaseError } from './errors';

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
    `${key} in the artifact repository does not have the expected form (${problems.join('; ')}); release again`,
    { cause: parsed.error },
  );
}
