import { nestedStacks, type StackPart } from '../../lib/core/removal/stack-parts';
import type { Stacks } from '../../lib/ports/stacks';
import { allOrFirstError } from '../../lib/release/all-or-first-error';

/** @returns a stack and all nested ones that are deleted with it. */
export async function readStackParts(
  stacks: Pick<Stacks, 'template' | 'resources'>,
  name: string,
): Promise<readonly StackPart[]> {
  const [template, resources] = await Promise.all([stacks.template(name), stacks.resources(name)]);
  const part = { template, resources };
  const inner = await allOrFirstError(nestedStacks(part).map((id) => readStackParts(stacks, id)));
  return [part, ...inner.flat()];
}
