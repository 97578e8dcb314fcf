import { SEED_YML } from '../../lib/config/seed-yml';
import { PACKAGE_JSON, PNPM_WORKSPACE_YAML, parsePackage, workspacePatterns } from '../../lib/config/workspaces';
import { ReleaseError } from '../../lib/core/errors';
import { findPackages } from '../../lib/core/workspaces/find-packages';
import { type PackageGraph, packageGraph } from '../../lib/core/workspaces/package-graph';
import type { Source } from '../../lib/ports/source';

/** @returns the text of a file of the commit to plan. */
type Read = (path: string) => ReturnType<Source['readFile']>;

/**
 * Reads how the packages of the repository's workspaces use each other: a call for each of them, all at once.
 *
 * @param files all paths of the commit's tree
 * @throws ReleaseError `ConfigInvalid` if there are no workspaces, or a package.json is not valid JSON
 */
export async function readPackages(files: readonly string[], read: Read): Promise<PackageGraph> {
  const known = new Set(files);
  const [packageJson, pnpmWorkspace] = await Promise.all(
    [PACKAGE_JSON, PNPM_WORKSPACE_YAML].map((file) => (known.has(file) ? read(file) : undefined)),
  );
  const directories = findPackages(files, workspacePatterns({ packageJson, pnpmWorkspace }));
  if (directories.length === 0) throw noWorkspaces();
  const packages = directories.map(async (directory) =>
    parsePackage(directory, (await read(`${directory}/${PACKAGE_JSON}`)) ?? '{}'),
  );
  return packageGraph(await Promise.all(packages));
}

const noWorkspaces = (): ReleaseError =>
  new ReleaseError(
    'ConfigInvalid',
    `${SEED_YML}: changes is workspaces, but no directory with a package.json is named by "workspaces" of ${PACKAGE_JSON} or ` +
      `by "packages" of ${PNPM_WORKSPACE_YAML}; declare them there, or remove the key`,
  );
