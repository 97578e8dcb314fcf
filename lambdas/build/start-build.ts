import type { z } from 'zod';
import type { BuildInputs } from '../../lib/core/build-request';
import { buildInputsKey } from '../../lib/core/keys';
import { type BuildStarted, StartBuildInput } from '../../lib/core/payloads';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Builds } from '../../lib/ports/builds';
import type { ReleaseBuilds } from '../../lib/ports/release-builds';
import type { ServiceStates } from '../../lib/ports/service-states';
import { type CloneAccessPorts, cloneAccess } from './clone-access';

export interface StartBuildPorts extends CloneAccessPorts {
  readonly builds: Builds;
  readonly releaseBuilds: Pick<ReleaseBuilds, 'record'>;
  readonly states: Pick<ServiceStates, 'list'>;
  readonly artifacts: Pick<Artifacts, 'writeJson'>;
  readonly artifactBucket: string;
  /** @returns ISO time. */
  readonly now: () => string;
}

/** Starts packaging one service, or the commands of one of its hooks; run twice it answers the same build. */
export const startBuild =
  (ports: StartBuildPorts) =>
  async (event: unknown): Promise<z.infer<typeof BuildStarted>> => {
    const input = StartBuildInput.parse(event);
    const { release, service, task } = input;
    const startedAt = ports.now();
    const [access, inputs] = await Promise.all([
      cloneAccess(ports, release, Date.parse(startedAt)),
      storeInputs(ports, input),
    ]);
    const buildId = await ports.builds.start({
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
      region: release.target.region,
      artifactBucket: ports.artifactBucket,
    });
    await ports.releaseBuilds.record(release, { path: service.path, task, buildId, startedAt });
    return { buildId };
  };

/**
 * Stores what the other services of the stage have to offer, as it is now; a hook gets what its own service has, too. It is
 * stored even if it is nothing: CodeBuild takes a repeated request for the same only if it is the same to the letter.
 *
 * @returns the key
 */
async function storeInputs(
  { states, artifacts }: Pick<StartBuildPorts, 'states' | 'artifacts'>,
  { release, service, task }: z.infer<typeof StartBuildInput>,
): Promise<string> {
  const key = buildInputsKey(release.app, service.path, release.id);
  const known = (await states.list(release)).filter(({ path }) => task !== 'package' || path !== service.path);
  const outputs = known.flatMap(({ path, outputs = {} }) => (Object.keys(outputs).length > 0 ? [[path, outputs]] : []));
  await artifacts.writeJson(key, { outputs: Object.fromEntries(outputs) } satisfies BuildInputs);
  return key;
}
