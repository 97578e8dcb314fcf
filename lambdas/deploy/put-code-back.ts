import { callerOf } from '../../lib/core/contracts/call-reservations';
import { ReleaseError } from '../../lib/core/contracts/errors';
import type { Manifest } from '../../lib/core/contracts/manifest';
import { MoveAliasesInput, type PreparedFunction } from '../../lib/core/contracts/payloads';
import { codeOf, codeSource } from '../../lib/core/deploy/packaged-code';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Functions } from '../../lib/ports/functions';
import type { Log } from '../../lib/ports/log';
import type { ServiceStates } from '../../lib/ports/service-states';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { functionChangedByHand, functionMissing } from '../../lib/release/packages/changed-by-hand';
import { bundleCorrupt } from '../../lib/release/packages/check-bundles';
import { readManifest } from '../../lib/release/packages/read-packages';

export interface PutCodeBackPorts {
  readonly states: Pick<ServiceStates, 'find'>;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf<'functions'>;
  readonly log: Log;
}

/** What became of the code of `$LATEST`, by logical id. */
export interface CodePutBack {
  readonly put: readonly string[];
  /** Their bundle is gone: `$LATEST` keeps its code, and the next change of the function is a full deploy. */
  readonly left: readonly string[];
}

/**
 * Brings the code of `$LATEST` in line with the versions that a rollback has moved aliases to, so that the next release
 * is compared with what serves. Publishes nothing and leaves what serves alone. Run twice, it finds its own code in
 * place.
 *
 * @throws ReleaseError `FunctionChangedByHand`, `FunctionMissing`, `BundleCorrupt` or `FunctionUpdateFailed`, naming
 * the function
 */
export const putCodeBack =
  ({ states, artifacts, target, log }: PutCodeBackPorts) =>
  async (event: unknown): Promise<CodePutBack> => {
    const { release, service, prepared } = MoveAliasesInput.parse(event);
    const { functions } = target(release.target, callerOf(release));
    const state = states.find(release, service.path);
    const manifest = await readManifest(artifacts, { release, service, state });
    const outcomes = await allOrFirstError(
      prepared
        .filter(({ reused }) => reused)
        .map(async (one) => ({ ...one, outcome: await putBack({ functions, artifacts }, one, manifest) })),
    );
    const by = (wanted: Outcome) =>
      outcomes.filter(({ outcome }) => outcome === wanted).map(({ logicalId }) => logicalId);
    const result = { put: by('put'), left: by('left') };
    log.info('put back the code of $LATEST', { releaseId: release.id, service: service.path, ...result });
    return result;
  };

type Outcome = 'put' | 'left' | 'in-place';

async function putBack(
  { functions, artifacts }: { readonly functions: Functions; readonly artifacts: Pick<Artifacts, 'find'> },
  { logicalId, name, codeSha256 }: PreparedFunction,
  manifest: Manifest,
): Promise<Outcome> {
  const latest = await functions.read(name);
  if (!latest) throw functionMissing({ logicalId, name });
  if (latest.codeSha256 === codeSha256) return 'in-place';
  const code = codeOf(manifest, logicalId)!;
  const { bundle } = code;
  const { revisionId } = latest;
  const outcome = await functions.updateCode({ name, ...codeSource(code), revisionId, publish: 'nothing' });
  switch (outcome.outcome) {
    case 'done':
      if (bundle !== undefined && outcome.codeSha256 !== codeSha256)
        throw bundleCorrupt(`function ${logicalId}`, { bundle, codeSha256, found: outcome.codeSha256 });
      return 'put';
    case 'missing':
      throw functionMissing({ logicalId, name });
    case 'changed-since-read':
      // Either someone else changed it, or this worker did and its answer got lost.
      if ((await functions.read(name))?.codeSha256 === codeSha256) return 'put';
      throw functionChangedByHand({ logicalId, name });
    case 'refused':
      if (bundle !== undefined && !(await artifacts.find([bundle])).has(bundle)) return 'left';
      throw new ReleaseError(
        'FunctionUpdateFailed',
        `the alias of function ${logicalId} ("${name}") is back, but Lambda refused its code for $LATEST: ` +
          `${outcome.reason}; the next release deploys the service in full`,
      );
  }
}
