import type { JsonObject } from '../canonical-json';
import { type AliasedFunction, addAliases } from './alias-resources';
import { createDependencies, type Dependencies } from './dependencies';
import { type AliasTarget, createFunctionNames, type FunctionNames, type Home, literalOf } from './function-names';
import { INVOCATION_SITES, QUALIFIED_SITES } from './invocation-sites';
import { allowAliases } from './invoke-policies';
import { findLeftoverMentions, type TemplateWarning } from './leftover-mentions';
import type { NotAliased } from './not-aliased';
import { changePermission, serviceOf } from './permissions';
import { mapAtPath } from './property-path';
import { rewriteValue } from './rewrite-value';
import { dependsOnOf, type Resource, type Template, withDependsOn } from './template';
import { refuseTooLarge } from './template-limits';

/** @see transformTemplate */
export interface TransformOptions {
  /** Name of the alias. */
  readonly alias: string;
  /**
   * Version number that each alias is to name, by logical id of the function. Leave a function out if it has no alias yet
   * and none should be assumed (first release), or if it will be replaced: its new self has no such version.
   */
  readonly liveVersions: Readonly<Record<string, string>>;
  /** Where the stack lives. ARNs written out in full are recognised only if they name this account and region. */
  readonly home?: Home;
}

/** A template in which every place that invokes a function invokes its alias. */
export interface TransformedTemplate {
  readonly template: Template;
  /** By logical id, each function that has the alias. */
  readonly functions: Readonly<Record<string, AliasedFunction>>;
  readonly notAliased: readonly NotAliased[];
  readonly warnings: readonly TemplateWarning[];
}

/**
 * Gives each function an alias and points every place that invokes the function at it. Pure: the given template is not
 * changed, and transforming the result once more gives the same.
 *
 * @throws ReleaseError `TemplateTooLarge` if the result has more resources than CloudFormation takes
 */
export function transformTemplate(original: Template, options: TransformOptions): TransformedTemplate {
  const { alias, liveVersions, home = {} } = options;
  const { template, targets, functions, notAliased } = addAliases(original, { alias, liveVersions });
  const names = createFunctionNames(template, targets, home);
  const state: State = { template, names, dependencies: createDependencies(template), invokers: new Map() };
  const Resources: Record<string, Resource> = {};
  for (const id of Object.keys(template.Resources)) Resources[id] = pointAtAliases(id, state);
  const { added, warnings } = movePermissions(Resources, state);
  const result = { ...template, Resources: { ...Resources, ...added } };
  refuseTooLarge(result, original);
  return {
    template: result,
    functions,
    notAliased,
    warnings: [...warnings, ...findLeftoverMentions(result, names)],
  };
}

interface State {
  readonly template: Template;
  readonly names: FunctionNames;
  readonly dependencies: Dependencies;
  /** Services that invoke the alias from a place of this template, by function. */
  readonly invokers: Map<string, Set<string>>;
}

function pointAtAliases(id: string, state: State): Resource {
  const { template, names, dependencies } = state;
  const resource = template.Resources[id]!;
  if (resource.Properties === undefined) return resource;
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
  for (const { path, form, principal } of INVOCATION_SITES.filter(({ type }) => type === resource.Type)) {
    properties = mapAtPath(properties, path, (value) =>
      rewriteValue(value, {
        names,
        form,
        mayReference,
        onAlias: (target, { bySuffix, literal }) => {
          if (principal !== undefined) invokersOf(state, target.functionId).add(serviceOf(principal));
          if (bySuffix) waitFor(target, literal);
          else dependencies.add(id, target.aliasId);
        },
      }),
    );
  }
  properties = qualify(resource.Type, properties, names, (target) => waitFor(target, false));
  const dependsOn = dependsOnOf(resource);
  const changed = { ...resource, Properties: properties };
  return awaited.size === 0 ? changed : withDependsOn(changed, [...dependsOn, ...awaited]);
}

/** A reference to a conditional alias holds only where the condition does. */
const sharesCondition = (template: Template, id: string, { functionId }: AliasTarget): boolean => {
  const condition = template.Resources[functionId]?.Condition;
  return condition === undefined || condition === template.Resources[id]?.Condition;
};

function invokersOf({ invokers }: State, functionId: string): Set<string> {
  const services = invokers.get(functionId) ?? new Set();
  invokers.set(functionId, services);
  return services;
}

/** Sets the qualifier of resources that name function and alias in two properties. */
function qualify(
  type: string,
  properties: JsonObject,
  names: FunctionNames,
  onAlias: (target: AliasTarget) => void,
): JsonObject {
  const site = QUALIFIED_SITES.find((one) => one.type === type);
  if (site === undefined || properties[site.path] === undefined) return properties;
  const [mention] = names.mentions(names.encode(properties[site.path]!));
  if (mention === undefined || mention.qualifier !== undefined) return properties;
  const written = properties[site.qualifier];
  const qualifier = written === undefined ? undefined : literalOf(written);
  const { target } = mention;
  const replaceable = [...site.replaceable, ...target.formerQualifiers, target.aliasName];
  if (written !== undefined && !replaceable.includes(qualifier ?? '')) return properties;
  onAlias(target);
  return { ...properties, [site.qualifier]: target.aliasName };
}

function movePermissions(
  resources: Record<string, Resource>,
  { template, names, invokers }: State,
): { readonly added: Readonly<Record<string, Resource>>; readonly warnings: readonly TemplateWarning[] } {
  const added: Record<string, Resource> = {};
  const warnings: TemplateWarning[] = [];
  for (const [id, resource] of Object.entries(resources)) {
    if (resource.Type !== 'AWS::Lambda::Permission') continue;
    const change = changePermission(template, id, { names, invokers });
    if (change.kind === 'moved') resources[id] = change.resource;
    if (change.kind === 'doubled') {
      added[change.aliasPermissionId] = change.resource;
      warnings.push({
        path: `Resources.${id}.Properties.FunctionName`,
        message: `nothing in this template uses this permission, so it stays on the function, and ${change.aliasPermissionId} allows the same for the alias; point whoever invokes the function from outside at the alias`,
      });
    }
  }
  return { added, warnings };
}
