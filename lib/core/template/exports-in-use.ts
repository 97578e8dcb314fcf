import { canonicalJson, type Json, type JsonObject } from '../text/canonical-json';
import { literalOf } from './function-names';
import { visitReferences } from './intrinsics';
import type { Resource, Template } from './template';

/**
 * A framework exports the ARNs of versions, which become those of aliases. CloudFormation refuses to change an export
 * that another stack imports
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html), so a stack that is
 * taken over could not be updated at all.
 *
 * @returns the names of the exports of `current` that name a version, and something else in `next`
 */
export const changedExports = (next: Template, current: Template | undefined): readonly string[] =>
  Object.entries(current?.Outputs ?? {}).flatMap(([id, output]) => {
    const name = exportName(output);
    const after = next.Outputs?.[id];
    if (name === undefined || after === undefined || exportName(after) !== name) return [];
    const isSame = canonicalJson(after.Value ?? null) === canonicalJson(output.Value ?? null);
    return isSame || versionsIn(output, current!).length === 0 ? [] : [name];
  });

/**
 * @param names of exports that have to keep the value that they have in `current`
 * @returns `next` with these values, and the versions that they name as they are
 */
export function withExportsOf(
  next: Template,
  { current, names }: { readonly current: Template | undefined; readonly names: ReadonlySet<string> },
): Template {
  if (current === undefined || names.size === 0) return next;
  const Outputs: Record<string, JsonObject> = { ...next.Outputs };
  const Resources: Record<string, Resource> = { ...next.Resources };
  for (const [id, output] of Object.entries(current.Outputs ?? {})) {
    const after = Outputs[id];
    if (after === undefined || !names.has(exportName(output) ?? '')) continue;
    Outputs[id] = { ...after, Value: output.Value ?? null };
    for (const versionId of versionsIn(output, current)) Resources[versionId] = current.Resources[versionId]!;
  }
  return { ...next, Outputs, Resources };
}

function exportName(output: JsonObject): string | undefined {
  const { Export } = output as { readonly Export?: { readonly Name?: Json } };
  return literalOf(Export?.Name);
}

function versionsIn(output: JsonObject, template: Template): readonly string[] {
  const found: string[] = [];
  visitReferences(output.Value, (id) => {
    if (template.Resources[id]?.Type === 'AWS::Lambda::Version') found.push(id);
  });
  return found;
}
