import type { RemovalInput } from '../../lib/core/contracts/payloads';
import { isOwned } from '../../lib/core/deploy/stack-tags';
import type { Stack, Stacks } from '../../lib/ports/stacks';

/** A stack that exists, belongs to the service, and is to be deleted. */
export interface OwnStack {
  readonly name: string;
  readonly status: Stack['status'];
  readonly statusReason: Stack['statusReason'];
  readonly exports: Stack['exports'];
}

/**
 * Checks whether the stack that a removal is to delete still exists.
 *
 * @returns undefined if the service has no stack, it is gone, or by its tags it belongs to another service now
 */
export async function readOwnStack(
  stacks: Pick<Stacks, 'describe'>,
  { release, service, removal }: RemovalInput,
): Promise<OwnStack | undefined> {
  const { stackName: name } = removal;
  if (name === undefined) return undefined;
  const stack = await stacks.describe(name);
  const owner = { app: release.app, stage: release.stage, service: service.path };
  if (!stack || !isOwned(stack.tags, owner)) return undefined;
  return { name, status: stack.status, statusReason: stack.statusReason, exports: stack.exports };
}
