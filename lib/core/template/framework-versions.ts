import type { Json } from '../text/canonical-json';
import { literalOf } from './function-names';
import { toParts, visitReferences } from './intrinsics';
import { dependsOnOf, mapValues, resourcesOfType, type Template, withDependsOn } from './template';

/** @returns the logical id of the function that a Version, Alias or Permission belongs to, if it is in the template. */
export function functionIdOf(template: Template, functionName: Json | undefined): string | undefined {
  if (functionName === undefined) return undefined;
  const [part, ...more] = toParts(functionName);
  if (
    part !== undefined &&
    more.length === 0 &&
    (part.kind === 'ref' || (part.kind === 'att' && part.attribute === 'Arn'))
  ) {
    return template.Resources[part.id]?.Type === 'AWS::Lambda::Function' ? part.id : undefined;
  }
  const literal = literalOf(functionName);
  if (literal === undefined) return undefined;
  const named = resourcesOfType(template, 'AWS::Lambda::Function').filter(
    ([, resource]) => literalOf(resource.Properties?.FunctionName) === literal,
  );
  return named.length === 1 ? named[0]![0] : undefined;
}

/**
 * Logical ids that a framework makes anew for each code: Serverless Framework `<Fn>LambdaVersion<base64 without signs>`
 * for function `<Fn>LambdaFunction`, SAM `<Fn>Version<10 hex digits>`.
 *
 * @returns what the id begins with and how many digits of a hash take the place of the rest; undefined if a person
 *   has given the version its id
 */
export function madeAnew(
  versionId: string,
  functionId: string,
): { readonly prefix: string; readonly digits: number } | undefined {
  const serverless = functionId.replace(/LambdaFunction$/, 'LambdaVersion');
  if (serverless !== functionId && versionId.startsWith(serverless)) {
    const isMade = /^[A-Za-z0-9]{32,44}$/.test(versionId.slice(serverless.length));
    return isMade ? { prefix: serverless, digits: 40 } : undefined;
  }
  const sam = `${functionId}Version`;
  const isMade = versionId.startsWith(sam) && /^[0-9a-f]{10}$/.test(versionId.slice(sam.length));
  return isMade ? { prefix: sam, digits: 10 } : undefined;
}

/**
 * Aliases that the Serverless Framework makes by itself, one for a function: for `provisionedConcurrency`, `snapStart`
 * and `durableConfig`. Everything of the service that invokes the function invokes them, so they stand for it as ours
 * does.
 */
const FRAMEWORK_ALIASES = ['ProvConcLambdaAlias', 'SnapStartLambdaAlias', 'DurableLambdaAlias'];

const isOfFramework = (aliasId: string, functionId: string): boolean =>
  FRAMEWORK_ALIASES.some((suffix) => aliasId === functionId.replace(/LambdaFunction$/, suffix));

/** @returns function by logical id of the framework's own alias of it. */
export const frameworkAliases = (template: Template): ReadonlyMap<string, string> =>
  new Map(
    resourcesOfType(template, 'AWS::Lambda::Alias').flatMap(([id, { Properties }]) => {
      const functionId = functionIdOf(template, Properties?.FunctionName);
      return functionId !== undefined && isOfFramework(id, functionId) ? [[id, functionId] as const] : [];
    }),
  );

/** Resources that the framework adds for its own bookkeeping and that ours take the place of. */
export interface FrameworkVersions {
  /** Versions of which nothing but DependsOn, replaced aliases and outputs of their ARN knows. */
  readonly versions: ReadonlySet<string>;
  /** Function by logical id of the framework's own alias of it. */
  readonly aliases: ReadonlyMap<string, string>;
}

/**
 * @param alias name of our alias: one of the user's own by this name does not keep a version
 * @returns the framework's versions and aliases that can go
 */
export function findFrameworkVersions(template: Template, alias: string): FrameworkVersions {
  const aliases = frameworkAliases(template);
  const replaced = new Set(aliases.keys());
  for (const [id, resource] of resourcesOfType(template, 'AWS::Lambda::Alias')) {
    if (literalOf(resource.Properties?.Name) === alias) replaced.add(id);
  }
  const versions = new Set<string>();
  for (const [id, resource] of resourcesOfType(template, 'AWS::Lambda::Version')) {
    const functionId = functionIdOf(template, resource.Properties?.FunctionName);
    if (functionId !== undefined && madeAnew(id, functionId) !== undefined) versions.add(id);
  }
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (!replaced.has(id)) visitReferences(resource.Properties, (needed) => versions.delete(needed));
  }
  // An alias has an ARN, and no number.
  visitReferences(template.Outputs, (id, attribute) => attribute !== undefined && versions.delete(id));
  return { versions, aliases };
}

/** @returns the template without these resources, and without DependsOn on them. */
export function removeResources(template: Template, ids: ReadonlySet<string>): Template {
  if (ids.size === 0) return template;
  const Resources = mapValues(template.Resources, (resource, id) => {
    if (ids.has(id)) return undefined;
    const dependsOn = dependsOnOf(resource);
    return dependsOn.some((needed) => ids.has(needed))
      ? withDependsOn(
          resource,
          dependsOn.filter((needed) => !ids.has(needed)),
        )
      : resource;
  });
  return { ...template, Resources };
}
