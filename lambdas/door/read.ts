import { DOOR_CALLS, type DoorCall, type DoorOutput } from '../../lib/core/contracts/door';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { serviceExecutionName } from '../../lib/core/contracts/execution-name';
import type { ReleaseKey } from '../../lib/core/contracts/release';
import type { ReleaseRecord } from '../../lib/core/contracts/state';
import { mapBounded } from '../../lib/core/map-bounded';
import type { Apps } from '../../lib/ports/apps';
import type { CodeStorages } from '../../lib/ports/code-storages';
import type { ExecutionProgress } from '../../lib/ports/execution-progress';
import type { Executions } from '../../lib/ports/executions';
import type { ReleaseBuilds } from '../../lib/ports/release-builds';
import type { Releases } from '../../lib/ports/releases';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { Stages } from '../../lib/ports/stages';
import { findApp, findStage } from '../../lib/release/queue/find-stage';
import type { DOOR_WORKERS } from './workers';

export interface ReadPorts {
  readonly apps: Apps;
  readonly stages: Pick<Stages, 'find' | 'list'>;
  readonly releases: Pick<Releases, 'find' | 'latest' | 'ignored'>;
  readonly states: Pick<ServiceStates, 'list' | 'records'>;
  readonly builds: Pick<ReleaseBuilds, 'list'>;
  readonly storages: Pick<CodeStorages, 'list'>;
  readonly progress: ExecutionProgress;
  /** Executions of the state machine `Release`. */
  readonly executions: Pick<Executions, 'status'>;
  /** Executions of the state machine `ServiceRelease`. */
  readonly serviceExecutions: Pick<Executions, 'arnOf'>;
}

type Read = (typeof DOOR_WORKERS.read.calls)[number];
type Reads = { readonly [Call in Read]: (input: unknown) => Promise<DoorOutput<Call>> };

/** Histories that are read side by side. */
const AT_ONCE = 5;

/** Answers what people and programs ask about apps, stages and releases; changes nothing. */
export function reads(ports: ReadPorts): Reads {
  const { apps, stages, releases, states, builds, storages } = ports;
  return {
    listApps: async () => ({ apps: [...(await apps.names())] }),
    readApp: (input) => findApp(apps, parse('readApp', input).app),
    async listStages(input) {
      const { app } = parse('listStages', input);
      const [config, made] = await Promise.all([findApp(apps, app), stages.list(app)]);
      return { configured: Object.keys(config.stages), made: [...made] };
    },
    async readStage(input) {
      const key = parse('readStage', input);
      const services = await states.list(key);
      if (services.length === 0) await findStage(ports, key);
      return { services: [...services] };
    },
    async listReleases(input) {
      const { limit, ...key } = parse('listReleases', input);
      const found = await releases.latest(key, limit);
      // What is left of a stage that is gone may still be asked for.
      if (found.length === 0) await findStage(ports, key);
      return { releases: [...found] };
    },
    readRelease: (input) => find(ports, parse('readRelease', input)),
    listServices: async (input) => ({ services: [...(await states.records(keyOf(parse('listServices', input))))] }),
    listBuilds: async (input) => ({ builds: [...(await builds.list(keyOf(parse('listBuilds', input))))] }),
    readProgress: (input) => progressOf(ports, parse('readProgress', input)),
    readServiceProgress: (input) => progressOfServices(ports, parse('readServiceProgress', input)),
    async listIgnored(input) {
      const { app, limit } = parse('listIgnored', input);
      return { ignored: [...(await releases.ignored(app, limit))] };
    },
    async listIgnoredOfNoApp(input) {
      return { ignored: [...(await releases.ignored(undefined, parse('listIgnoredOfNoApp', input).limit))] };
    },
    listCodeStorages: async () => ({ storages: [...(await storages.list())] }),
  };
}

type Parsed<Call extends DoorCall> = ReturnType<(typeof DOOR_CALLS)[Call]['input']['parse']>;
const parse = <Call extends DoorCall>(name: Call, input: unknown): Parsed<Call> =>
  DOOR_CALLS[name].input.parse(input) as Parsed<Call>;

type Named = Parsed<'readRelease'>;
const keyOf = ({ app, stage, release }: Named): ReleaseKey => ({ app, stage, id: release });

async function find(ports: ReadPorts, named: Named): Promise<ReleaseRecord> {
  const record = await ports.releases.find(keyOf(named));
  if (record) return record;
  const { app, stage, release } = named;
  await findStage(ports, { app, stage });
  throw new ReleaseError('ReleaseNotFound', `stage "${stage}" of "${app}" has no release ${release}`);
}

async function progressOf(ports: ReadPorts, named: Named): Promise<DoorOutput<'readProgress'>> {
  const { executionArn } = await find(ports, named);
  if (executionArn === undefined) return { status: 'unknown', entered: [] };
  const [status, entered] = await Promise.all([
    ports.executions.status(executionArn),
    ports.progress.entered(executionArn),
  ]);
  return { status, entered: [...entered] };
}

async function progressOfServices(
  ports: ReadPorts,
  { services, ...named }: Parsed<'readServiceProgress'>,
): Promise<DoorOutput<'readServiceProgress'>> {
  const { release } = await find(ports, named);
  const read = async (path: string) => {
    const arn = ports.serviceExecutions.arnOf(serviceExecutionName(release, path));
    return { path, entered: [...(await ports.progress.entered(arn))] };
  };
  return { services: [...(await mapBounded(services, AT_ONCE, read))] };
}
