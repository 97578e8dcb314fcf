import { callerOf } from '../../lib/core/contracts/call-reservations';
import { DEPLOYMENT_BUCKET } from '../../lib/core/contracts/deployment-bucket';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { renderedTemplateKey, toldKey } from '../../lib/core/contracts/keys';
import { ServiceReleaseInput, type StackOperation } from '../../lib/core/contracts/payloads';
import type { Target } from '../../lib/core/contracts/release';
import { operationToken } from '../../lib/core/contracts/stack-event';
import type { StackSettings } from '../../lib/core/contracts/stack-settings';
import { movableUrls, refuseKeptUrls, tellKeptUrl } from '../../lib/core/deploy/kept-url-words';
import { requireStack } from '../../lib/core/deploy/require-stack';
import { stackInputs } from '../../lib/core/deploy/stack-inputs';
import { stackOwner } from '../../lib/core/deploy/stack-owner';
import { stackCondition } from '../../lib/core/deploy/stack-status';
import { isOwned, stackTags } from '../../lib/core/deploy/stack-tags';
import { rollbackAdvice } from '../../lib/core/deploy/stuck-stack';
import { changedExports, withExportsOf } from '../../lib/core/template/exports-in-use';
import { renderTemplate } from '../../lib/core/template/render-template';
import type { Template } from '../../lib/core/template/template';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Clock } from '../../lib/ports/clock';
import type { Log } from '../../lib/ports/log';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { Stack, StackRequest, Stacks } from '../../lib/ports/stacks';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { checkBundles } from '../../lib/release/packages/check-bundles';
import { readDeployed, readManifest } from '../../lib/release/packages/read-packages';
import { readTemplate } from '../../lib/release/packages/read-template';
import { foreseeUpdate } from './foresee-update';
import { guardUpdate } from './guard-update';
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
 * @throws ReleaseError `BundleMissing`, `BundleCorrupt`, `StackNameTaken`, `StatefulChange`, `AddressChange`,
 * `FunctionMissing`, `TemplateInvalid` before anything is touched; `StackBusy`, to be tried again; `StackStuck` with
 * what to do
 */
export const startStackUpdate =
  (ports: StartStackUpdatePorts) =>
  async (event: unknown): Promise<StackOperation> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const { stacks, functions } = ports.target(release.target, callerOf(release));
    const owner = { app: release.app, stage: release.stage, service: service.path };
    const state = ports.states.find(release, service.path);
    const manifest = requireStack(await readManifest(ports.artifacts, { release, service, state }));
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
      ...(manifest.stack?.disableRollback && kind !== 'delete' && { staysAsItFailed: true }),
    });

    let adopted = false;
    if (stack && !isOwned(stack.tags, owner)) {
      const found = { ...stack, resources: await stacks.resources(stackName) };
      const wanted = { release, service: service.path, stackName, template: original };
      adopted = stackOwner(found, wanted) === 'adopted';
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
    const render = (liveVersions: Readonly<Record<string, string>>) =>
      renderTemplate(original, {
        bucket: ports.artifactBucket,
        permissionsBoundary: release.target.permissionsBoundary,
        // A template that cannot be read may have it.
        hasDeploymentBucket: stack !== undefined && (!current || current.Resources[DEPLOYMENT_BUCKET] !== undefined),
        manifest,
        alias: manifest.alias,
        liveVersions,
        deployed: current,
        home: { accountId: release.target.account, region: release.target.region },
        movableUrls: movableUrls(release, stackName),
      });
    // What is asked beforehand does not depend on versions, which are published when the update may begin.
    const next = render({});
    const inUse = await exportsInUse(stacks, next.template, { current, exports: stack?.exports ?? [] });
    const keepExports = (rendered: Template): Template => withExportsOf(rendered, { current, names: inUse });
    const kind = stack ? 'update' : 'create';
    const template = renderedTemplateKey(release, service.path, release.id);
    const request = {
      name: stackName,
      template,
      executionRoleArn: release.target.executionRoleArn,
      ...stackInputs(
        { stack, settings: deployed === 'unreadable' ? undefined : deployed?.manifest.stack },
        { settings: manifest.stack, ours: stackTags(owner), current, next: next.template },
      ),
      terminationProtection: manifest.stack?.terminationProtection,
      token: operation(kind).token,
    };
    refuseKeptUrls(next.keptUrls, { release, stackName, alias: manifest.alias });
    const known = stack
      ? await guardUpdate(
          { stacks, artifacts: ports.artifacts, pace: ports.pace },
          { release, request, adopted, current, next: keepExports(next.template) },
        )
      : [];
    const rendered = render(
      await readLiveVersions(
        { functions, pace: ports.pace },
        { alias: manifest.alias, names, template: original, current, deployed },
      ),
    );
    const { notAliased, warnings, keptUrls } = rendered;
    ports.log.info('rendered the template', { releaseId: release.id, service: service.path, notAliased, warnings });
    const told = [
      ...known,
      ...[...inUse].map(tellKeptExport),
      ...tellRole(manifest.stack, release.target),
      ...(deployed === undefined && manifest.stack?.deploymentBucket ? [BUCKET_UNUSED] : []),
      ...keptUrls.map((url) => tellKeptUrl(url, { release, stackName, alias: manifest.alias })),
    ];
    await Promise.all([
      ports.artifacts.writeJson(template, keepExports(rendered.template)),
      told.length > 0 && ports.artifacts.writeJson(toldKey(release, service.path, release.id), told),
    ]);
    if (stack) {
      const method = manifest.stack?.deploymentMethod;
      return operation(await update({ stacks, pace: ports.pace }, { request, stack, method }));
    }
    if ((await stacks.create(request)) === 'exists') throw busy(stackName, 'was just created by someone else');
    return operation('create');
  };

