import { ReleaseError } from '../../core/contracts/errors';
import { type DeployedPackage, hasStack, type Manifest } from '../../core/contracts/manifest';
import type { FunctionToPrepare } from '../../core/contracts/payloads';
import type { Rollback, StageKey, Target } from '../../core/contracts/release';
import type { ServicePreview } from '../../core/contracts/rollback-preview';
import type { DeployedThen, Plan, PlannedService, ServiceState } from '../../core/contracts/state';
import { planRollback } from '../../core/rollback/plan-rollback';
import type { Artifacts } from '../../ports/artifacts';
import type { Functions } from '../../ports/functions';
import type { ServiceStates } from '../../ports/service-states';
import type { TargetPortsOf } from '../../ports/target-ports';
import { allOrFirstError } from '../all-or-first-error';
import { functionMissing } from './changed-by-hand';
import { allBundles } from './check-bundles';
import { decideService } from './decide-service';
import { readStored } from './read-package-then';
import { readDeployed } from './read-packages';
import { readTemplate } from './read-template';

export interface ExaminePorts {
  readonly states: Pick<ServiceStates, 'list' | 'deployedAt'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf<'functions'>;
}

/** The services of a stage, and what each of them was. */
export interface StageThen {
  readonly plan: Plan;
  readonly states: ReadonlyMap<string, ServiceState>;
  readonly past: ReadonlyMap<string, DeployedThen>;
}

/** @returns which services a rollback touches; changes nothing. Throws ReleaseError `ServiceNotFound`. */
export async function findRolledBack(
  { states }: Pick<ExaminePorts, 'states'>,
  stage: StageKey,
  rollback: Rollback,
): Promise<StageThen> {
  const all = await states.list(stage);
  const found = await allOrFirstError(all.map(({ path }) => states.deployedAt(stage, path, rollback.to)));
  const past = new Map(found.flatMap((one) => (one ? [[one.path, one] as const] : [])));
  return {
    plan: planRollback({ rollback, states: all, past }),
    states: new Map(all.map((state) => [state.path, state])),
    past,
  };
}

/**
 * Looks, before anything moves, at all that a rollback needs: packages, versions and bundles. Changes nothing.
 * @returns for each service of the stage what would be done with it, and why it cannot be
 */
export async function examineRollback(
  { artifacts, target }: Pick<ExaminePorts, 'artifacts' | 'target'>,
  { plan, states, past }: StageThen,
  where: { readonly stage: string; readonly target: Target },
): Promise<readonly ServicePreview[]> {
  const { functions } = target(where.target);
  const services = await allOrFirstError(
    plan.phases.flat().map(async (planned) => {
      const subject = { planned, state: states.get(planned.path)!, past: past.get(planned.path)! };
      return examineService({ artifacts, functions }, { ...subject, stage: where.stage });
    }),
  );
  const others = plan.skip.map(stays);
  return [...services, ...others].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const stays = ({ path, reasons }: PlannedService): ServicePreview => ({
  path,
  how: 'nothing',
  reasons,
  functions: [],
  problems: [],
});

interface ServiceThen {
  readonly planned: PlannedService;
  readonly state: ServiceState;
  readonly past: DeployedThen;
  readonly stage: string;
}

async function examineService(
  { artifacts, functions }: { readonly artifacts: Artifacts; readonly functions: Functions },
  { planned: { path, reasons }, state, past, stage }: ServiceThen,
): Promise<ServicePreview> {
  const to = { releaseId: past.releaseId, commit: past.commit };
  const [deployed, stored] = await Promise.all([readDeployed(artifacts, state), packageOrProblem(artifacts, past)]);
  const from =
    deployed === undefined || deployed === 'unreadable'
      ? undefined
      : { releaseId: deployed.manifest.releaseId, commit: deployed.manifest.commit };
  const known = { path, from, to };
  if (typeof stored === 'string') return { ...known, how: 'nothing', reasons, functions: [], problems: [stored] };

  const { manifest } = stored;
  const subject = { state, deployed, manifest, stage, force: false, backTo: stored };
  const { decision, functions: prepared, live } = await decideService(functions, subject);
  const missing = Object.entries(live).filter(([, reading]) => reading === 'missing');
  const problems =
    decision.kind === 'full'
      ? [
          ...missing.map(([logicalId]) => functionMissing({ logicalId, name: nameOf(logicalId, deployed) }).message),
          ...(await problemsOfPackage(artifacts, manifest)),
        ]
      : await problemsOfFunctions(artifacts, prepared);
  return {
    ...known,
    how: HOW[decision.kind],
    reasons: [...reasons, ...decision.reasons],
    functions: prepared.map((one) => ({
      logicalId: one.logicalId,
      name: one.name,
      from: one.previousVersion,
      ...(one.action === 'reuse-version' && { to: one.version }),
    })),
    problems,
  };
}

const HOW = { skip: 'nothing', incremental: 'aliases', full: 'package' } as const;

const nameOf = (logicalId: string, deployed: DeployedPackage | 'unreadable' | undefined): string =>
  deployed === undefined || deployed === 'unreadable' ? logicalId : (deployed.functions[logicalId]?.name ?? logicalId);

async function packageOrProblem(artifacts: Artifacts, then: DeployedThen): Promise<DeployedPackage | string> {
  try {
    return await readStored(artifacts, then);
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'RollbackImpossible') return error.message;
    throw error;
  }
}

/** For a full deploy, CloudFormation needs the whole package from the artifact repository. */
async function problemsOfPackage(artifacts: Artifacts, manifest: Manifest): Promise<string[]> {
  const bundles = allBundles(manifest);
  const [found, template] = await Promise.all([
    artifacts.find(bundles.map(({ bundle }) => bundle.bundle)),
    problemOfTemplate(artifacts, manifest),
  ]);
  const gone = bundles.filter(({ bundle }) => found.get(bundle.bundle)?.sha256 !== bundle.codeSha256);
  return [
    ...template,
    ...gone.map(
      ({ owner, bundle }) => `the bundle of ${owner} was collected or replaced (${bundle.bundle}); ${ADVICE}`,
    ),
  ];
}

async function problemOfTemplate(artifacts: Artifacts, manifest: Manifest): Promise<string[]> {
  if (!hasStack(manifest)) return [];
  try {
    await readTemplate(artifacts, manifest);
    return [];
  } catch (error) {
    if (!(error instanceof ReleaseError && error.code === 'TemplateInvalid')) throw error;
    return [`its template was collected or replaced (${manifest.template}); ${ADVICE}`];
  }
}

/** A version that still exists can serve as it is; otherwise its bundle is needed. */
async function problemsOfFunctions(artifacts: Artifacts, prepared: readonly FunctionToPrepare[]): Promise<string[]> {
  const updates = prepared.flatMap((one) => (one.action === 'update-code' ? [one] : []));
  const found = await artifacts.find(updates.map(({ bundle }) => bundle));
  return updates
    .filter(({ bundle, codeSha256 }) => found.get(bundle)?.sha256 !== codeSha256)
    .map(
      ({ logicalId, name, bundle }) =>
        `the version of function ${logicalId} ("${name}") cannot serve again, and its bundle was collected or ` +
        `replaced (${bundle}); ${ADVICE}`,
    );
}

const ADVICE = 'roll back to a newer release, or release the commit again';
