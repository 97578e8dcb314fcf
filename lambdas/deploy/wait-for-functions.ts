import { type PreparedFunction, WaitForFunctionsInput } from '../../lib/core/contracts/payloads';
import type { Clock } from '../../lib/ports/clock';
import type { Functions } from '../../lib/ports/functions';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { functionMissing } from '../../lib/release/packages/changed-by-hand';
import { pollUntil } from '../../lib/release/poll-until';
import { versionFailed } from './version-failed';

export interface WaitForFunctionsPorts {
  readonly target: TargetPortsOf<'functions'>;
  readonly pace: Clock;
}

export type WaitForFunctionsResult =
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly prepared: readonly PreparedFunction[] };

/**
 * Waits, for most of a minute, until Lambda has made the version of every prepared function, with SnapStart also its
 * snapshot. No alias can be moved to a version before that.
 *
 * @throws ReleaseError `FunctionUpdateFailed` with the function and Lambda's reason, or `FunctionMissing`
 */
export const waitForFunctions =
  ({ target, pace }: WaitForFunctionsPorts) =>
  async (event: unknown): Promise<WaitForFunctionsResult> => {
    const { release, prepared } = WaitForFunctionsInput.parse(event);
    const { functions } = target(release.target);
    // A version that has served before is complete.
    let pending = prepared.filter(({ reused, kept }) => !reused && !kept);
    if (pending.some(({ updated }) => updated)) await pace.sleep(USUAL_UPDATE);
    let looks = 0;
    const done = await pollUntil(
      pace,
      async () => {
        looks += 1;
        const ready = await allOrFirstError(pending.map((one) => isReady(functions, one)));
        pending = pending.filter((_, index) => !ready[index]);
        return pending.length === 0 ? true : undefined;
      },
      () => (looks < SOON ? 1_000 : 5_000),
    );
    return done ? { status: 'done', prepared } : { status: 'running' };
  };

/**
 * Lambda takes about a second for a zip, more in a VPC. A look right after the update would only see that it is in
 * progress, and cost a call for each function; a look that is a little early costs a second of waiting.
 */
const USUAL_UPDATE = 700;
/** After so many looks it takes longer: a VPC some 25 seconds, a snapshot minutes. Each look is a call a function. */
const SOON = 10;

async function isReady(functions: Functions, { logicalId, name, version }: PreparedFunction): Promise<boolean> {
  const found = await functions.read(name, version);
  if (!found) throw functionMissing({ logicalId, name });
  if (found.readiness === 'failed') throw versionFailed({ logicalId, name, version }, found);
  return found.readiness === 'ready';
}
