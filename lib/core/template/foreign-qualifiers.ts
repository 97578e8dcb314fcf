import { isJsonObject, type Json } from '../text/canonical-json';
import { functionIdOf } from './framework-versions';
import { type FunctionNames, literalOf } from './function-names';
import { ifArguments, intrinsicOf, visitReferences } from './intrinsics';
import { INVOCATION_SITES, QUALIFIED_SITES } from './invocation-sites';
import type { TemplateWarning } from './leftover-mentions';
import { atPath, mapAtPath } from './property-path';
import type { Resource, Template } from './template';

/** A place that invokes something else of a function than its alias. */
export interface ForeignQualifier {
  /** As in `Resources.<id>.Properties.Targets[0].Arn`. */
  readonly path: string;
  readonly functionId: string;
  /** `alias`: one that is not ours, `$LATEST` or one that only a deployment tells; `version`: a single version. */
  readonly kind: 'alias' | 'version';
  /** What is written there, if it is known. */
  readonly qualifier: string | undefined;
}

/**
 * Finds what invokes a version or an alias that its author chose. It is left as it is, so no shift of the function
 * reaches it: it runs other code when a stack update gives it other code, for all of its traffic at once.
 *
 * @param template the transformed one
 * @param names    of the functions that have the alias
 */
export function findForeignQualifiers(template: Template, names: FunctionNames): readonly ForeignQualifier[] {
  const found = new Map<string, ForeignQualifier>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const note = (at: string) => (one: Omit<ForeignQualifier, 'path'>) => {
      const path = `Resources.${id}.Properties.${at}`;
      const key = `${path} ${one.functionId}`;
      if (!found.has(key)) found.set(key, { path, ...one });
    };
    for (const { type, path } of INVOCATION_SITES) {
      // What scales an alias does not invoke it.
      if (type !== resource.Type || type === 'AWS::ApplicationAutoScaling::ScalableTarget') continue;
      mapAtPath(resource.Properties ?? {}, path, (value, at) => {
        search(value, { template, names, note: note(at) });
        return value;
      });
    }
    noteBeside(resource, { names, note });
  }
  return [...found.values()];
}

interface Search {
  readonly template: Template;
  readonly names: FunctionNames;
  readonly note: (one: Omit<ForeignQualifier, 'path'>) => void;
}

/** Some types have the qualifier in a property beside the function's name. */
function noteBeside(
  { Type, Properties }: Resource,
  { names, note }: { readonly names: FunctionNames; readonly note: (at: string) => Search['note'] },
): void {
  for (const { type, path, qualifier, invokes } of QUALIFIED_SITES) {
    const written = type === Type && invokes ? atPath(Properties, qualifier.split('.')) : undefined;
    if (written !== undefined) noteQualified(Properties?.[path] ?? '', written, { names, note: note(qualifier) });
  }
}

function noteQualified(named: Json, written: Json, { names, note }: Pick<Search, 'names' | 'note'>): void {
  const [mention] = names.mentions(names.encode(named));
  if (mention === undefined || mention.home === 'elsewhere') return;
  const { functionId, aliasName } = mention.target;
  const qualifier = literalOf(written);
  if (qualifier !== aliasName) note({ functionId, kind: kindOf(qualifier), qualifier });
}

const kindOf = (qualifier: string | undefined): ForeignQualifier['kind'] =>
  /^\d+$/.test(qualifier ?? '') ? 'version' : 'alias';

function search(value: Json, to: Search): void {
  const { template, names, note } = to;
  const branches = ifArguments(value)?.slice(1);
  if (branches !== undefined) {
    for (const branch of branches) search(branch, to);
  } else if (Array.isArray(value)) {
    for (const element of value) search(element, to);
  } else if (isJsonObject(value) && intrinsicOf(value) === undefined) {
    const beside = value.Qualifier ?? value['Qualifier.$'];
    if (beside !== undefined && value.FunctionName !== undefined) noteQualified(value.FunctionName, beside, to);
    for (const child of Object.values(value)) if (child !== undefined) search(child, to);
  } else if (value !== null && typeof value !== 'number' && typeof value !== 'boolean') {
    visitReferences(value, (id) => {
      const resource = template.Resources[id];
      const owner = OWNED[resource?.Type ?? ''] && functionIdOf(template, resource?.Properties?.FunctionName);
      const target = owner === undefined ? undefined : names.target(owner);
      if (target === undefined || target.aliasId === id) return;
      const kind = OWNED[resource!.Type]!;
      note({ functionId: target.functionId, kind, qualifier: literalOf(resource!.Properties?.Name) });
    });
    for (const { target, kind, named, home, qualifier } of names.mentions(names.encode(value))) {
      const isMeant = (kind === 'arn' || named) && home !== 'elsewhere';
      if (!isMeant || qualifier === undefined || qualifier === target.aliasName) continue;
      const literal = qualifier === 'dynamic' ? undefined : qualifier;
      note({ functionId: target.functionId, kind: kindOf(literal), qualifier: literal });
    }
  }
}

const OWNED: Readonly<Record<string, ForeignQualifier['kind']>> = {
  'AWS::Lambda::Alias': 'alias',
  'AWS::Lambda::Version': 'version',
};

/** @returns what a person should know of such a place. */
export function warnOfQualifier(
  { path, functionId, kind, qualifier }: ForeignQualifier,
  alias: string,
): TemplateWarning {
  const what = kind === 'version' ? 'a version' : qualifier === '$LATEST' ? '$LATEST' : 'an alias of its own';
  const named = qualifier === undefined || qualifier === '$LATEST' ? what : `${what} ("${qualifier}")`;
  return {
    path,
    message:
      `invokes ${named} of function ${functionId}, not alias "${alias}": no shift reaches it, and it has other code ` +
      'at once when a stack update gives it some; name the function without a version or alias to have it shifted',
  };
}
