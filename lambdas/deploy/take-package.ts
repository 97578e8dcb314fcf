import { ReleaseError } from '../../lib/core/contracts/errors';
import { manifestKey } from '../../lib/core/contracts/keys';
import type { Manifest } from '../../lib/core/contracts/manifest';
import { ServiceReleaseInput } from '../../lib/core/contracts/payloads';
import type { Artifacts } from '../../lib/ports/artifacts';
import { type PackageThenPorts, readPackageThen } from '../../lib/release/packages/read-package-then';

export interface TakePackagePorts extends PackageThenPorts {
  readonly artifacts: Pick<Artifacts, 'readJson' | 'writeJson'>;
}

/**
 * Takes, in place of a build, the package that a rollback returns to: its manifest becomes this release's own. What the
 * manifest points at, template and bundles, stays where it is, and so does the commit.
 *
 * @throws ReleaseError `RollbackImpossible` if the package no longer exists
 */
export const takePackage =
  (ports: TakePackagePorts) =>
  async (event: unknown): Promise<Pick<Manifest, 'commit' | 'releaseId'>> => {
    const input = ServiceReleaseInput.parse(event);
    const { release, service } = input;
    const then = await readPackageThen(ports, input);
    if (!then) throw new ReleaseError('RollbackImpossible', `release ${release.id} is not a rollback`);
    const manifest: Manifest = { ...then.manifest, releaseId: release.id };
    await ports.artifacts.writeJson(manifestKey(release, service.path, release.id), manifest);
    const { commit, releaseId } = then.manifest;
    return { commit, releaseId };
  };
