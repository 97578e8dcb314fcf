import * as z from 'zod';
import { StackOperation } from './payloads';
import { Release, ServicePath } from './release';
import { StartedShift } from './started-shift';
import { BuildTask } from './state';

/** Beginning of the partitions of the state table that hold what releases wait for, one for each release. */
export const WAITS = 'WAITS#';

/** Seconds that a wait is kept at most, should nobody remove it: longer than a service's release may take. */
export const WAIT_KEPT = 7 * 24 * 3_600;

/** A job that outlives a Lambda: what a service waits for, and all that is needed to ask for it. */
export const WaitSubject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('build'), task: BuildTask, buildId: z.string() }),
  z.object({ kind: z.literal('stack'), operation: StackOperation }),
  z.object({ kind: z.literal('shift'), shift: StartedShift }),
]);
export type WaitSubject = z.infer<typeof WaitSubject>;
export type WaitKind = WaitSubject['kind'];
type SubjectOf<Kind extends WaitKind> = Extract<WaitSubject, { readonly kind: Kind }>;

/**
 * What a service of a release waits for, and whom to tell of its end. Step Functions writes it, as the state machine's
 * definition says (`lib/infra/watched-wait.ts`). A service waits for one thing at a time.
 */
export const Wait = z.object({
  service: ServicePath,
  /** Names the state that waits, to Step Functions. At most 2,048 characters. */
  token: z.string().min(1),
  subject: WaitSubject,
});
export type Wait = z.infer<typeof Wait>;
export type WaitFor<Kind extends WaitKind> = Omit<Wait, 'subject'> & { readonly subject: SubjectOf<Kind> };

/** What happened of a job that runs, line by line. */
export const WaitProgress = z.object({
  service: ServicePath,
  of: z.enum(['stack', 'shift']),
  lines: z.array(z.string()),
});
export type WaitProgress = z.infer<typeof WaitProgress>;

/** Looks after what the services of a release wait for, until the release has ended. */
export const WatchInput = z.object({ release: Release });
/** `progress`: since the call before, for whoever looks at the execution. */
export const WatchOutput = z.object({ status: z.enum(['running', 'ended']), progress: z.array(WaitProgress) });
export type WatchOutput = z.infer<typeof WatchOutput>;
