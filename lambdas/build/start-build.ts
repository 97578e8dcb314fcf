import type { z } from 'zod';
import type { Architecture } from '../../lib/core/contracts/architecture';
import type { SpecialCompute } from '../../lib/core/contracts/build-machine';
import type { BuildRequest } from '../../lib/core/contracts/build-request';
import { type ErrorCode, ReleaseError } from '../../lib/core/contracts/errors';
import { buildInputsKey } from '../../lib/core/contracts/keys';
import { type BuildStarted, StartBuildInput } from '../../lib/core/contracts/payloads';
import type { ServiceState } from '../../lib/core/contracts/state';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { BuildPlace, Builds } from '../../lib/ports/builds';
import type { ReleaseBuilds } from '../../lib/ports/release-builds';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { type CloneAccessPorts, cloneAccess } from '../../lib/release/clone-access';

export interface StartBuildPorts extends CloneAccessPorts {
  readonly builds: Builds;
  readonly releaseBuilds: Pick<ReleaseBuilds, 'record'>;
  readonly states: Pick<ServiceStates, 'list'>;
  readonly artifacts: Pick<Artifacts, 'writeJson'>;
  readonly target: TargetPortsOf<'stacks'>;
  readonly artifactBucket: string;
  /** @returns ISO time. */
  readonly now: () => string;
}

/** Starts packaging one service, or the commands of one of its hooks; run twice, it answers the same build. */
export const startBuild =
  (ports: StartBuildPorts) =>
  async (event: unknown): Promise<z.infer<typeof BuildStarted>> => {
    const input = StartBuildInput.parse(event);
    const { release, service, task } = input;
    const startedAt = ports.now();
    const states = await ports.states.list(release);
    const [access, inputs] = await Promise.all([
      cloneAccess(ports, release, Date.parse(startedAt)),
      storeInputs(ports, input, states),
    ]);
    const own = states.find(({ path }) => path === service.path);
    const request: BuildRequest = {
      releaseId: release.id,
      app: release.app,
      stage: release.stage,
      template: release.template,
      service: service.path,
      task,
      commit: release.commit,
      branch: release.branch,
      tag: release.tag,
      pullRequest: release.pullRequest?.number,
      ...access,
      inputs,
      deployedPackage: task === 'package' && !release.force ? knownPackage(own) : undefined,
      region: release.target.region,
      artifactBucket: ports.artifactBucket,
    };
    const { buildId, warning } = await startSomewhere(ports.builds, request, {
      special: release.build,
      architecture: own?.architecture,
    });
    await ports.releaseBuilds.record(release, { path: service.path, task, buildId, startedAt });
    return { buildId, ...(warning !== undefined && { warning }) };
  };

/** After a failure nothing is relied on: that a bundle is gone may have been the reason. */
const knownPackage = (own: ServiceState | undefined): string | undefined =>
  own?.status === 'deployed' ? own.deployedPackage : undefined;

/** Why a build that may run elsewhere does not start on Lambda or in its fleet. */
const FOR_THE_COMPUTE: readonly ErrorCode[] = ['BuildQuotaZero', 'BuildQueueFull', 'BuildComputeRefused'];

/** Starts a build where the stage's builds start, or else on EC2: a release is worth more than its seconds. */
async function startSomewhere(
  builds: Pick<Builds, 'start'>,
  request: BuildRequest,
  { special, architecture }: { readonly special?: SpecialCompute; readonly architecture?: Architecture },
): Promise<z.infer<typeof BuildStarted>> {
  if (special === undefined) return { buildId: await start(builds, request, { architecture }) };
  const place = special.compute === 'reserved' ? { fleet: special.fleet } : { architecture };
  try {
    return { buildId: await start(builds, request, place) };
  } catch (error) {
    if (!(error instanceof ReleaseError) || !FOR_THE_COMPUTE.includes(error.code)) throw error;
    const buildId = await start(builds, request, { architecture, onEc2: true });
    const where = special.compute === 'reserved' ? 'in its fleet' : 'on Lambda';
    return { buildId, warning: `its build ran on EC2, since it could not start ${where}: ${error.message}` };
  }
}

/**
 * Starts a build on the architecture of the functions that were deployed last. Accounts may have builds of one
 * architecture only, and most packages have no code that is of one: the packager refuses those that have.
 */
async function start(
  builds: Pick<Builds, 'start'>,
  request: BuildRequest,
  { architecture, ...place }: BuildPlace,
): Promise<string> {
  try {
    return await builds.start(request, { ...place, architecture });
  } catch (error) {
    const isNone = error instanceof ReleaseError && error.code === 'BuildQuotaZero' && architecture !== undefined;
    if (!isNone) throw error;
    return builds.start(request, place);
  }
}

/**
 * Stores the outputs of the stage's services as they are now: for a package those of the other services, for a hook its
 * own too. They are stored even if there are none: to CodeBuild, a repeated request is the same only if every letter
 * is.
 *
 * @returns the key
 */
async function storeInputs(
  ports: Pick<StartBuildPorts, 'artifacts' | 'target'>,
  { release, service, task }: z.infer<typeof StartBuildInput>,
  states: readonly ServiceState[],
): Promise<string> {
  const key = buildInputsKey(release, service.path, release.id);
  const offered = states.flatMap(({ path, outputs }) => (path === service.path ? [] : [[path, outputs] as const]));
  const own = states.find(({ path }) => path === service.path);
  if (own && task !== 'package') offered.push([own.path, await ownOutputs(ports, { release, task, own })]);
  const outputs = offered.filter(([, values = {}]) => Object.keys(values).length > 0);
  await ports.artifacts.writeJson(key, { outputs: Object.fromEntries(outputs) });
  return key;
}

/** After its deployment a service may have new outputs: they are recorded only at the very end. */
async function ownOutputs(
  { target }: Pick<StartBuildPorts, 'target'>,
  { release, task, own }: Pick<z.infer<typeof StartBuildInput>, 'release' | 'task'> & { readonly own: ServiceState },
): Promise<ServiceState['outputs']> {
  if (task !== 'after_deploy' || own.stackName === undefined) return own.outputs;
  return (await target(release.target).stacks.describe(own.stackName))?.outputs ?? own.outputs;
}
