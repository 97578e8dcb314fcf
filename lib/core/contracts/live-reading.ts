import * as z from 'zod';
import { CodeSha256 } from './manifest';

/** A function as it is found just before a decision: `$LATEST`, and what the alias points at. */
export const LiveReading = z.object({
  /** Hash of the code of `$LATEST`. */
  codeSha256: CodeSha256,
  /** Revision of `$LATEST`; guards its update. */
  revisionId: z.string(),
  /** Version the alias points at, where it was read. */
  version: z.string().optional(),
});
export type LiveReading = z.infer<typeof LiveReading>;

/** Readings by logical id; `missing` if the function or its alias is not there. */
export const LiveReadings = z.record(z.string(), LiveReading.or(z.literal('missing')));
export type LiveReadings = z.infer<typeof LiveReadings>;
