import { refuseNotGranted } from '../../lib/core/code-only/refuse-unfit';
import { tellInvokers } from '../../lib/core/code-only/tell-invokers';
import type { Decision } from '../../lib/core/contracts/decision';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { toldKey } from '../../lib/core/contracts/keys';
import { hasStack, type Manifest } from '../../lib/core/contracts/manifest';
import { type DecideOutput, ServiceReleaseInput } from '../../lib/core/contracts/payloads';
import type { Target } from '../../lib/core/contracts/release';
import type { ServiceState } from '../../lib/core/contracts/state';
import { prepareBatches } from '../../lib/core/deploy/prepare-batches';
import { stateFoundBy } from '../../lib/core/record/state-found-by';
import { gradualOnes } from '../../lib/core/shift/plan-shifts';
import { canonicalJson } from '../../lib/core/text/canonical-json';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Functions } from '../../lib/ports/functions';
import type { Log } from '../../lib/ports/log';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { decideService } from '../../lib/release/packages/decide-service';
import { readPackageThen } from '../../lib/release/packages/read-package-then';
import { readDeployed, readStoredManifest } from '../../lib/release/packages/read-packages';
import { planShifts } from './plan-shifts';

export interface DecidePorts {
  readonly states: Pick<ServiceStates, 'find' | 'beginService' | 'deployedAt'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf<'functions' | 'stacks' | 'alarms'>;
  readonly log: Log;
}

/**
 * Decides how the package that was built, or taken from an earlier release, reaches the stage. Unless that is "not at
 * all", marks the service as `deploying` before anything of it is touched, and keeps the hash of what it decided on.
 * Run twice, it ignores its own mark and decides the same.
 *
 * @throws ReleaseError `ManifestInvalid` if the manifest is not this service's own, or on a rollback not the one that
 * was recorded; of a service without a stack `ConfigInvalid` or `FunctionMissing`
 */
export const decide =
  ({ states, artifacts, target, log }: DecidePorts) =>
  async (event: unknown): Promise<DecideOutput> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const marked = states.find(release, service.path);
    const [{ manifest, sha256 }, { state, deployed }, backTo] = await Promise.all([
      readStoredManifest(artifacts, { release, service, state: marked }),
      marked
        .then((found) => stateFoundBy(release.id, found))
        .then(async (state) => ({ state, deployed: await readDeployed(artifacts, state) })),
      readPackageThen({ states, artifacts }, { release, service }),
    ]);
    if (backTo) refuseOther(manifest, { ...backTo.manifest, releaseId: release.id });

    if (!hasStack(manifest)) {
      refuseStackBefore(manifest, state);
      refuseNotGranted(manifest, release);
    }
    const { stage, force } = release;
    const subject = { state, deployed, manifest, stage, force, backTo };
    const ports = target(release.target);
    const { decision: decided, functions } = await decideService(ports.functions, subject);
    const shifts = await planShifts({ artifacts, target: ports }, { release, decision: decided, manifest, deployed });
    const decision: Decision = shifts.length === 0 ? decided : { ...decided, shifts: [...shifts] };
    log.info(`decided: ${decision.kind}`, { releaseId: release.id, service: service.path, decision });

    if (decision.kind !== 'skip') {
      if (!hasStack(manifest)) {
        const told = await findInvokers(ports.functions, manifest, release.target);
        if (told.length > 0) await artifacts.writeJson(toldKey(release, service.path, release.id), told);
      }
      const found = state && { status: state.status, releaseId: state.releaseId };
      await states.beginService(release, service.path, {
        stackName: manifest.stackName,
        found,
        phase: service.phase,
        decidedOn: { releaseId: release.id, manifestSha256: sha256 },
      });
    }
    // A rollback deploys what was deployed then as it is, and quickly: no commands of its repository run.
    const hooks = release.rollback || decision.kind === 'skip' ? [] : manifest.hooks;
    return { decision, batches: prepareBatches(functions), gradual: gradualOnes(shifts).length > 0, hooks };
  };

/** @returns what to tell of functions that something invokes without their alias. */
async function findInvokers(functions: Functions, manifest: Manifest, target: Target): Promise<readonly string[]> {
  const { alias } = manifest;
  const told = Object.keys(manifest.functions).map(async (name) =>
    tellInvokers(name, await functions.plainInvokers(name), { alias, target }),
  );
  return (await allOrFirstError(told)).flat();
}

/** Who takes a stack from a service says what becomes of it. */
function refuseStackBefore({ service }: Manifest, state: ServiceState | undefined): void {
  if (state?.stackName === undefined) return;
  throw new ReleaseError(
    'ConfigInvalid',
    `seed.yml: "code_only.${service}": the service has stack "${state.stackName}", which Seedbed made or took over and ` +
      'which would be left behind; name its functions in another directory, and remove the service of this one; ' +
      'nothing has been touched',
  );
}

/** @throws ReleaseError `ManifestInvalid` if what lies in the place of a rollback's manifest is not the recorded one */
function refuseOther(manifest: Manifest, recorded: Manifest): void {
  if (canonicalJson(manifest) === canonicalJson(recorded)) return;
  throw new ReleaseError(
    'ManifestInvalid',
    `the manifest of service "${manifest.service}" for release ${recorded.releaseId} is not the one that was recorded ` +
      'when it was deployed: something that builds of the stage run has written over it; find out what, then roll back ' +
      'again',
  );
}
