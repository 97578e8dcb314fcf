import { SEED_YML } from '../../lib/config/seed-yml';
import { PACKAGE_JSON, PNPM_WORKSPACE_YAML, parsePackage, workspacePatterns } from '../../lib/config/workspaces';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { findPackages } from '../../lib/core/workspaces/find-packages';
import { type PackageGraph, packageGraph, type WorkspacePackage } from '../../lib/core/workspaces/package-graph';
import { allOrFirstError } from '../../lib/release/all-or-first-error';

/** GitHub takes a hundred calls at once, those of other releases among them. */
const AT_ONCE = 50;

/** @returns the text of a file of the commit to plan, or undefined if there is no such file. */
type Read = (path: string) => Promise<string | undefined>;

/**
 * Reads how the packages of the repository's workspaces use each other, with a call for each, many at once.
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
  const packages: WorkspacePackage[] = [];
  for (let from = 0; from < directories.length; from += AT_ONCE) {
    const some = directories.slice(from, from + AT_ONCE).map(async (directory) => {
      return parsePackage(directory, (await read(`${directory}/${PACKAGE_JSON}`)) ?? '{}');
    });
    packages.push(...(await allOrFirstError(some)));
  }
  return packageGraph(packages);
}

const noWorkspaces = (): ReleaseError =>
  new ReleaseError(
    'ConfigInvalid',
    `${SEED_YML}: changes is workspaces, but neither "workspaces" in ${PACKAGE_JSON} nor "packages" in ` +
      `${PNPM_WORKSPACE_YAML} names a directory with a package.json; declare them there, or remove the key`,
  );
