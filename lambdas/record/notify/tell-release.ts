import type { ReleaseKey } from '../../../lib/core/contracts/release';
import { readable } from '../../../lib/core/contracts/unreadable';
import type { StageView } from '../../../lib/core/notices/stage-view';
import { NOTIFICATION_FAILURES } from '../../../lib/core/record/release-metrics';
import type { Log } from '../../../lib/ports/log';
import type { Metrics } from '../../../lib/ports/metrics';
import type { Notices } from '../../../lib/ports/notices';
import type { Releases } from '../../../lib/ports/releases';
import type { ServiceStates } from '../../../lib/ports/service-states';
import type { Destination } from './destination';

export interface TellPorts {
  readonly releases: Pick<Releases, 'find' | 'latest'>;
  readonly states: Pick<ServiceStates, 'list' | 'records'>;
  readonly notices: Notices;
  readonly destinations: readonly Destination[];
  /** See `StageView`. */
  readonly hasConsole: boolean;
  readonly metrics: Metrics;
  readonly log: Log;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/** How many of a stage's releases count: earlier ones have been told of, or nobody looks at them any more. */
const LATEST = 6;

/**
 * Tells every destination of a release. One that fails stops no other.
 * @returns what went wrong, a line for each destination
 */
export async function tellRelease(ports: TellPorts, key: ReleaseKey): Promise<readonly string[]> {
  const { releases, states, notices, destinations, hasConsole } = ports;
  const [record, services, latest, deployed, notice] = await Promise.all([
    releases.find(key),
    states.records(key),
    releases.latest(key, LATEST),
    states.list(key),
    notices.find(key),
  ]);
  if (!record) return [];
  const stage: StageView = { latest: readable(latest), states: deployed, hasConsole };
  const subject = { view: { record, services }, stage, notice };
  const results = await Promise.all(
    destinations.map(async (destination) => {
      try {
        return { name: destination.name, told: await destination.tell(subject) };
      } catch (error) {
        return { name: destination.name, problem: reportFailure(ports, { key, destination, error }) };
      }
    }),
  );
  const told = Object.fromEntries(results.flatMap(({ name, told }) => (told === undefined ? [] : [[name, told]])));
  if (Object.keys(told).length > 0) await notices.record(key, { told: { ...notice.told, ...told } });
  return results.flatMap(({ problem }) => problem ?? []);
}

interface Failure {
  readonly key: ReleaseKey;
  readonly destination: Destination;
  readonly error: unknown;
}

function reportFailure({ log, metrics }: TellPorts, { key, destination: { name }, error }: Failure): string {
  log.warn('a notification failed', { releaseId: key.id, app: key.app, stage: key.stage, destination: name, error });
  metrics.add({ destination: name }, { [NOTIFICATION_FAILURES]: { value: 1, unit: 'Count' } });
  return `${name}: ${error instanceof Error ? error.message : String(error)}`;
}
