import type { BuildRequest } from '../lib/core/contracts/build-request';
import { buildErrorKey } from '../lib/core/contracts/keys';
import type { StepError } from '../lib/core/contracts/state';
import type { Artifacts } from '../lib/ports/artifacts';
import type { BuildStatus, Builds } from '../lib/ports/builds';

/** The port Builds in memory. Builds end at once. */
export interface MemoryBuilds extends Builds {
  /** What was asked for, in order; a request that is repeated is there once. */
  readonly requests: readonly BuildRequest[];
}

/**
 * @param artifacts where a build leaves why it failed, as the packager does
 * @param build does what the build of a request does; returns why it fails, if it does
 */
export function memoryBuilds(
  artifacts: Pick<Artifacts, 'writeJson'>,
  build: (request: BuildRequest) => Promise<StepError | undefined>,
): MemoryBuilds {
  const requests: BuildRequest[] = [];
  const failed = new Set<string>();
  const statusOf = (id: string): BuildStatus =>
    failed.has(id) ? { status: 'failed', message: 'exit status 1', logs: `log of ${id}` } : { status: 'succeeded' };
  return {
    requests,
    async start(request) {
      const { releaseId, service, task } = request;
      const id = `${task}:${service}:${releaseId}`;
      if (requests.some((known) => `${known.task}:${known.service}:${known.releaseId}` === id)) return id;
      requests.push(request);
      const left = await build(request);
      if (left) await artifacts.writeJson(buildErrorKey(request, service, releaseId, task), left);
      if (left) failed.add(id);
      return id;
    },
    statuses: async (ids) => new Map(ids.map((id) => [id, statusOf(id)])),
    stop: async () => {},
  };
}