/** Brings a stack to what is asked for, in the way that the service wants. */
async function update(
  { stacks, pace }: { readonly stacks: Stacks; readonly pace: Clock },
  {
    request,
    stack,
    method,
  }: { readonly request: StackRequest; readonly stack: Stack; readonly method: StackSettings['deploymentMethod'] },
): Promise<'update' | 'none'> {
  const { name, policy, terminationProtection: wanted } = request;
  if (wanted !== undefined && wanted !== stack.isProtected) await stacks.setProtection(name, wanted);
  if (method === 'changesets') {
    const { isUnchanged } = await foreseeUpdate(stacks, pace, request);
    // A change set has no policy of its own.
    if (policy) await stacks.setPolicy(name, policy);
    await (isUnchanged ? stacks.forgetForeseen(request) : stacks.doForeseen(request));
    return isUnchanged ? 'none' : 'update';
  }
  if ((await stacks.update(request)) === 'started') return 'update';
  // An update that does nothing sets no policy either.
  if (policy) await stacks.setPolicy(name, policy);
  return 'none';
}

/** Told with the first release alone. */
const BUCKET_UNUSED =
  'provider.deploymentBucket is not used: bundles and templates are in the bucket of the platform, which is encrypted, versioned ' +
  'and refuses what does not come by TLS; the key may be removed';

/** What CloudFormation may do is for the target's owner to say, and never for what a build has written. */
function tellRole(
  settings: StackSettings | undefined,
  { executionRoleArn }: Pick<Target, 'executionRoleArn'>,
): readonly string[] {
  const wanted = settings?.deploymentRole;
  if (wanted === undefined || wanted === executionRoleArn) return [];
  return [
    `provider.iam.deploymentRole (${wanted}) is not used: CloudFormation has the role of the target, ${executionRoleArn}; ` +
      'the owner of the platform may name another in seedbed.yml, key "executionRoleArn" of the target',
  ];
}

/** @returns the names of the exports that would change with the next template, while other stacks import them. */
async function exportsInUse(
  stacks: Stacks,
  next: Template,
  { current, exports }: { readonly current: Template | undefined; readonly exports: readonly string[] },
): Promise<ReadonlySet<string>> {
  const names = changedExports(next, current).filter((name) => exports.includes(name));
  const inUse = names.map(async (name) => ((await stacks.importers(name)).length > 0 ? [name] : []));
  return new Set((await Promise.all(inUse)).flat());
}

const tellKeptExport = (name: string): string =>
  `export "${name}" goes on naming the version that it names, since another stack imports it: what invokes that gets ` +
  'no new code; once nobody imports it, the next full release gives it the ARN of the alias';

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
