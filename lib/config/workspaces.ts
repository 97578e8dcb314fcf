import { ReleaseError } from '../core/contracts/errors';
import { readPackage } from '../core/workspaces/find-packages';
import type { WorkspacePackage } from '../core/workspaces/package-graph';
import { parseYaml } from './parse-yaml';

/** Where the workspaces of a repository are declared. */
export const PACKAGE_JSON = 'package.json';
export const PNPM_WORKSPACE_YAML = 'pnpm-workspace.yaml';

/**
 * @param texts of the two files in the repository's root, where they are
 * @returns the patterns of the packages' directories; none if there are no workspaces
 * @throws ReleaseError `ConfigInvalid` for a file that cannot be read
 */
export function workspacePatterns(texts: {
  readonly packageJson: string | undefined;
  readonly pnpmWorkspace: string | undefined;
}): readonly string[] {
  const { workspaces } = parseObject(PACKAGE_JSON, texts.packageJson);
  const listed = Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: unknown } | undefined)?.packages;
  const pnpm = parseYaml({ name: PNPM_WORKSPACE_YAML, text: texts.pnpmWorkspace ?? '' }) as
    | { packages?: unknown }
    | undefined;
  return [listed, pnpm?.packages].flat().filter((pattern) => typeof pattern === 'string');
}

/**
 * @param text of the package.json in the directory
 * @throws ReleaseError `ConfigInvalid` if it is not valid JSON
 */
export const parsePackage = (directory: string, text: string): WorkspacePackage =>
  readPackage(directory, parseObject(`${directory}/${PACKAGE_JSON}`, text));

function parseObject(file: string, text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (cause) {
    throw new ReleaseError('ConfigInvalid', `${file}: it is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}
