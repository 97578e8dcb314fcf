import type { Json } from '../text/canonical-json';
import { functionIdOf } from './framework-versions';
import { literalOf } from './function-names';
import { visitReferences } from './intrinsics';
import { INVOCATION_SITES } from './invocation-sites';
import { mapAtPath } from './property-path';
import { resourcesOfType, type Template } from './template';

/** A function that gets no alias, and why. */
export interface NotAliased {
  readonly logicalId: string;
  readonly reason: string;
}

const EDGE = 'lambda@edge: CloudFront invokes published versions only, never an alias';
const CUSTOM_RESOURCE =
  'custom resource: CloudFormation invokes it by its service token, which must not change, and nothing else does';

/** @returns the functions that cannot have the alias, each with the first reason that holds. */
export function findUnaliasable(template: Template, alias: string): readonly NotAliased[] {
  const reasons = new Map<string, string>();
  const note = (id: string, reason: string) => reasons.has(id) || reasons.set(id, reason);
  for (const id of edgeFunctions(template)) note(id, EDGE);
  for (const id of onlyCustomResources(template)) note(id, CUSTOM_RESOURCE);
  for (const [id, resource] of resourcesOfType(template, 'AWS::Lambda::Alias')) {
    const functionId = functionIdOf(template, resource.Properties?.FunctionName);
    if (functionId === undefined || literalOf(resource.Properties?.Name) !== alias) continue;
    if (resource.Condition !== template.Resources[functionId]?.Condition) {
      note(functionId, `its own alias ${id} has a different Condition from its function`);
    }
  }
  return resourcesOfType(template, 'AWS::Lambda::Function').flatMap(([logicalId]) => {
    const reason = reasons.get(logicalId);
    return reason === undefined ? [] : [{ logicalId, reason }];
  });
}

/**
 * @param template the framework's own template, as packaged
 * @param alias    name of the alias
 * @returns logical ids of the functions that have the alias once the template is rendered
 */
export function aliasedFunctions(template: Template, alias: string): readonly string[] {
  const without = new Set(findUnaliasable(template, alias).map(({ logicalId }) => logicalId));
  return resourcesOfType(template, 'AWS::Lambda::Function').flatMap(([id]) => (without.has(id) ? [] : [id]));
}

/** Functions that `value` refers to, directly or by one of their version resources. */
function functionsWithin(template: Template, value: Json): ReadonlySet<string> {
  const found = new Set<string>();
  visitReferences(value, (id) => {
    const resource = template.Resources[id];
    if (resource?.Type === 'AWS::Lambda::Function') found.add(id);
    const owner =
      resource?.Type === 'AWS::Lambda::Version' ? functionIdOf(template, resource.Properties?.FunctionName) : undefined;
    if (owner !== undefined) found.add(owner);
  });
  return found;
}

const EDGE_PATHS = ['DefaultCacheBehavior', 'CacheBehaviors[]'].map(
  (behaviour) => `DistributionConfig.${behaviour}.LambdaFunctionAssociations[].LambdaFunctionARN`,
);

function edgeFunctions(template: Template): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, resource] of resourcesOfType(template, 'AWS::CloudFront::Distribution')) {
    for (const path of EDGE_PATHS) {
      mapAtPath(resource.Properties ?? {}, path, (value) => {
        for (const id of functionsWithin(template, value)) found.add(id);
        return value;
      });
    }
  }
  return found;
}

const isCustom = (type: string): boolean =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

function onlyCustomResources(template: Template): ReadonlySet<string> {
  const found = new Set<string>();
  for (const resource of Object.values(template.Resources)) {
    if (!isCustom(resource.Type)) continue;
    for (const id of functionsWithin(template, resource.Properties?.ServiceToken ?? null)) found.add(id);
  }
  if (found.size === 0) return found;
  const types = new Set([...INVOCATION_SITES.map(({ type }) => type), 'AWS::Lambda::Permission', 'AWS::Lambda::Alias']);
  for (const resource of Object.values(template.Resources)) {
    if (!types.has(resource.Type)) continue;
    for (const id of functionsWithin(template, (resource.Properties ?? {}) as Json)) found.delete(id);
  }
  return found;
}
