import type { Json, JsonObject } from '../text/canonical-json';
import { type AliasedFunction, type AliasOptions, addAliases } from './alias-resources';
import { createDependencies, type Dependencies, directDependencies } from './dependencies';
import { type ForeignQualifier, findForeignQualifiers, warnOfQualifier } from './foreign-qualifiers';
import { type AliasTarget, createFunctionNames, type FunctionNames, type Home, literalOf } from './function-names';
import { ifArguments, visitReferences } from './intrinsics';
import { INVOCATION_SITES, type InvocationSite, QUALIFIED_SITES, type QualifiedSite } from './invocation-sites';
import { allowAliases } from './invoke-policies';
import { findKeptUrls, type KeptUrl } from './kept-urls';
import { findLeftoverMentions, type TemplateWarning } from './leftover-mentions';
import type { NotAliased } from './not-aliased';
import { findOutsideParts } from './outside-parts';
import { changePermission, serviceOf } from './permissions';
import { atPath, mapAtPath, withAtPath } from './property-path';
import { rewriteValue } from './rewrite-value';
import { dependsOnOf, mapValues, type Resource, type Template, withDependsOn } from './template';
import { refuseTooLarge } from './template-limits';

/** @see transformTemplate */
export interface TransformOptions extends AliasOptions {
  /** Where the stack lives. ARNs written out in full are recognised only if they name this account and region. */
  readonly home?: Home;
  /** Logical ids of function URLs that may get another address, so that they invoke the alias. */
  readonly movableUrls?: ReadonlySet<string>;
}

/** A template in which every place that invokes a function invokes its alias. */
export interface TransformedTemplate {
  readonly template: Template;
  /** By logical id, each function that has the alias. */
  readonly functions: Readonly<Record<string, AliasedFunction>>;
  readonly notAliased: readonly NotAliased[];
  /** Function URLs that keep their address, and so go on invoking the function itself. */
  readonly keptUrls: readonly KeptUrl[];
  readonly warnings: readonly TemplateWarning[];
  /** What invokes something else of these functions, so that no shift reaches it; told among the warnings too. */
  readonly foreign: readonly ForeignQualifier[];
}

/**
 * Gives each function an alias and points every place that invokes the function at it. Pure: the given template is not
 * changed, and transforming the result once more gives the same.
 *
 * @throws ReleaseError `TemplateTooLarge` if the result has more resources than CloudFormation takes
 */
export function transformTemplate(original: Template, options: TransformOptions): TransformedTemplate {
  const { template, targets, functions, notAliased } = addAliases(original, options);
  const names = createFunctionNames(template, targets, options.home ?? {});
  const keptUrls = findKeptUrls(template, names, options);
  const state: State = { template, names, keptUrls, dependencies: createDependencies(template), invocations: [] };
  const Resources: Record<string, Resource> = {};
  for (const id of Object.keys(template.Resources)) Resources[id] = pointAtAliases(id, state);
  const { added, warnings } = movePermissions(Resources, state, options.home ?? {});
  const aliases = new Set(targets.map(({ aliasId }) => aliasId));
  const result = {
    ...template,
    Resources: mapValues({ ...Resources, ...added }, (resource) => withoutImplied(resource, aliases)),
  };
  refuseTooLarge(result, original);
  const foreign = findForeignQualifiers(result, names);
  return {
    template: result,
    functions,
    notAliased,
    keptUrls,
    foreign,
    warnings: [
      ...warnings,
      ...foreign.map((one) => warnOfQualifier(one, options.alias)),
      ...findOutsideParts(result),
      ...findLeftoverMentions(result, names),
    ],
  };
}

/** A Ref of an alias waits for it already: DependsOn that the framework had on its own alias would say it twice. */
function withoutImplied(resource: Resource, aliases: ReadonlySet<string>): Resource {
  const implied = new Set<string>();
  if (dependsOnOf(resource).some((id) => aliases.has(id))) {
    const except = (value: Json) => ifArguments(value) !== undefined;
    visitReferences(resource.Properties, (id) => aliases.has(id) && implied.add(id), { except });
  }
  return implied.size === 0
    ? resource
    : withDependsOn(
        resource,
        dependsOnOf(resource).filter((id) => !implied.has(id)),
      );
}

interface State {
  readonly template: Template;
  readonly names: FunctionNames;
  readonly keptUrls: readonly KeptUrl[];
  readonly dependencies: Dependencies;
  /** Which service invokes the alias of which function from which resource of this template. */
  readonly invocations: Invocation[];
}

interface Invocation {
  readonly from: string;
  readonly functionId: string;
  readonly service: string;
}

