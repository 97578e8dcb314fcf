import type * as z from 'zod';
import type { AppConfig } from '../../lib/core/contracts/app-config';
import { type Diagnosis, DoctorInput, type Finding, fail, warn } from '../../lib/core/contracts/diagnosis';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { readable } from '../../lib/core/contracts/unreadable';
import { mapBounded } from '../../lib/core/map-bounded';
import { diagnoseBuilds } from '../../lib/core/trigger/diagnose-builds';
import { diagnoseCompute } from '../../lib/core/trigger/diagnose-compute';
import { diagnoseLambda } from '../../lib/core/trigger/diagnose-lambda';
import { diagnoseTimes } from '../../lib/core/trigger/diagnose-times';
import { explainReplaced, isSameName } from '../../lib/core/trigger/same-repository';
import { sharedAccounts } from '../../lib/core/trigger/shared-accounts';
import type { AccountReading } from '../../lib/ports/account-settings';
import type { Apps } from '../../lib/ports/apps';
import type { BuildQuotas } from '../../lib/ports/build-quotas';
import type { CodeStorages } from '../../lib/ports/code-storages';
import type { Diagnose } from '../../lib/ports/diagnose';
import type { KnownRepositories } from '../../lib/ports/known-repositories';
import type { Releases } from '../../lib/ports/releases';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { Source } from '../../lib/ports/source';
import { findApp } from '../../lib/release/queue/find-stage';

export interface DoctorPorts {
  /** The account in which the platform lives. */
  readonly platformAccount: string;
  readonly apps: Apps;
  readonly diagnose: Diagnose;
  readonly source: Pick<Source, 'repositoryId'>;
  readonly knownRepositories: Pick<KnownRepositories, 'find'>;
  readonly buildQuotas: BuildQuotas;
  readonly account: AccountReading;
  readonly storages: Pick<CodeStorages, 'list'>;
  readonly states: Pick<ServiceStates, 'list'>;
  readonly releases: Pick<Releases, 'latest'>;
}

/** Stages whose services and releases are read side by side. */
const AT_ONCE = 10;
/** Releases of each stage whose times are looked at. */
const LATEST = 10;

/**
 * Tells what keeps an app from being released: at its repository, where it is built, and where workers and functions
 * run. Runs where releases do, so it sees what they see.
 */
export const doctor =
  (ports: DoctorPorts) =>
  async (event: unknown): Promise<z.infer<typeof Diagnosis>> => {
    const { app } = DoctorInput.parse(event);
    const { platformAccount, apps, diagnose, buildQuotas, account, storages, states, releases } = ports;
    const config = await findApp(apps, app);
    const stages = Object.keys(config.stages);
    const [ofRepository, machines, quotas, settings, readings, deployed, released] = await Promise.all([
      diagnose(config),
      buildQuotas.machines(app, stages),
      buildQuotas.quotas(),
      account.read(),
      storages.list(),
      mapBounded(stages, AT_ONCE, async (stage) => [stage, await states.list({ app, stage })] as const),
      mapBounded(
        stages,
        AT_ONCE,
        async (stage) => [stage, readable(await releases.latest({ app, stage }, LATEST))] as const,
      ),
    ]);
    const architectures = new Map(
      deployed.map(([stage, services]) => [stage, services.flatMap(({ architecture }) => architecture ?? [])]),
    );
    const ofLambda = diagnoseLambda({
      settings,
      services: new Map(deployed.map(([stage, services]) => [stage, services.length])),
      targets: Object.values(config.stages).map(({ target }) => target),
      storages: readings,
    });
    const findings = [
      ...ofRepository,
      ...(await diagnoseIdentity(ports, config)),
      ...sharedAccounts([config], platformAccount).map(({ rule, message, fix }) =>
        warn('rules', `${rule}: ${message}`, fix),
      ),
      ...diagnoseBuilds(stages, { machines, architectures, quotas }),
      ...diagnoseCompute(released.map(([stage, records]) => ({ stage, machine: machines.get(stage), records }))),
      ...ofLambda,
      ...diagnoseTimes(released.flatMap(([, records]) => records)),
    ];
    return { app, repository: config.repository, findings };
  };

/** Says whether the name still leads to the repository that the app was connected to. */
async function diagnoseIdentity(
  { source, knownRepositories }: Pick<DoctorPorts, 'source' | 'knownRepositories'>,
  config: AppConfig,
): Promise<readonly Finding[]> {
  try {
    const [id, known] = await Promise.all([source.repositoryId(config.repository), knownRepositories.find(config.app)]);
    const isOfName = known && isSameName(known.repository, config.repository);
    const replaced = explainReplaced(config, isOfName ? known : undefined, id);
    return replaced === undefined ? [] : [fail('repository', replaced)];
  } catch (error) {
    // That it cannot be read, the look at the repository itself says.
    if (error instanceof ReleaseError) return [];
    throw error;
  }
}
