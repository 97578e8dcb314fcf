import type { BuildRecord } from '../core/contracts/state';
import type { ReleaseBuilds } from '../ports/release-builds';

/** In-memory twin of the port ReleaseBuilds. */
export function memoryReleaseBuilds(): ReleaseBuilds {
  const builds = new Map<string, BuildRecord>();
  return {
    async record({ id }, build) {
      builds.set(`${id} ${build.path} ${build.task}`, build);
    },
    list: async ({ id }) =>
      [...builds]
        .filter(([key]) => key.startsWith(`${id} `))
        .map(([, build]) => build)
        .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)),
  };
}
