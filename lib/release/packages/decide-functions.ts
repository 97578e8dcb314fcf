import { refuseUnfit } from '../../core/code-only/refuse-unfit';
import type { DeployedPackage, LiveFunction, Manifest } from '../../core/contracts/manifest';
import type { ServiceState } from '../../core/contracts/state';
import { type CodeOnlyDecision, type CodeOnlyReading, decideCodeOnly } from '../../core/deploy/decide-code-only';
import type { PreviousPackage } from '../../core/deploy/package-diff';
import type { FunctionReading, Functions } from '../../ports/functions';
import { allOrFirstError } from '../all-or-first-error';

/** A service without a stack, and what is known of it. */
interface FunctionsToDecide {
  readonly state: ServiceState | undefined;
  readonly deployed: PreviousPackage;
  readonly manifest: Manifest;
  readonly force: boolean;
  /** On a rollback, what it returns to. */
  readonly backTo?: DeployedPackage;
}

/**
 * Decides for a service without a stack, by what all its functions are now. Changes nothing.
 *
 * @throws ReleaseError `FunctionMissing` or `ConfigInvalid` if a function is not what the package is for
 */
export async function decideFunctions(functions: Functions, service: FunctionsToDecide): Promise<CodeOnlyDecision> {
  const { state, deployed, manifest, force, backTo } = service;
  const readings = await allOrFirstError(
    Object.keys(manifest.functions).map(async (name) => {
      const [latest, live] = await Promise.all([functions.read(name), functions.read(name, manifest.alias)]);
      return { name, latest, live };
    }),
  );
  refuseUnfit(
    manifest,
    Object.fromEntries(readings.map(({ name, latest }) => [name, latest && (latest.made ?? { isImage: false })])),
  );
  const live = await allOrFirstError(
    readings.map(async ({ name, latest, live }): Promise<[string, CodeOnlyReading]> => {
      const reusable = await readReusable(functions, latest!, { backTo, name });
      return [name, { latest: latest!, ...(live && { live }), ...(reusable && { reusable }) }];
    }),
  );
  return decideCodeOnly({ previous: { state, deployed }, manifest, force, live: Object.fromEntries(live) });
}

/**
 * A version holds the configuration that the function had when it was published, which its maker may have changed
 * since: then the code is deployed again.
 */
async function readReusable(
  functions: Functions,
  latest: FunctionReading,
  { backTo, name }: { readonly backTo: DeployedPackage | undefined; readonly name: string },
): Promise<LiveFunction | undefined> {
  const wanted = backTo?.functions[name];
  const version = wanted && (await functions.read(name, wanted.version));
  return version?.codeSha256 === wanted?.codeSha256 && version?.configuration === latest.configuration
    ? wanted
    : undefined;
}
