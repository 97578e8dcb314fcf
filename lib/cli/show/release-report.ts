import * as z from 'zod';
import { BuildTimes } from '../../core/contracts/build-times';
import { Reason } from '../../core/contracts/reasons';
import { ReleaseId, ServicePath } from '../../core/contracts/release';
import {
  Durations,
  FunctionRecord,
  RELEASE_STATUS,
  type ReleaseRecord,
  type ServiceRecord,
  StepError,
} from '../../core/contracts/state';

/** What became of one service, or what the plan said of one that it left alone. */
const ServiceReport = z.object({
  path: ServicePath,
  /** Absent if the release ended before it came to a decision. */
  decision: z.enum(['skip', 'incremental', 'full']).optional(),
  /** Reasons of the plan, then those of the decision. */
  reasons: z.array(Reason),
  functions: z.array(FunctionRecord),
  /** Outputs of the service's stack; of services that were not deployed, none. */
  outputs: z.record(z.string(), z.string()),
  durations: Durations,
  /** Milliseconds per part of its build, if it was built. */
  buildTimes: BuildTimes.optional(),
  /** What a person should know although it stopped nothing. */
  warnings: z.array(z.string()).optional(),
  error: StepError.optional(),
});
type ServiceReport = z.infer<typeof ServiceReport>;

/** What the commands print of a release with `--json`. */
export const ReleaseReport = z.object({
  releaseId: ReleaseId,
  status: z.enum(RELEASE_STATUS),
  /** All services of the commit, by path. */
  services: z.array(ServiceReport),
  /** Milliseconds per step. */
  durations: Durations,
  /** Milliseconds per part of the builds that it waited for. */
  buildTimes: BuildTimes.optional(),
  error: StepError.optional(),
});
export type ReleaseReport = z.infer<typeof ReleaseReport>;

/** @returns a release as `--json` prints it. */
export function releaseReport(
  { release, status, plan, durations = {}, buildTimes, error }: ReleaseRecord,
  services: readonly ServiceRecord[],
): ReleaseReport {
  const records = new Map(services.map((record) => [record.path, record]));
  const planned = (plan?.phases.flat() ?? []).map(({ path, reasons }): ServiceReport => {
    const record = records.get(path);
    if (!record) return { path, reasons, functions: [], outputs: {}, durations: {} };
    const { decision, functions, outputs, durations, buildTimes, warnings, error } = record;
    const all = [...reasons, ...(decision?.reasons ?? [])];
    return {
      path,
      decision: decision?.kind,
      reasons: withoutRepeats(all),
      functions,
      outputs,
      durations,
      buildTimes,
      warnings,
      error,
    };
  });
  const skipped = (plan?.skip ?? []).map(
    ({ path, reasons }): ServiceReport => ({
      path,
      decision: 'skip',
      reasons,
      functions: [],
      outputs: {},
      durations: {},
    }),
  );
  const all = [...planned, ...skipped].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { releaseId: release.id, status, services: all, durations, buildTimes, error };
}

/** Plan and decision may say the same (`forced`): it is said once. */
const withoutRepeats = (reasons: readonly Reason[]): Reason[] => [
  ...new Map(reasons.map((reason) => [reason.code, reason])).values(),
];
