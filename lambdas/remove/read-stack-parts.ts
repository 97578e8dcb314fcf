import type { StackPart } from '../../lib/core/removal/stack-parts';
import { goes } from '../../lib/core/removal/stack-parts';
import type { Stacks } from '../../lib/ports/stacks';
import { allOrFirstError } from '../../lib/release/all-or-first-error';

const NESTED = 'AWS::CloudFormation::Stack';

/** @returns a stack and all nested ones that are deleted with it. */
export async function readStackParts(
  stacks: Pick<Stacks, 'template' | 'resources'>,
  name: string,
): Promise<readonly StackPart[]> {
  const [template, resources] = await Promise.all([stacks.template(name), stacks.resources(name)]);
  const part = { template, resources };
  const nested = resources.filter(({ type, logicalId }) => type === NESTED && goes(part, logicalId));
  const inner = await allOrFirstError(
    nested.map(async ({ physicalId }) => (physicalId === undefined ? [] : readStackParts(stacks, physicalId))),
  );
  return [part, ...inner.flat()];
}
