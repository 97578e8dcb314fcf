import { ReleaseError } from '../../lib/core/contracts/errors';
import { type FunctionToPrepare, type PreparedFunction, PrepareInput } from '../../lib/core/contracts/payloads';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { CodeOutcome, Functions } from '../../lib/ports/functions';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { functionChangedByHand, functionMissing } from '../../lib/release/packages/changed-by-hand';
import { bundleCorrupt, bundleMissing } from '../../lib/release/packages/check-bundles';

type Action<Name extends FunctionToPrepare['action']> = Extract<FunctionToPrepare, { action: Name }>;

export interface PrepareFunctionsPorts {
  readonly target: TargetPortsOf<'functions'>;
  readonly artifacts: Pick<Artifacts, 'find'>;
}

/**
 * Makes a new version of each function of a batch, or checks that the version which is to serve again exists. No alias
 * moves, so what serves stays as it was. Run twice, it finds its own code in place and answers the version that it
 * published the first time.
 *
 * @throws ReleaseError `FunctionChangedByHand`, `VersionMissing`, `FunctionMissing`, `FunctionUpdateFailed`,
 * `BundleMissing` or `BundleCorrupt`, naming the function
 */
export const prepareFunctions =
  (ports: PrepareFunctionsPorts) =>
  async (event: unknown): Promise<{ readonly prepared: readonly PreparedFunction[] }> => {
    const { release, batch } = PrepareInput.parse(event);
    const { functions } = ports.target(release.target);
    const prepared = await allOrFirstError(
      batch.functions.map(async (wanted): Promise<PreparedFunction> => {
        const version = await prepare(functions, ports.artifacts, wanted);
        return {
          logicalId: wanted.logicalId,
          name: wanted.name,
          alias: wanted.alias,
          version,
          codeSha256: wanted.codeSha256,
          updated: version !== wanted.previousVersion,
          previousVersion: wanted.previousVersion,
          ...(wanted.action === 'reuse-version' && { reused: true }),
          ...(wanted.action === 'keep-version' && { kept: true }),
        };
      }),
    );
    return { prepared };
  };

/** @returns the number of the version to shift to. */
async function prepare(
  functions: Functions,
  artifacts: Pick<Artifacts, 'find'>,
  wanted: FunctionToPrepare,
): Promise<string> {
  if (wanted.action === 'keep-version') return wanted.version;
  if (wanted.action === 'reuse-version') return reuse(functions, wanted);
  let outcome = await attempt(functions, wanted);
  if (outcome.outcome === 'changed-since-read') {
    // Either someone else changed it, or this worker did and was then started again.
    const found = await functions.read(wanted.name);
    if (found?.codeSha256 === wanted.codeSha256) outcome = await functions.publish(wanted.name, wanted.codeSha256);
  }
  switch (outcome.outcome) {
    case 'done':
      if (wanted.action === 'update-code' && outcome.codeSha256 !== wanted.codeSha256)
        throw bundleCorrupt(`function ${wanted.logicalId}`, { ...wanted, found: outcome.codeSha256 });
      return outcome.version;
    case 'missing':
      throw functionMissing(wanted);
    case 'changed-since-read':
      throw functionChangedByHand(wanted);
    case 'refused':
      throw await refusal(artifacts, wanted, outcome.reason);
  }
}

/** A version never changes, so one look at it is enough. */
async function reuse(functions: Functions, wanted: Action<'reuse-version'>): Promise<string> {
  const found = await functions.read(wanted.name, wanted.version);
  if (found?.codeSha256 === wanted.codeSha256) return found.version;
  throw new ReleaseError(
    'VersionMissing',
    `version ${wanted.version} of function ${wanted.logicalId} ("${wanted.name}") is gone; roll back once more, ` +
      'which deploys its stored bundle',
  );
}

const attempt = (functions: Functions, wanted: Action<'update-code' | 'publish'>): Promise<CodeOutcome> =>
  wanted.action === 'publish'
    ? functions.publish(wanted.name, wanted.codeSha256)
    : functions.updateCode({
        name: wanted.name,
        bundle: wanted.bundle,
        revisionId: wanted.revisionId,
        publish: 'version',
      });

/** Lambda refuses a bundle in its own words; if the bundle is missing, we can say so better. */
async function refusal(
  artifacts: Pick<Artifacts, 'find'>,
  wanted: FunctionToPrepare,
  reason: string,
): Promise<ReleaseError> {
  const { logicalId, name } = wanted;
  if (wanted.action === 'update-code' && !(await artifacts.find([wanted.bundle])).has(wanted.bundle))
    return bundleMissing(`function ${logicalId}`, wanted.bundle);
  return new ReleaseError(
    'FunctionUpdateFailed',
    `Lambda refused the code of function ${logicalId} ("${name}"): ${reason}`,
  );
}
