import { BuildTimes } from '../../core/contracts/build-times';
import { buildTimesKey } from '../../core/contracts/keys';
import type { Release } from '../../core/contracts/release';
import type { Artifacts } from '../../ports/artifacts';

/** A build of a release, if there was one, and what CodeBuild told of it. */
interface BuiltService {
  readonly release: Pick<Release, 'app' | 'stage' | 'template' | 'id'>;
  readonly service: { readonly path: string };
  readonly buildId?: string;
  readonly buildTimes?: BuildTimes;
}

/**
 * @returns the parts of a service's build, as CodeBuild and the packager tell them; undefined if nothing was built.
 *   Times that cannot be read are left out: no release fails for want of them.
 */
export async function readBuildTimes(
  artifacts: Pick<Artifacts, 'readJson'>,
  { release, service, buildId, buildTimes }: BuiltService,
): Promise<BuildTimes | undefined> {
  if (buildId === undefined) return undefined;
  const key = buildTimesKey(release, service.path, release.id);
  const ofPackager = await artifacts.readJson(key, BuildTimes).catch(() => undefined);
  return buildTimes || ofPackager ? { ...buildTimes, ...ofPackager } : undefined;
}
