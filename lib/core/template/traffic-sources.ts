import { isJsonObject, type Json } from '../text/canonical-json';
import { transformTemplate } from './alias-transform';
import { type AliasTarget, type Around, createFunctionNames, type FunctionNames, type Home } from './function-names';
import { ifArguments, intrinsicOf } from './intrinsics';
import { QUALIFIED_SITES } from './invocation-sites';
import { atPath } from './property-path';
import { resourcesOfType, type Template } from './template';

/** What names an alias without sending traffic to it: scaling it, being it, being allowed to invoke it. */
const sendsNoTraffic = (type: string): boolean =>
  type.startsWith('AWS::IAM::') ||
  ['AWS::Lambda::Alias', 'AWS::Lambda::Version', 'AWS::ApplicationAutoScaling::ScalableTarget'].includes(type);

/**
 * Which functions can have traffic that a shift could weigh. A source is whatever, once the template is transformed,
 * names the function's alias: a place that invokes it, a permission (also of somebody outside of the template), a
 * function URL, a variable of another function, an output. A policy that allows invoking is none, since nothing tells
 * who would use it; so a function that only other code invokes, by a name the template does not have, has no source
 * here.
 *
 * @param template the framework's own template, or a transformed one
 * @returns logical ids of the functions whose alias something in this template may invoke
 * @throws ReleaseError `TemplateTooLarge`, as transforming it does
 */
export function trafficSources(template: Template, alias: string, home: Home = {}): ReadonlySet<string> {
  const liveVersions = Object.fromEntries(resourcesOfType(template, 'AWS::Lambda::Function').map(([id]) => [id, '1']));
  const { template: transformed, functions } = transformTemplate(template, { alias, liveVersions, home });
  const targets = Object.entries(functions).map(
    ([functionId, { aliasLogicalId }]): AliasTarget => ({
      functionId,
      aliasId: aliasLogicalId,
      aliasName: alias,
      formerQualifiers: [],
    }),
  );
  const byAlias = new Map(targets.map(({ aliasId, functionId }) => [aliasId, functionId]));
  const names = createFunctionNames(transformed, targets, home);
  const found = new Set<string>();
  const search = (value: Json | undefined) => noteAliases(value, { names, byAlias, alias, found });
  for (const { Type, Properties } of Object.values(transformed.Resources)) {
    if (!sendsNoTraffic(Type)) search(Properties);
    for (const { type, path, qualifier, invokes } of QUALIFIED_SITES) {
      if (!invokes || type !== Type || atPath(Properties, qualifier.split('.')) !== alias) continue;
      for (const { target } of names.mentions(names.encode(Properties?.[path] ?? ''))) found.add(target.functionId);
    }
  }
  for (const output of Object.values(transformed.Outputs ?? {})) search(output);
  return found;
}

const NOTHING: Around = { before: '', after: '' };

interface Search {
  readonly names: FunctionNames;
  readonly byAlias: ReadonlyMap<string, string>;
  readonly alias: string;
  readonly found: Set<string>;
}

/** Notes the function of every alias that is referred to or written out as `<function>:<alias>` anywhere in `value`. */
function noteAliases(value: Json | undefined, search: Search, { before, after }: Around = NOTHING): void {
  if (Array.isArray(value)) for (const element of value) noteAliases(element, search);
  const isText = typeof value === 'string' || intrinsicOf(value) !== undefined;
  if (!isText && isJsonObject(value)) for (const child of Object.values(value)) noteAliases(child, search);
  if (!isText || value === undefined) return;
  const { names, byAlias, alias, found } = search;
  const text = names.encode(value);
  for (const { target, qualifier, home } of names.mentions(text, { before, after })) {
    if (qualifier === alias && home !== 'elsewhere') found.add(target.functionId);
  }
  for (const { part, start, end } of names.parts(text)) {
    const functionId = part.kind === 'ref' || part.kind === 'att' ? byAlias.get(part.id) : undefined;
    if (functionId !== undefined) found.add(functionId);
    if (part.kind !== 'other') continue;
    const around = { before: before + text.slice(0, start), after: text.slice(end) + after };
    const branches = ifArguments(part.value)?.slice(1);
    for (const branch of branches ?? []) noteAliases(branch, search, around);
    if (branches === undefined && isJsonObject(part.value))
      for (const child of Object.values(part.value)) noteAliases(child, search);
  }
}