function pointAtAliases(id: string, state: State): Resource {
  const { template, names, dependencies } = state;
  const resource = template.Resources[id]!;
  if (resource.Properties === undefined) return resource;
  const kept = state.keptUrls.find(({ logicalId }) => logicalId === id);
  if (kept) return { ...resource, Properties: { ...resource.Properties, TargetFunctionArn: kept.target } };
  if (resource.Type.startsWith('AWS::IAM::')) {
    return { ...resource, Properties: allowAliases(resource.Properties, names) as JsonObject };
  }
  const awaited = new Set<string>();
  const mayReference = (target: AliasTarget, { literal }: { readonly literal: boolean }): boolean =>
    (!literal || sharesCondition(template, id, target)) && !dependencies.reaches(target.aliasId, id);
  const waitFor = (target: AliasTarget, literal: boolean) => {
    if (mayReference(target, { literal }) && dependencies.add(id, target.aliasId)) awaited.add(target.aliasId);
  };

  let properties = resource.Properties;
  const qualified = QUALIFIED_SITES.find(({ type }) => type === resource.Type);
  const isQualified = qualified !== undefined && atPath(properties, qualified.qualifier.split('.')) !== undefined;
  const isOf = ({ type, path, when }: InvocationSite): boolean =>
    type === resource.Type &&
    !(isQualified && path === qualified.path) &&
    (when === undefined || names.encode(atPath(properties, when.path.split('.')) ?? '').endsWith(when.ends));
  for (const { path, form, principal } of INVOCATION_SITES.filter(isOf)) {
    properties = mapAtPath(properties, path, (value) =>
      rewriteValue(value, {
        names,
        form,
        mayReference,
        onAlias: (target, { bySuffix, literal }) => {
          if (principal !== undefined) {
            state.invocations.push({ from: id, functionId: target.functionId, service: serviceOf(principal) });
          }
          if (bySuffix) waitFor(target, literal);
          else dependencies.add(id, target.aliasId);
        },
      }),
    );
  }
  if (qualified && (isQualified || !qualified.onlyIfWritten)) {
    properties = qualify(qualified, properties, names, (target) => {
      const { principal } = qualified;
      if (principal !== undefined) {
        state.invocations.push({ from: id, functionId: target.functionId, service: serviceOf(principal) });
      }
      waitFor(target, false);
    });
  }
  const dependsOn = dependsOnOf(resource);
  const changed = { ...resource, Properties: properties };
  return awaited.size === 0 ? changed : withDependsOn(changed, [...dependsOn, ...awaited]);
}

/** A reference to a conditional alias holds only where the condition does. */
const sharesCondition = (template: Template, id: string, { functionId }: AliasTarget): boolean => {
  const condition = template.Resources[functionId]?.Condition;
  return condition === undefined || condition === template.Resources[id]?.Condition;
};

/** Sets the qualifier of resources that name function and alias in two properties. */
function qualify(
  site: QualifiedSite,
  properties: JsonObject,
  names: FunctionNames,
  onAlias: (target: AliasTarget) => void,
): JsonObject {
  const named = properties[site.path];
  if (named === undefined) return properties;
  const [mention] = names.mentions(names.encode(named));
  if (mention === undefined || mention.qualifier !== undefined || mention.home !== 'here') return properties;
  const { target } = mention;
  const path = site.qualifier.split('.');
  const written = atPath(properties, path);
  const replaceable = [...site.replaceable, ...target.formerQualifiers, target.aliasName];
  if (written !== undefined && !replaceable.includes(literalOf(written) ?? '')) return properties;
  onAlias(target);
  return withAtPath(properties, path, target.aliasName) as JsonObject;
}

function movePermissions(
  resources: Record<string, Resource>,
  state: State,
  home: Home,
): { readonly added: Readonly<Record<string, Resource>>; readonly warnings: readonly TemplateWarning[] } {
  const { template, names, invocations, keptUrls } = state;
  const added: Record<string, Resource> = {};
  const warnings: TemplateWarning[] = [];
  for (const [id, resource] of Object.entries(resources)) {
    if (resource.Type !== 'AWS::Lambda::Permission') continue;
    const change = changePermission(template, id, { names, home, invocations, keptUrls });
    if (change.kind === 'moved') {
      resources[id] = change.resource;
      awaitPermission(resources, { id, ...change }, state);
    }
    if (change.kind === 'doubled') {
      added[change.aliasPermissionId] = change.resource;
      warnings.push({
        path: `Resources.${id}.Properties.FunctionName`,
        message:
          'nothing in this template uses this permission, so it stays on the function, and ' +
          `${change.aliasPermissionId} allows the same for the alias; point whoever invokes the function from ` +
          'outside at the alias',
      });
    }
  }
  return { added, warnings };
}

/**
 * When a deployed API moves from the function to its alias, the alias's permission has to be there first, or calls fail
 * for as long as the update goes on. Other sources either say so themselves or try again.
 */
function awaitPermission(
  resources: Record<string, Resource>,
  permission: { readonly id: string; readonly service: string; readonly target: AliasTarget },
  { template, dependencies, invocations }: State,
): void {
  const { id, service, target } = permission;
  dependencies.add(id, target.aliasId);
  const apis = apisOf(template, id);
  for (const { from, functionId, service: invoker } of invocations) {
    if (invoker !== 'apigateway' || service !== invoker || functionId !== target.functionId) continue;
    const [site, condition] = [resources[from]!, resources[id]!.Condition];
    const isSameApi = [...apisOf(template, from)].some((api) => apis.has(api));
    if (!isSameApi || dependsOnOf(site).includes(id) || (condition !== undefined && condition !== site.Condition))
      continue;
    if (dependencies.add(from, id)) resources[from] = withDependsOn(site, [...dependsOnOf(site), id]);
  }
}

/** @returns the APIs that a resource is, or refers to. */
function apisOf(template: Template, id: string): ReadonlySet<string> {
  const isApi = (one: string) => /^AWS::ApiGateway(V2::Api|::RestApi)$/.test(template.Resources[one]?.Type ?? '');
  return new Set([id, ...directDependencies(template, id)].filter(isApi));
}
