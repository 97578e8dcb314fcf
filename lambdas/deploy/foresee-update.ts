import { ReleaseError } from '../../lib/core/contracts/errors';
import type { Clock } from '../../lib/ports/clock';
import type { ForeseenChanges, StackRequest, Stacks } from '../../lib/ports/stacks';
import { pollUntil } from '../../lib/release/poll-until';

/** Milliseconds between two looks. */
const LOOK = 2_000;

type Foreseen = Extract<ForeseenChanges, { readonly status: 'foreseen' }>;

/**
 * Asks CloudFormation what an update would do, and waits for the answer: it takes seconds.
 *
 * @param request the update, whose template is stored
 * @param pace    by which the answer is waited for
 * @throws ReleaseError `TemplateInvalid` if CloudFormation refuses the update; `Throttled`, to be tried again, if it
 * takes longer than a minute to say
 */
export async function foreseeUpdate(stacks: Stacks, pace: Clock, request: StackRequest): Promise<Foreseen> {
  await stacks.foresee(request);
  const foreseen = await pollUntil(
    pace,
    () => answerOf(stacks, request),
    () => LOOK,
  );
  if (!foreseen) {
    throw new ReleaseError(
      'Throttled',
      `CloudFormation is still finding out what the update of stack "${request.name}" would do`,
    );
  }
  if (foreseen.status === 'foreseen') return foreseen;
  await stacks.forgetForeseen(request);
  throw new ReleaseError(
    'TemplateInvalid',
    `CloudFormation refuses the update of stack "${request.name}", of which nothing was touched: ${foreseen.reason}; mend the template`,
  );
}

async function answerOf(
  stacks: Stacks,
  request: StackRequest,
): Promise<Exclude<ForeseenChanges, { readonly status: 'pending' }> | undefined> {
  const found = await stacks.foreseen(request);
  return found.status === 'pending' ? undefined : found;
}
