import type { Decision } from '../../lib/core/contracts/decision';
import { type DecideOutput, ServiceReleaseInput } from '../../lib/core/contracts/payloads';
import { prepareBatches } from '../../lib/core/deploy/prepare-batches';
import { stateFoundBy } from '../../lib/core/record/state-found-by';
import { gradualOnes } from '../../lib/core/shift/plan-shifts';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Log } from '../../lib/ports/log';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { decideService } from '../../lib/release/packages/decide-service';
import { readPackageThen } from '../../lib/release/packages/read-package-then';
import { readDeployed, readManifest } from '../../lib/release/packages/read-packages';
import { planShifts } from './plan-shifts';

export interface DecidePorts {
  readonly states: Pick<ServiceStates, 'find' | 'beginService' | 'deployedAt'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf<'functions' | 'stacks' | 'alarms'>;
  readonly log: Log;
}

/**
 * Decides how the package that was built, or taken from an earlier release, reaches the stage. Unless that is "not at
 * all", marks the service as `deploying` before anything of it is touched. Run twice, it ignores its own mark and
 * decides the same.
 */
export const decide =
  ({ states, artifacts, target, log }: DecidePorts) =>
  async (event: unknown): Promise<DecideOutput> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const [manifest, { state, deployed }, backTo] = await Promise.all([
      readManifest(artifacts, { release, service }),
      states
        .find(release, service.path)
        .then((state) => stateFoundBy(release.id, state))
        .then(async (state) => ({ state, deployed: await readDeployed(artifacts, state) })),
      readPackageThen({ states, artifacts }, { release, service }),
    ]);

    const { stage, force } = release;
    const subject = { state, deployed, manifest, stage, force, backTo };
    const ports = target(release.target);
    const { decision: decided, functions } = await decideService(ports.functions, subject);
    const shifts = await planShifts({ artifacts, target: ports }, { release, decision: decided, manifest, deployed });
    const decision: Decision = shifts.length === 0 ? decided : { ...decided, shifts: [...shifts] };
    log.info(`decided: ${decision.kind}`, { releaseId: release.id, service: service.path, decision });

    if (decision.kind !== 'skip') {
      const found = state && { status: state.status, releaseId: state.releaseId };
      await states.beginService(release, service.path, { stackName: manifest.stackName, found, phase: service.phase });
    }
    // A rollback deploys what was deployed then as it is, and quickly: no commands of its repository run.
    const hooks = release.rollback || decision.kind === 'skip' ? [] : manifest.hooks;
    return { decision, batches: prepareBatches(functions), gradual: gradualOnes(shifts).length > 0, hooks };
  };
