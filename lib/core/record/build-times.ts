import { BUILD_PARTS, type BuildTimes } from '../contracts/build-times';
import type { ReleaseRecord, ServiceRecord } from '../contracts/state';

/**
 * @returns the parts of the builds that a release waited for: of each phase those of the build that took longest, since
 *   what services do side by side counts once. Undefined if nothing is known of any.
 */
export function releaseBuildTimes(
  { plan }: Pick<ReleaseRecord, 'plan'>,
  services: readonly ServiceRecord[],
): BuildTimes | undefined {
  const records = new Map(services.map((service) => [service.path, service]));
  const slowest = (plan?.phases ?? []).flatMap((phase) => {
    const built = phase.flatMap(({ path }) => records.get(path) ?? []).filter(({ buildTimes }) => buildTimes);
    const [first] = built.sort((a, b) => (b.durations.build ?? 0) - (a.durations.build ?? 0));
    return first?.buildTimes ?? [];
  });
  return slowest.length === 0 ? undefined : addTimes(slowest);
}

/** @returns the times of several builds, part by part, added up */
function addTimes(all: readonly BuildTimes[]): BuildTimes {
  const sum: BuildTimes = {};
  for (const part of BUILD_PARTS) {
    const times = all.flatMap((times) => times[part] ?? []);
    if (times.length > 0) sum[part] = times.reduce((total, time) => total + time, 0);
  }
  return sum;
}
