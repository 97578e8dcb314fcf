import type { DeployedPackage, Manifest } from '../contracts/manifest';
import { packagedCode } from './packaged-code';

/** What happened to the entries of a record, each list sorted. */
export interface RecordDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** Where a package differs from the deployed one. Plain JSON. */
export interface PackageDiff {
  readonly template: boolean;
  readonly config: boolean;
  readonly environment: boolean;
  /** `changed`: functions whose code differs. */
  readonly functions: RecordDiff;
  readonly layers: RecordDiff;
  readonly assets: RecordDiff;
}

/** The last deployed package: undefined if there is none (any longer), `unreadable` if its form is not as expected. */
export type PreviousPackage = DeployedPackage | 'unreadable' | undefined;

/**
 * Compares a new package with the deployed one. Its `functions.changed` are the functions whose live state must be read
 * before deciding: no others would be updated directly.
 *
 * @param previous if there is nothing readable to compare with, everything is new
 */
export function diffPackages(previous: PreviousPackage, manifest: Manifest): PackageDiff {
  const before = previous === undefined || previous === 'unreadable' ? undefined : previous.manifest;
  return {
    template:
      before === undefined ||
      before.templateHash !== manifest.templateHash ||
      before.stackName !== manifest.stackName ||
      // Both are part of the template: if only they ever differ, the template's hash cannot be trusted.
      keysInBoth(before.functions, manifest.functions).some(
        (id) =>
          before.functions[id]!.handler !== manifest.functions[id]!.handler ||
          before.functions[id]!.runtime !== manifest.functions[id]!.runtime,
      ),
    config: before?.configHash !== manifest.configHash || before.framework.name !== manifest.framework.name,
    environment: before?.environmentHash !== manifest.environmentHash,
    functions: diffBundles(codeBefore(previous, manifest), packagedCode(manifest)),
    layers: diffBundles(before?.layers ?? {}, manifest.layers),
    assets: diffBundles(before?.assets ?? {}, manifest.assets),
  };
}

/** Packages of before images were in manifests name none, and yet their functions were deployed. */
function codeBefore(previous: PreviousPackage, manifest: Manifest): Bundles {
  if (previous === undefined || previous === 'unreadable') return {};
  const { manifest: before, functions } = previous;
  if (before.images !== undefined) return packagedCode(before);
  const unnamed = keysInBoth(functions, manifest.images ?? {}).map((id) => [
    id,
    { contentHash: functions[id]!.codeSha256 },
  ]);
  return { ...Object.fromEntries(unnamed), ...packagedCode(before) };
}

type Bundles = Readonly<Record<string, { readonly contentHash: string }>>;

function diffBundles(before: Bundles, after: Bundles): RecordDiff {
  return {
    added: Object.keys(after)
      .filter((id) => !Object.hasOwn(before, id))
      .sort(),
    removed: Object.keys(before)
      .filter((id) => !Object.hasOwn(after, id))
      .sort(),
    changed: keysInBoth(before, after).filter((id) => before[id]!.contentHash !== after[id]!.contentHash),
  };
}

const keysInBoth = (a: object, b: object): string[] =>
  Object.keys(a)
    .filter((key) => Object.hasOwn(b, key))
    .sort();
