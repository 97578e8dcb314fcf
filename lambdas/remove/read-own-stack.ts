import type { RemovalInput } from '../../lib/core/contracts/payloads';
import { isOwned } from '../../lib/core/deploy/stack-tags';
import type { Stack, Stacks } from '../../lib/ports/stacks';

/** A stack that is there, is the service's, and is to go. */
export interface OwnStack {
  readonly name: string;
  readonly status: Stack['status'];
}

/**
 * Looks whether there still is what a removal is to delete.
 *
 * @returns undefined if the service has no stack, it is gone, or its tags say that it is another's by now
 */
export async function readOwnStack(
  stacks: Pick<Stacks, 'describe'>,
  { release, service, removal }: RemovalInput,
): Promise<OwnStack | undefined> {
  const { stackName: name } = removal;
  if (name === undefined) return undefined;
  const stack = await stacks.describe(name);
  const owner = { app: release.app, stage: release.stage, service: service.path };
  return stack && isOwned(stack.tags, owner) ? { name, status: stack.status } : undefined;
}
