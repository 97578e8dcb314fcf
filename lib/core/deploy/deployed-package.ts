import { type DeployedPackage, hasStack, type LiveFunction, type Manifest } from '../contracts/manifest';
import type { PreparedFunction } from '../contracts/payloads';
import type { FunctionRecord } from '../contracts/state';

/**
 * @param parts `configuredBy`: the release of the last full deploy; `prepared`: functions that got a new version, all
 *   of the service after a full deploy; `before`: of an incremental one, the package whose other functions go on
 *   serving
 * @returns a package together with what came of it
 */
export function deployedPackage(parts: {
  readonly manifest: Manifest;
  readonly prepared: readonly PreparedFunction[];
  readonly before: DeployedPackage | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly configuredBy?: string;
}): DeployedPackage {
  const { manifest, prepared, before, outputs, configuredBy } = parts;
  const live: Record<string, LiveFunction> = { ...before?.functions };
  for (const { logicalId, name, version, codeSha256 } of prepared) live[logicalId] = { name, version, codeSha256 };
  // Those that are no longer of the service stay as they are, and are nothing of it.
  if (!hasStack(manifest))
    for (const id of Object.keys(live)) if (!Object.hasOwn(manifest.functions, id)) delete live[id];
  return { manifest, configuredBy, functions: live, outputs: { ...outputs } };
}

/**
 * @param moved functions of `manifest` that serve now, while all others of it do not
 * @returns what was deployed before, with these functions in place of their former selves
 */
export function partlyDeployed(
  before: DeployedPackage,
  manifest: Manifest,
  moved: readonly PreparedFunction[],
): DeployedPackage {
  const ofMoved = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([id]) => moved.some(({ logicalId }) => logicalId === id)));
  const { functions, images } = before.manifest;
  return deployedPackage({
    manifest: {
      ...before.manifest,
      functions: { ...functions, ...ofMoved(manifest.functions) },
      ...(images && { images: { ...images, ...ofMoved(manifest.images ?? {}) } }),
    },
    prepared: moved,
    before,
    outputs: before.outputs,
  });
}

/** @returns for the history, every function of a package as it serves now, and whether `prepared` changed it. */
export function functionRecords(
  functions: DeployedPackage['functions'],
  prepared: readonly PreparedFunction[],
): FunctionRecord[] {
  const updated = new Set(prepared.filter((one) => one.updated).map(({ logicalId }) => logicalId));
  return Object.entries(functions).map(([logicalId, { name, version }]) => ({
    logicalId,
    name,
    version,
    updated: updated.has(logicalId),
  }));
}
