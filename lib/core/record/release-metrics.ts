import { settingsStage } from '../contracts/release';
import type { ReleaseRecord, ServiceRecord } from '../contracts/state';
import { STEPS, type Step } from '../contracts/steps';
import { serviceOutcomes } from './service-outcomes';

/** CloudWatch's namespace of all our metrics. */
export const METRICS_NAMESPACE = 'Seedbed';

/** Names of metrics; the dashboard shows them. */
export const ENDS = { succeeded: 'ReleasesSucceeded', failed: 'ReleasesFailed', aborted: 'ReleasesAborted' } as const;
export const DECISIONS = { full: 'ServicesFull', incremental: 'ServicesDirect', skip: 'ServicesUnchanged' } as const;
export const SERVICES_LEFT_OUT = 'ServicesLeftOut';
export const SERVICES_FAILED = 'ServicesFailed';
export const RELEASE_DURATION = 'ReleaseDuration';
/** Releases that failed as the one before them in their stage. */
export const RELEASES_FAILED_AGAIN = 'ReleasesFailedAgain';
/** Releases that are open for much longer than those of their stage usually are, each time that one looks. */
export const RELEASES_OVERDUE = 'ReleasesOverdue';
/** Apps whose repository's name leads to another repository, each time that one looks. */
export const REPOSITORIES_REPLACED = 'RepositoriesReplaced';
export const NOTIFICATION_FAILURES = 'NotificationFailures';

/** @returns the metric of a step's duration. `trigger` is the time that a release waits for its turn. */
export const durationMetric = (step: Step): string =>
  step === 'trigger' ? 'QueueTime' : `${step.charAt(0).toUpperCase()}${step.slice(1)}Duration`;

interface Measured {
  /** What the values are of. */
  readonly dimensions: { readonly app: string; readonly stage: string };
  /** By name. */
  readonly values: Readonly<Record<string, { readonly value: number; readonly unit: 'Count' | 'Milliseconds' }>>;
}

/** @returns the metrics of a release at its end. Made stages count towards the stage whose settings they have. */
export function releaseMetrics(record: ReleaseRecord, services: readonly ServiceRecord[]): Measured {
  const { release, finishedAt, durations = {} } = record;
  const times = [
    ...STEPS.map((step) => [durationMetric(step), durations[step]] as const),
    [RELEASE_DURATION, finishedAt && Date.parse(finishedAt) - Date.parse(release.requestedAt)] as const,
  ];
  return {
    dimensions: { app: release.app, stage: settingsStage(release) },
    values: Object.fromEntries([
      ...Object.entries(countsOf(record, services)).map(([name, value]) => [name, { value, unit: 'Count' }] as const),
      ...times.flatMap(([name, value]) =>
        typeof value === 'number' ? [[name, { value, unit: 'Milliseconds' }] as const] : [],
      ),
    ]),
  };
}

/** Zeros are sent too, so that a graph shows that nothing failed, not that nothing is known. */
function countsOf(record: ReleaseRecord, services: readonly ServiceRecord[]): Readonly<Record<string, number>> {
  const outcomes = serviceOutcomes(record, services);
  const ends = Object.entries(ENDS).map(([end, name]) => [name, end === record.status ? 1 : 0] as const);
  const decisions = Object.entries(DECISIONS).map(
    ([kind, name]) => [name, outcomes.filter(({ decision }) => decision?.kind === kind).length] as const,
  );
  return {
    ...Object.fromEntries([...ends, ...decisions]),
    [SERVICES_LEFT_OUT]: outcomes.filter(({ status }) => status === 'left-out').length,
    [SERVICES_FAILED]: outcomes.filter(({ status }) => status === 'failed').length,
  };
}
