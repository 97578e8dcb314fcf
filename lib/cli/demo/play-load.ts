import { LIVE_ALIAS } from '../../core/contracts/live-alias';
import type { FunctionRecord } from '../../core/contracts/state';
import type { Load, LoadReport } from '../../local/load';
import type { Clock } from '../../ports/clock';
import type { FunctionErrors } from '../../ports/function-errors';
import type { AliasReading, Functions } from '../../ports/functions';
import type { ReleaseView } from '../show/follow-release';
import { stepTimes } from '../show/service-progress';
import type { DemoLoad } from './demo-load';
import type { AliasMove, LoadSighting } from './load-checks';
import { loadSteps } from './load-steps';
import { type WatchedWeight, type WeightHistory, watchWeight } from './watch-weight';

/** What a load is played on. */
export interface LoadPlace {
  /** All functions of the service, as recorded last. */
  readonly functions: readonly FunctionRecord[];
  readonly aliases: Pick<Functions, 'alias'>;
  readonly errors: FunctionErrors;
  readonly startLoad: () => Pick<Load, 'stop'>;
  readonly clock: Clock;
}

/** A load that begins and ends with a release. */
export interface PlayedLoad {
  /** Begins once the service has been built: its build needs the machine for itself. */
  onView(view: ReleaseView): void;
  /** Goes on for a moment after the release, so that it is seen who serves then. */
  end(): Promise<LoadSighting>;
  /** Sends no more, and forgets what has been seen. */
  stop(): Promise<void>;
}

const AFTERWARDS = 1_500;

/** Reads the aliases as they are before the release, and gets ready. */
export async function prepareLoad(load: DemoLoad, place: LoadPlace): Promise<PlayedLoad> {
  const readAlias = async ({ name }: FunctionRecord): Promise<AliasReading> =>
    (await place.aliases.alias(name, LIVE_ALIAS)) ?? NO_ALIAS;
  const before = await Promise.all(place.functions.map(readAlias));
  const index = place.functions.findIndex(({ logicalId }) => logicalId === load.logicalId);
  const shifting = place.functions[index];
  const begun = place.clock.now();
  const countErrors = (functionName: string, version: string): Promise<number> =>
    place.errors.count({ functionName, version, alias: LIVE_ALIAS, since: begun });
  let watch: WatchedWeight | undefined;
  let requests: Pick<Load, 'stop'> | undefined;

  return {
    onView({ running }) {
      const { current } = stepTimes(running.find(({ path }) => path === load.service) ?? NOT_RUNNING);
      if (requests || !shifting || (current?.step !== 'deploy' && current?.step !== 'shift')) return;
      watch = watchWeight(before[index]!.version, () => readAlias(shifting), place.clock);
      requests = place.startLoad();
    },
    async end() {
      await place.clock.sleep(AFTERWARDS);
      const { requests: answered, examples } = (await requests?.stop()) ?? NOTHING_SENT;
      const { readings, newVersion } = (await watch?.stop()) ?? NOTHING_SEEN;
      const thrown = shifting && newVersion ? await countErrors(shifting.name, newVersion) : 0;
      const after = await Promise.all(place.functions.map(readAlias));
      const aliases = place.functions.map(
        ({ logicalId }, index): AliasMove => ({ logicalId, before: before[index]!, after: after[index]! }),
      );
      return { steps: loadSteps(readings, answered), examples, thrown, aliases };
    },
    async stop() {
      await Promise.allSettled([requests?.stop(), watch?.stop()]);
    },
  };
}

const NO_ALIAS: AliasReading = { version: 'none', weights: {} };
const NOTHING_SEEN: WeightHistory = { readings: [] };
const NOTHING_SENT: Pick<LoadReport, 'requests' | 'examples'> = { requests: [], examples: [] };
const NOT_RUNNING = { path: '', began: {} };
