import { ReleaseError } from '../../lib/core/contracts/errors';
import type { DeployedPackage } from '../../lib/core/contracts/manifest';
import { ServiceReleaseInput, type ServiceRemoval } from '../../lib/core/contracts/payloads';
import { isOwned } from '../../lib/core/deploy/stack-tags';
import { whatStays } from '../../lib/core/removal/stack-parts';
import { nameSome } from '../../lib/core/text/name-some';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Log } from '../../lib/ports/log';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { readDeployed } from '../../lib/release/packages/read-packages';
import { readStackParts } from './read-stack-parts';
import { refuseImported } from './refuse-imported';

export interface PrepareRemovalPorts {
  readonly states: Pick<ServiceStates, 'find' | 'beginService'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf<'stacks'>;
  readonly log: Log;
}

/**
 * Finds out what there is to remove of a service, and marks the service before anything of it is touched. Only a stack
 * with the service's tags is deleted: one that belongs to another service, or to nobody, was never ours.
 *
 * @throws ReleaseError `StageRemovalIncomplete` if CloudFormation would keep the stack, since others import its exports
 */
export const prepareRemoval =
  ({ states, artifacts, target, log }: PrepareRemovalPorts) =>
  async (event: unknown): Promise<ServiceRemoval> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const state = await states.find(release, service.path);
    // It was removed already: this call is a repeated one.
    if (!state) return { hooks: [], warnings: [] };
    const [deployed] = await Promise.all([readDeployed(artifacts, state), states.beginService(release, service.path)]);
    const manifest = deployed === 'unreadable' ? undefined : deployed?.manifest;
    const hooks = manifest?.hooks ?? [];
    const stackName = state.stackName ?? manifest?.stackName;
    // The commands before a removal are for a stack that exists.
    const nothing = { hooks: hooks.filter((hook) => hook === 'after_remove') };
    // It may have a stack that only a newer version of Seedbed knows of.
    if (stackName === undefined && state.unreadable) throw new ReleaseError('StateUnreadable', state.unreadable);
    if (stackName === undefined) {
      if (deployed === undefined || deployed === 'unreadable') return { ...nothing, warnings: [] };
      return { hooks: hooks.filter((hook) => hook.endsWith('_remove')), warnings: [functionsStay(deployed)] };
    }

    const { stacks } = target(release.target);
    const stack = await stacks.describe(stackName);
    if (!stack) return { ...nothing, warnings: [] };
    if (!isOwned(stack.tags, { app: release.app, stage: release.stage, service: service.path })) {
      const warning = `stack "${stackName}" stays: its tags say that it does not belong to this service`;
      log.warn(warning, { releaseId: release.id, service: service.path, tags: stack.tags });
      return { ...nothing, warnings: [warning] };
    }
    const parts = await readStackParts(stacks, stackName);
    await refuseImported(stacks, { name: stackName, exports: stack.exports }, parts);
    return { stackName, hooks: hooks.filter((hook) => hook.endsWith('_remove')), warnings: [...whatStays(parts)] };
  };

/**
 * Functions of something else are not ours to remove, and neither is an alias that something may invoke: nobody can
 * tell all that does.
 */
function functionsStay({ functions, manifest: { alias } }: DeployedPackage): string {
  const names = Object.values(functions).map(({ name, version }) => `${name} (version ${version})`);
  return (
    `functions that something else made stay, and so does their alias "${alias}", which something may invoke: ` +
    `${nameSome(names)}; when nothing does, "aws lambda delete-alias --function-name NAME --name ${alias}" removes one`
  );
}
