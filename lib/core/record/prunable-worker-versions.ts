import type { PublishedVersion } from './prunable-versions';

/** In milliseconds: no deployment of the platform takes that long, and no answer of Step Functions is as old. */
const DAY = 24 * 60 * 60_000;

/** What is known of one of the platform's own workers. */
interface WorkerInUse {
  readonly published: readonly PublishedVersion[];
  /** The numbers of its versions that the state machines of today call. */
  readonly current: ReadonlySet<string>;
}

/**
 * Which versions of a worker were replaced for more than a day: the next one of the worker is that old. What is newer
 * than all that the state machines call may be about to be called, by a deployment that is under way.
 *
 * @param now epoch milliseconds
 * @returns them, oldest first; of each it is still to be asked whether an execution goes on that began with it
 */
export function replacedWorkerVersions({ published, current }: WorkerInUse, now: number): readonly PublishedVersion[] {
  const sorted = [...published].sort((a, b) => Number(a.version) - Number(b.version));
  const newest = Math.max(...[...current].map(Number));
  return sorted.filter(({ version }, index) => {
    const replacedAt = sorted[index + 1]?.publishedAt ?? Number.POSITIVE_INFINITY;
    return !current.has(version) && Number(version) < newest && now - replacedAt > DAY;
  });
}
