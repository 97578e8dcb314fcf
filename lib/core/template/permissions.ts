import type { Json } from '../text/canonical-json';
import { pascal } from './alias-resources';
import type { AliasTarget, FunctionNames, Home } from './function-names';
import { toParts } from './intrinsics';
import { isSourceOf } from './permission-source';
import { freeId, type Resource, type Template } from './template';

/**
 * @param principal a permission's Principal or that of an invocation site
 * @returns the service it stands for: `logs` for `logs.eu-west-1.amazonaws.com`, however it was spelt
 */
export function serviceOf(principal: Json): string {
  const [part] = toParts(principal);
  return part?.kind === 'text' ? part.text.split('.')[0]! : '';
}

/** Function URLs are open to other principals than services; what tells their permissions is a property. */
const isForUrl = ({ Properties }: Resource): boolean =>
  Properties?.Action === 'lambda:InvokeFunctionUrl' || Properties?.InvokedViaFunctionUrl === true;

/** What happens to one AWS::Lambda::Permission. */
export type PermissionChange =
  | { readonly kind: 'unchanged' }
  /** It is about the alias now. */
  | { readonly kind: 'moved'; readonly resource: Resource; readonly service: string; readonly target: AliasTarget }
  /** Whoever invokes the function is not in this template: it stays, and there is one more for the alias. */
  | { readonly kind: 'doubled'; readonly aliasPermissionId: string; readonly resource: Resource };

/**
 * A permission of a function does not cover its alias, nor the other way round. It moves with the places of this
 * template that it is for; if there are none, somebody outside invokes the function by its plain ARN, and would be
 * locked out.
 *
 * @param invocations resources of this template that invoke the alias of a function, each as what service (as by
 *   {@link serviceOf})
 */
export function changePermission(
  template: Template,
  id: string,
  {
    names,
    home,
    invocations,
    keptUrls,
  }: {
    readonly names: FunctionNames;
    readonly home: Home;
    readonly invocations: readonly { readonly from: string; readonly functionId: string; readonly service: string }[];
    /** Function URLs that go on invoking the function itself. */
    readonly keptUrls: readonly { readonly functionId: string }[];
  },
): PermissionChange {
  const resource = template.Resources[id]!;
  const functionName = resource.Properties?.FunctionName ?? null;
  const text = names.encode(functionName);
  const [mention] = names.mentions(text);
  if (mention === undefined || (!mention.named && mention.kind === 'name') || mention.home !== 'here')
    return { kind: 'unchanged' };
  const { target, qualifier } = mention;
  const former = qualifier !== undefined && target.formerQualifiers.includes(qualifier);
  if (qualifier !== undefined && !former) return { kind: 'unchanged' };
  if (isForUrl(resource) && keptUrls.some(({ functionId }) => functionId === target.functionId)) {
    return { kind: 'unchanged' };
  }
  const onAlias: Resource = {
    ...resource,
    Properties: { ...resource.Properties, FunctionName: { Ref: target.aliasId } },
  };
  const service = isForUrl(resource) ? '*' : serviceOf(resource.Properties?.Principal ?? '');
  const isUsed = invocations.some(
    (one) =>
      one.functionId === target.functionId &&
      one.service === service &&
      isSourceOf(template, resource.Properties ?? {}, one.from, { names, home }),
  );
  if (former || isUsed) return { kind: 'moved', resource: onAlias, service, target };
  const wanted = `${id}${pascal(target.aliasName)}`;
  const taken = template.Resources[wanted]?.Type;
  const aliasPermissionId = taken === 'AWS::Lambda::Permission' ? wanted : freeId(template, wanted);
  return { kind: 'doubled', aliasPermissionId, resource: onAlias };
}
