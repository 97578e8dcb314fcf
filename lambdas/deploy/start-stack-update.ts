import { callerOf } from '../../lib/core/contracts/call-reservations';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { renderedTemplateKey } from '../../lib/core/contracts/keys';
import { ServiceReleaseInput, type StackOperation } from '../../lib/core/contracts/payloads';
import { operationToken } from '../../lib/core/contracts/stack-event';
import { keptParameters, keptTags } from '../../lib/core/deploy/kept-settings';
import { stackOwner } from '../../lib/core/deploy/stack-owner';
import { stackCondition } from '../../lib/core/deploy/stack-status';
import { isOwned, stackTags } from '../../lib/core/deploy/stack-tags';
import { rollbackAdvice } from '../../lib/core/deploy/stuck-stack';
import { renderTemplate } from '../../lib/core/template/render-template';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Clock } from '../../lib/ports/clock';
import type { Log } from '../../lib/ports/log';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { Stack, Stacks } from '../../lib/ports/stacks';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { checkBundles } from '../../lib/release/packages/check-bundles';
import { readDeployed, readManifest } from '../../lib/release/packages/read-packages';
import { readTemplate } from '../../lib/release/packages/read-template';
import { readLiveVersions } from './read-live-versions';

export interface StartStackUpdatePorts {
  readonly states: Pick<ServiceStates, 'find'>;
  readonly artifacts: Artifacts;
  /** Where the artifacts are, for CloudFormation to find the bundles. */
  readonly artifactBucket: string;
  readonly target: TargetPortsOf<'functions' | 'stacks'>;
  readonly log: Log;
  readonly pace: Clock;
}

/**
 * Starts whatever brings the stack to the package: its creation, its update, or first the deletion of what a failed
 * creation left. Run twice, it answers the operation that it started the first time.
 *
 * @throws ReleaseError `BundleMissing`, `BundleCorrupt`, `StackNameTaken`, `FunctionMissing`, `TemplateInvalid`,
 * `BoundaryRefused` before anything is touched; `StackBusy`, to be tried again; `StackStuck` with what to do
 */
export const startStackUpdate =
  (ports: StartStackUpdatePorts) =>
  async (event: unknown): Promise<StackOperation> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const { stacks, functions } = ports.target(release.target, callerOf(release));
    const owner = { app: release.app, stage: release.stage, service: service.path };
    const state = ports.states.find(release, service.path);
    const manifest = await readManifest(ports.artifacts, { release, service, state });
    const { stackName } = manifest;
    const [stack, original] = await Promise.all([
      stacks.describe(stackName),
      readTemplate(ports.artifacts, manifest),
      checkBundles(ports.artifacts, manifest),
    ]);
    const operation = (kind: StackOperation['kind']): StackOperation => ({
      kind,
      stackName,
      token: operationToken(release, kind),
    });

    if (stack && !isOwned(stack.tags, owner)) {
      const resources = await stacks.resources(stackName);
      stackOwner({ ...stack, resources }, { release, service: service.path, stackName, template: original });
    }
    switch (stack && stackCondition(stack.status)) {
      case 'busy':
        return await ownOperation(stacks, stack!, [operation('create'), operation('update'), operation('delete')]);
      case 'stuck':
        throw stuck(stackName, stack!);
      case 'leftover': {
        const { token } = operation('delete');
        await stacks.delete(stackName, { executionRoleArn: release.target.executionRoleArn, token });
        return operation('delete');
      }
    }

    const [deployed, current, names] = await Promise.all([
      state.then((found) => readDeployed(ports.artifacts, found)),
      stack && stacks.template(stackName),
      stack ? stacks.functionNames(stackName) : {},
    ]);
    const rendered = renderTemplate(original, {
      bucket: ports.artifactBucket,
      permissionsBoundary: release.target.permissionsBoundary,
      manifest,
      alias: manifest.alias,
      liveVersions: await readLiveVersions(
        { functions, pace: ports.pace },
        { alias: manifest.alias, names, template: original, current, deployed },
      ),
      deployed: current,
      home: { accountId: release.target.account, region: release.target.region },
    });
    const { notAliased, warnings } = rendered;
    ports.log.info('rendered the template', { releaseId: release.id, service: service.path, notAliased, warnings });
    const template = renderedTemplateKey(release, service.path, release.id);
    await ports.artifacts.writeJson(template, rendered.template);

    const kind = stack ? 'update' : 'create';
    const request = {
      name: stackName,
      template,
      executionRoleArn: release.target.executionRoleArn,
      tags: keptTags(stack?.tags, stackTags(owner)),
      keptParameters: keptParameters(stack?.parameters, { current, next: rendered.template }),
      token: operation(kind).token,
    };
    if (kind === 'update') return operation((await stacks.update(request)) === 'unchanged' ? 'none' : 'update');
    if ((await stacks.create(request)) === 'exists') throw busy(stackName, 'was just created by someone else');
    return operation('create');
  };

/** @returns the operation that is under way, if this worker started it and was then started again. */
async function ownOperation(
  stacks: Stacks,
  { status }: Stack,
  candidates: readonly StackOperation[],
): Promise<StackOperation> {
  const { stackName } = candidates[0]!;
  for (const operation of candidates) {
    if (((await stacks.events(stackName, operation.token)) ?? []).length > 0) return operation;
  }
  throw busy(stackName, `is in ${status}: someone else is changing it`);
}

const busy = (stackName: string, state: string): ReleaseError =>
  new ReleaseError('StackBusy', `stack "${stackName}" ${state}; wait until that has ended, then release again`);

const stuck = (stackName: string, { status, statusReason }: Stack): ReleaseError => {
  const why = `stack "${stackName}" is in ${status}${statusReason ? ` (${statusReason})` : ''}`;
  const advice =
    status === 'UPDATE_ROLLBACK_FAILED'
      ? rollbackAdvice(stackName)
      : 'repair it or delete it in the CloudFormation console, then release again';
  return new ReleaseError('StackStuck', `${why}; ${advice}`);
};
