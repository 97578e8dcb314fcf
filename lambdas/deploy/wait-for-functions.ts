import { ReleaseError } from '../../lib/core/contracts/errors';
import { type PreparedFunction, WaitForFunctionsInput } from '../../lib/core/contracts/payloads';
import type { Clock } from '../../lib/ports/clock';
import type { Functions } from '../../lib/ports/functions';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { functionMissing } from '../../lib/release/packages/changed-by-hand';
import { pollUntil } from '../../lib/release/poll-until';

export interface WaitForFunctionsPorts {
  readonly target: TargetPortsOf<'functions'>;
  readonly pace: Clock;
}

export type WaitForFunctionsResult =
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly prepared: readonly PreparedFunction[] };

/**
 * Waits, for most of a minute, until Lambda has taken the update of every prepared function.
 *
 * @throws ReleaseError `FunctionUpdateFailed` with the function and Lambda's reason, or `FunctionMissing`
 */
export const waitForFunctions =
  ({ target, pace }: WaitForFunctionsPorts) =>
  async (event: unknown): Promise<WaitForFunctionsResult> => {
    const { release, prepared } = WaitForFunctionsInput.parse(event);
    const { functions } = target(release.target);
    // A version that existed before is complete, whatever has become of `$LATEST` since.
    let pending = prepared.filter(({ reused, kept }) => !reused && !kept);
    if (pending.some(({ updated }) => updated)) await pace.sleep(USUAL_UPDATE);
    const done = await pollUntil(pace, async () => {
      const ready = await allOrFirstError(pending.map((one) => isReady(functions, one)));
      pending = pending.filter((_, index) => !ready[index]);
      return pending.length === 0 ? true : undefined;
    });
    return done ? { status: 'done', prepared } : { status: 'running' };
  };

/**
 * Lambda takes about a second for a zip, more in a VPC. A look right after the update would only see that it is in
 * progress, and cost a call for each function; a look that is a little early costs a second of waiting.
 */
const USUAL_UPDATE = 700;

async function isReady(functions: Functions, { logicalId, name }: PreparedFunction): Promise<boolean> {
  const found = await functions.read(name);
  if (!found) throw functionMissing({ logicalId, name });
  if (found.lastUpdate === 'failed') {
    const reason = found.lastUpdateReason ?? 'Lambda gives no reason';
    throw new ReleaseError('FunctionUpdateFailed', `the update of function ${logicalId} ("${name}") failed: ${reason}`);
  }
  return found.lastUpdate === 'successful';
}
