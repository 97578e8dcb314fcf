import * as z from 'zod';
import { Reason } from './reasons';
import { ReleaseId, ServicePath } from './release';

/** A package, by the release that deployed it and the commit it was built of. */
const PackageName = z.object({ releaseId: ReleaseId, commit: z.string() });

/** What a rollback would do with one service. */
export const ServicePreview = z.object({
  path: ServicePath,
  /**
   * - `aliases`: aliases move; CloudFormation is not asked
   * - `package`: the stored package is deployed again
   * - `nothing`: it stays as it is
   */
  how: z.enum(['aliases', 'package', 'nothing']),
  /** What is deployed now. */
  from: PackageName.optional(),
  to: PackageName.optional(),
  /** Reasons of the plan, then those of the decision. */
  reasons: z.array(Reason),
  /** Functions whose alias moves, as far as is known beforehand. */
  functions: z.array(
    z.object({
      logicalId: z.string(),
      name: z.string(),
      from: z.string().optional(),
      /** Absent if the version of that time can no longer serve, and a new one is made of the stored bundle. */
      to: z.string().optional(),
    }),
  ),
  /** Why it cannot be done. */
  problems: z.array(z.string()),
});
export type ServicePreview = z.infer<typeof ServicePreview>;

/** What a rollback would do: shown by `--dry-run`, and before it starts. */
export const RollbackPreview = z.object({
  /** The release to return to. */
  to: PackageName.extend({ finishedAt: z.string().optional() }),
  /** The release that runs now and would be stopped. */
  stops: ReleaseId.optional(),
  services: z.array(ServicePreview),
});
export type RollbackPreview = z.infer<typeof RollbackPreview>;

/** @returns why the rollback cannot be done, with the service of each problem. */
export const problemsOf = (services: readonly ServicePreview[]): readonly string[] =>
  services.flatMap(({ path, problems }) => problems.map((problem) => `service "${path}": ${problem}`));
