import type { StackEvent } from '../contracts/stack-event';

/** What a stack's status means for a release that wants to deploy to it. */
export type StackCondition = 'ready' | 'busy' | 'leftover' | 'stuck';

/**
 * @param status as CloudFormation writes it
 * @returns `ready` to be updated · `busy` with an operation · `leftover` of a creation that failed, which can only be
 * deleted · `stuck` until a person acts
 */
export function stackCondition(status: string): StackCondition {
  if (LEFTOVERS.includes(status)) return 'leftover';
  if (status.endsWith('_IN_PROGRESS')) return 'busy';
  return status.endsWith('_FAILED') && status !== 'UPDATE_FAILED' ? 'stuck' : 'ready';
}

/**
 * Where an operation without rollback leaves a stack that fails; with one, CloudFormation goes on from there.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
 */
const STAYED = ['CREATE_FAILED', 'UPDATE_FAILED'];

const LEFTOVERS = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED'];

/**
 * @param status of an event of the stack itself
 * @param options.staysAsItFailed whether nothing is rolled back
 * @returns how the operation ended, or undefined while it goes on. The clean-up after an update only deletes what was
 * replaced; it cannot fail the update, so nothing waits for it.
 */
export function operationEnd(
  status: string,
  { staysAsItFailed = false }: { readonly staysAsItFailed?: boolean } = {},
): 'succeeded' | 'deleted' | 'failed' | undefined {
  if (staysAsItFailed && STAYED.includes(status)) return 'failed';
  switch (status) {
    case 'CREATE_COMPLETE':
    case 'UPDATE_COMPLETE':
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
      return 'succeeded';
    case 'DELETE_COMPLETE':
      return 'deleted';
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
    case 'UPDATE_ROLLBACK_COMPLETE':
    case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
    case 'UPDATE_ROLLBACK_FAILED':
    case 'DELETE_FAILED':
      return 'failed';
    default:
      return undefined;
  }
}

/**
 * Finds what made an operation fail. When one resource fails CloudFormation cancels its siblings, which then fail too:
 * those are not the cause, nor is what fails in the rollback that follows.
 *
 * @param events of one operation, oldest first
 * @returns the first resource that failed by itself; the stack's own first event with a reason if no resource did
 */
export function firstFailure(events: readonly StackEvent[]): StackEvent | undefined {
  const rollback = events.findIndex(({ ofStack, status }) => ofStack && status.includes('ROLLBACK'));
  const before = rollback === -1 ? events : events.slice(0, rollback);
  return (
    before.find((event) => !event.ofStack && event.status.endsWith('_FAILED') && !isCancelled(event)) ??
    events.find(
      (event) =>
        event.ofStack && (event.status.endsWith('_FAILED') || event.status.includes('ROLLBACK')) && event.reason,
    )
  );
}

/** CloudFormation marks a cancelled resource by its reason alone. */
const isCancelled = ({ reason }: StackEvent): boolean =>
  /^Resource (creation|update|deletion) cancelled/i.test(reason ?? '');
