import { ReleaseError } from '../../lib/core/contracts/errors';
import { nestedStacks, type StackPart } from '../../lib/core/removal/stack-parts';
import { nameSome } from '../../lib/core/text/name-some';
import type { Stacks } from '../../lib/ports/stacks';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import type { OwnStack } from './read-own-stack';

/**
 * Stops a removal while all is still there, if CloudFormation would keep the stack or one nested in it: it deletes none
 * whose exports another stack imports
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html). What goes along with
 * the stack is no obstacle.
 *
 * @param parts of the stack
 * @throws ReleaseError `StageRemovalIncomplete` with each such export, who imports it and what to do
 */
export async function refuseImported(
  stacks: Pick<Stacks, 'describe' | 'importers'>,
  { name, exports }: Pick<OwnStack, 'name' | 'exports'>,
  parts: readonly StackPart[],
): Promise<void> {
  const nested = parts.flatMap(nestedStacks);
  const inner = await allOrFirstError(nested.map((id) => stacks.describe(id)));
  const going = new Set(nested.map(stackName));
  const imported: string[] = [];
  // One after another: a stack can have 200, and CloudFormation takes only a few calls a second.
  for (const exportName of [...exports, ...inner.flatMap((stack) => stack?.exports ?? [])]) {
    const importers = (await stacks.importers(exportName)).filter((importer) => !going.has(importer));
    if (importers.length === 0) continue;
    imported.push(`"${exportName}" (by ${nameSome(importers.map((importer) => `"${importer}"`))})`);
  }
  if (imported.length === 0) return;
  throw new ReleaseError(
    'StageRemovalIncomplete',
    `stack "${name}" cannot be deleted, since other stacks import what it exports: ${nameSome(imported)}; ` +
      'release those stacks without the import, or remove them first, then remove the stage again',
  );
}

/** @returns the name in a stack's ARN, `arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>`; else the same. */
const stackName = (id: string): string => id.split('/')[1] ?? id;
