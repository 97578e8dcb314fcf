import { ReleaseError } from '../../lib/core/contracts/errors';
import type { Clock } from '../../lib/ports/clock';
import type { ForeseenChanges, StackRequest, Stacks } from '../../lib/ports/stacks';
import { pollUntil } from '../../lib/release/poll-until';

/** Milliseconds between two looks. */
const LOOK = 2_000;

type Answer = Exclude<ForeseenChanges, { readonly status: 'pending' }>;
type Foreseen = Extract<ForeseenChanges, { readonly status: 'foreseen' }>;

/**
 * Asks CloudFormation what an update would do, and waits for the answer: it takes seconds. Of nested stacks it cannot
 * always say so, as when one has parameters that are known only once another resource is made, and then refuses to say
 * anything: so it is asked again without them, and they count as what nobody can foresee.
 *
 * @param request the update, whose template is stored
 * @param pace    by which the answer is waited for
 * @throws ReleaseError `TemplateInvalid` if CloudFormation refuses the update; `Throttled`, to be tried again, if it
 * takes longer than a minute to say
 */
export async function foreseeUpdate(stacks: Stacks, pace: Clock, request: StackRequest): Promise<Foreseen> {
  await stacks.foresee(request);
  let answer = await answerTo(stacks, pace, request);
  if (answer.status === 'refused' && request.nested) {
    await stacks.forgetForeseen(request);
    await stacks.foresee({ ...request, nested: false });
    answer = await answerTo(stacks, pace, request);
  }
  if (answer.status === 'foreseen') return answer;
  await stacks.forgetForeseen(request);
  throw new ReleaseError(
    'TemplateInvalid',
    `CloudFormation refuses the update of stack "${request.name}", of which nothing was touched: ${answer.reason}; mend the template`,
  );
}

async function answerTo(stacks: Stacks, pace: Clock, request: StackRequest): Promise<Answer> {
  const look = async () => {
    const found = await stacks.foreseen(request);
    return found.status === 'pending' ? undefined : found;
  };
  const answer = await pollUntil(pace, look, () => LOOK);
  if (answer) return answer;
  throw new ReleaseError(
    'Throttled',
    `CloudFormation is still finding out what the update of stack "${request.name}" would do`,
  );
}
