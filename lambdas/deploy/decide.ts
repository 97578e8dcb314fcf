import { decide as decideFrom } from '../../lib/core/decide';
import type { Decision } from '../../lib/core/decision';
import type { LiveReading, LiveReadings } from '../../lib/core/live-reading';
import type { DeployedPackage, Manifest } from '../../lib/core/manifest';
import { diffPackages, type PreviousPackage } from '../../lib/core/package-diff';
import { type DecideOutput, type FunctionToPrepare, ServiceReleaseInput } from '../../lib/core/payloads';
import { prepareBatches } from '../../lib/core/prepare-batches';
import { stateFoundBy } from '../../lib/core/state-found-by';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Functions } from '../../lib/ports/functions';
import type { Log } from '../../lib/ports/log';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { readDeployed, readManifest } from './read-packages';

export interface DecidePorts {
  readonly states: Pick<ServiceStates, 'find' | 'beginService'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf<'functions'>;
  readonly log: Log;
}

/**
 * Decides how the package that was built reaches the stage. Unless that is "not at all", the service is marked as
 * `deploying` before anything of it is touched. Run twice, it decides the same: it looks past its own mark.
 */
export const decide =
  ({ states, artifacts, target, log }: DecidePorts) =>
  async (event: unknown): Promise<DecideOutput> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const [manifest, { state, deployed }] = await Promise.all([
      readManifest(artifacts, { release, service }),
      states
        .find(release, service.path)
        .then((state) => stateFoundBy(release.id, state))
        .then(async (state) => ({ state, deployed: await readDeployed(artifacts, state) })),
    ]);

    const live = await readChanged(target(release.target).functions, deployed, manifest);
    const decision = decideFrom({
      previous: { state, deployed },
      manifest,
      live,
      stage: release.stage,
      force: release.force,
    });
    log.info(`decided: ${decision.kind}`, { releaseId: release.id, service: service.path, decision });

    if (decision.kind !== 'skip') {
      const found = state && { status: state.status, releaseId: state.releaseId };
      await states.beginService(release, service.path, { stackName: manifest.stackName, found });
    }
    return {
      decision,
      batches: prepareBatches(decision.kind === 'incremental' ? updates(decision, { manifest, deployed, live }) : []),
    };
  };

/** Reads the functions whose code changed: no others would be updated directly. */
async function readChanged(functions: Functions, deployed: PreviousPackage, manifest: Manifest): Promise<LiveReadings> {
  if (deployed === undefined || deployed === 'unreadable') return {};
  const readings = diffPackages(deployed, manifest).functions.changed.map(async (logicalId) => {
    const recorded = deployed.functions[logicalId];
    if (!recorded) return [];
    const found = await functions.read(recorded.name);
    return [[logicalId, found ? { codeSha256: found.codeSha256, revisionId: found.revisionId } : 'missing'] as const];
  });
  return Object.fromEntries((await Promise.all(readings)).flat());
}

/** An incremental decision rests on a deployed package and on a reading of each changed function. */
function updates(
  { changedFunctions }: Decision,
  { manifest, deployed, live }: { manifest: Manifest; deployed: PreviousPackage; live: LiveReadings },
): FunctionToPrepare[] {
  const before = deployed as DeployedPackage;
  return changedFunctions.map((logicalId) => {
    const recorded = before.functions[logicalId]!;
    const { bundle, codeSha256 } = manifest.functions[logicalId]!;
    return {
      logicalId,
      name: recorded.name,
      action: 'update-code',
      bundle,
      codeSha256,
      revisionId: (live[logicalId] as LiveReading).revisionId,
      previousVersion: recorded.version,
    };
  });
}
