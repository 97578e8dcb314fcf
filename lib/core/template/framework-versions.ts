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
 */
const isMadeAnew = (versionId: string, functionId: string): boolean => {
  const serverless = functionId.replace(/LambdaFunction$/, 'LambdaVersion');
  if (serverless !== functionId && versionId.startsWith(serverless)) {
    return /^[A-Za-z0-9]{32,44}$/.test(versionId.slice(serverless.length));
  }
  const sam = `${functionId}Version`;
  return versionId.startsWith(sam) && /^[0-9a-f]{10}$/.test(versionId.slice(sam.length));
};

/** The alias that the Serverless Framework makes for `provisionedConcurrency`. */
const isProvisioned = (aliasId: string, functionId: string): boolean =>
  aliasId === functionId.replace(/LambdaFunction$/, 'ProvConcLambdaAlias');

/** @returns function by logical id of the framework's alias for provisioned concurrency. */
export const provisionedAliases = (template: Template): ReadonlyMap<string, string> =>
  new Map(
    resourcesOfType(template, 'AWS::Lambda::Alias').flatMap(([id, { Properties }]) => {
      const functionId = functionIdOf(template, Properties?.FunctionName);
      return functionId !== undefined && isProvisioned(id, functionId) ? [[id, functionId] as const] : [];
    }),
  );

/** Resources that the framework adds for its own bookkeeping and that ours take the place of. */
export interface FrameworkVersions {
  /** Versions that nothing but outputs, DependsOn and replaced aliases refers to. */
  readonly versions: ReadonlySet<string>;
  /** Function by logical id of the framework's alias for provisioned concurrency. */
  readonly provisioned: ReadonlyMap<string, string>;
}

/**
 * @param alias name of our alias: one of the user's own by this name does not keep a version
 * @returns the framework's versions and aliases that can go
 */
export function findFrameworkVersions(template: Template, alias: string): FrameworkVersions {
  const provisioned = provisionedAliases(template);
  const replaced = new Set(provisioned.keys());
  for (const [id, resource] of resourcesOfType(template, 'AWS::Lambda::Alias')) {
    if (literalOf(resource.Properties?.Name) === alias) replaced.add(id);
  }
  const versions = new Set<string>();
  for (const [id, resource] of resourcesOfType(template, 'AWS::Lambda::Version')) {
    const functionId = functionIdOf(template, resource.Properties?.FunctionName);
    if (functionId !== undefined && isMadeAnew(id, functionId)) versions.add(id);
  }
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (!replaced.has(id)) visitReferences(resource.Properties, (needed) => versions.delete(needed));
  }
  return { versions, provisioned };
}

/** @returns the template without these resources, the outputs that refer to them, and DependsOn on them. */
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
  const Outputs = mapValues(template.Outputs ?? {}, (output) => {
    let refers = false;
    visitReferences(output, (id) => {
      refers ||= ids.has(id);
    });
    return refers ? undefined : output;
  });
  const { Outputs: _, ...rest } = template;
  return { ...rest, Resources, ...(Object.keys(Outputs).length === 0 ? {} : { Outputs }) };
}
