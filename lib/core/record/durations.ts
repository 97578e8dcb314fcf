import type { z } from 'zod';
import type { Marks } from '../contracts/payloads';
import type { Durations, ReleaseRecord, ServiceRecord } from '../contracts/state';
import type { Step } from '../contracts/steps';

const SERVICE_STEPS = ['build', 'deploy', 'shift', 'record'] as const satisfies readonly Step[];

/**
 * @param marks when each step began, in epoch milliseconds
 * @param end when the last of them ended
 * @returns how long each step that began took
 */
export function serviceDurations(marks: Partial<z.infer<typeof Marks>>, end: number): Durations {
  const begun = SERVICE_STEPS.flatMap((step) => (marks[step] === undefined ? [] : [{ step, at: marks[step] }]));
  return Object.fromEntries(begun.map(({ step, at }, index) => [step, (begun[index + 1]?.at ?? end) - at]));
}

/**
 * @returns how long each step of a release took. `trigger` is from its acceptance until it ran, the wait for another
 *   release included. What services do side by side counts once, by the longest of each phase.
 */
export function releaseDurations(record: ReleaseRecord, services: readonly ServiceRecord[]): Durations {
  const { release, startedAt, plannedAt, plan } = record;
  const durations: Durations = {};
  if (startedAt) durations.trigger = between(release.requestedAt, startedAt);
  if (startedAt && plannedAt) durations.plan = between(startedAt, plannedAt);
  for (const phase of plan?.phases ?? []) {
    const paths = new Set(phase.map(({ path }) => path));
    const took = services.filter(({ path }) => paths.has(path)).map((service) => service.durations);
    for (const step of SERVICE_STEPS) {
      const times = took.flatMap((steps) => steps[step] ?? []);
      if (times.length > 0) durations[step] = (durations[step] ?? 0) + Math.max(...times);
    }
  }
  return durations;
}

const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);
