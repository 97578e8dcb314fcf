import type { Json } from '../canonical-json';
import { findFrameworkVersions, functionIdOf, removeResources } from './framework-versions';
import { type AliasTarget, literalOf } from './function-names';
import { toParts } from './intrinsics';
import { findUnaliasable, type NotAliased } from './not-aliased';
import { renameResources } from './rename-references';
import { type Resource, resourcesOfType, type Template } from './template';

/** The alias of one function, and the version resource it started from (none once the live version is known). */
export interface AliasedFunction {
  readonly aliasLogicalId: string;
  readonly versionLogicalId?: string;
}

/** A template whose functions have their alias, before anything is pointed at it. */
export interface AliasResources {
  readonly template: Template;
  readonly targets: readonly AliasTarget[];
  readonly functions: Readonly<Record<string, AliasedFunction>>;
  readonly notAliased: readonly NotAliased[];
}

/** What the alias of one function is made from. */
interface AliasPlan {
  readonly functionId: string;
  readonly aliasId: string;
  /** An alias of this name that is in the template already: the user's own, or ours of an earlier run. */
  readonly existing: Resource | undefined;
  /** The framework's alias for provisioned concurrency, which ours takes the place of. */
  readonly former: { readonly id: string; readonly resource: Resource } | undefined;
}

/**
 * Adds an alias to each function and takes out the framework's own versions and aliases.
 *
 * The alias points at the live version if that is known, and else at an AWS::Lambda::Version. That resource is there only
 * as long as it is needed: CloudFormation refuses to create a version when the function has not changed since the last
 * published one ("A version for this Lambda function exists"), which would fail the first release of a service that
 * something else had deployed. It is retained when it goes, since the alias may still point at it.
 *
 * @param options.alias name of the alias
 * @param options.liveVersions version number by logical id of the function
 */
export function addAliases(
  original: Template,
  options: { readonly alias: string; readonly liveVersions: Readonly<Record<string, string>> },
): AliasResources {
  const { alias, liveVersions } = options;
  const notAliased = findUnaliasable(original, alias);
  const plans = planAliases(original, alias, new Set(notAliased.map(({ logicalId }) => logicalId)));
  const template = withoutFrameworkVersions(original, alias, plans);
  const Resources: Record<string, Resource> = { ...template.Resources };
  const functions: Record<string, AliasedFunction> = {};
  for (const plan of plans) {
    const version = startingVersion(template, plan, liveVersions[plan.functionId]);
    if (version.id !== undefined) Resources[version.id] ??= versionResource(template, plan.functionId);
    Resources[plan.aliasId] = aliasResource(template, plan, { alias, version: version.value });
    functions[plan.functionId] = {
      aliasLogicalId: plan.aliasId,
      ...(version.id === undefined ? {} : { versionLogicalId: version.id }),
    };
  }
  const targets = plans.map(({ functionId, aliasId, former }): AliasTarget => {
    const qualifier = literalOf(former?.resource.Properties?.Name);
    return { functionId, aliasId, aliasName: alias, formerQualifiers: qualifier === undefined ? [] : [qualifier] };
  });
  return { template: { ...template, Resources }, targets, functions, notAliased };
}

function planAliases(template: Template, alias: string, left: ReadonlySet<string>): readonly AliasPlan[] {
  const existing = new Map<string, string>();
  for (const [id, resource] of resourcesOfType(template, 'AWS::Lambda::Alias')) {
    const functionId = functionIdOf(template, resource.Properties?.FunctionName);
    if (functionId !== undefined && literalOf(resource.Properties?.Name) === alias) existing.set(functionId, id);
  }
  const former = new Map<string, string>();
  for (const [id, functionId] of findFrameworkVersions(template, alias).provisioned) former.set(functionId, id);
  return resourcesOfType(template, 'AWS::Lambda::Function').flatMap(([functionId]) => {
    if (left.has(functionId)) return [];
    const existingId = existing.get(functionId);
    const formerId = former.get(functionId);
    return {
      functionId,
      aliasId: existingId ?? freeId(template, `${functionId}Alias${pascal(alias)}`),
      existing: existingId === undefined ? undefined : template.Resources[existingId],
      former:
        formerId === undefined || formerId === existingId
          ? undefined
          : { id: formerId, resource: template.Resources[formerId]! },
    };
  });
}

function withoutFrameworkVersions(template: Template, alias: string, plans: readonly AliasPlan[]): Template {
  const aliased = new Set(plans.map(({ functionId }) => functionId));
  const owner = (id: string) => functionIdOf(template, template.Resources[id]?.Properties?.FunctionName) ?? '';
  const versions = [...findFrameworkVersions(template, alias).versions].filter((id) => aliased.has(owner(id)));
  const names = plans.flatMap(({ former, aliasId }) => (former === undefined ? [] : [[former.id, aliasId] as const]));
  return removeResources(renameResources(template, new Map(names)), new Set(versions));
}

/** Where the alias starts: the live number; or an existing alias's own version; or a version resource. */
function startingVersion(
  template: Template,
  { functionId, existing }: AliasPlan,
  live: string | undefined,
): { readonly value: Json; readonly id?: string } {
  if (live !== undefined) return { value: live };
  const own = existing?.Properties?.FunctionVersion;
  const [part] = own === undefined ? [] : toParts(own);
  if (own !== undefined && part?.kind !== 'att') return { value: own };
  if (own !== undefined && part?.kind === 'att' && Object.hasOwn(template.Resources, part.id)) {
    return { value: own, id: part.id };
  }
  const kept = resourcesOfType(template, 'AWS::Lambda::Version').filter(
    ([, version]) => functionIdOf(template, version.Properties?.FunctionName) === functionId,
  );
  const id = kept.at(-1)?.[0] ?? freeId(template, `${functionId}Version`);
  return { value: { 'Fn::GetAtt': [id, 'Version'] }, id };
}

/** The function's condition is the condition of everything that is made for it. */
const conditionOf = (template: Template, functionId: string): { readonly Condition?: string } => {
  const condition = template.Resources[functionId]?.Condition;
  return condition === undefined ? {} : { Condition: condition };
};

const versionResource = (template: Template, functionId: string): Resource => ({
  Type: 'AWS::Lambda::Version',
  ...conditionOf(template, functionId),
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: { FunctionName: { Ref: functionId } },
});

function aliasResource(
  template: Template,
  { functionId, existing, former }: AliasPlan,
  { alias, version }: { readonly alias: string; readonly version: Json },
): Resource {
  if (existing !== undefined) {
    return { ...existing, Properties: { ...existing.Properties, FunctionVersion: version } };
  }
  const concurrency = former?.resource.Properties?.ProvisionedConcurrencyConfig;
  return {
    Type: 'AWS::Lambda::Alias',
    ...conditionOf(template, functionId),
    Properties: {
      FunctionName: { Ref: functionId },
      FunctionVersion: version,
      Name: alias,
      ...(concurrency === undefined ? {} : { ProvisionedConcurrencyConfig: concurrency }),
    },
  };
}

/** @returns the alias's name as a part of a logical id: `live` → `Live`, `go-live_2` → `GoLive2`. */
export const pascal = (name: string): string =>
  name.replaceAll(/(?:^|[^A-Za-z0-9])([A-Za-z0-9]?)/g, (_, letter: string) => letter.toUpperCase());

/** @returns `wanted`, or with the first number behind it that is not taken. */
export function freeId(template: Template, wanted: string): string {
  let id = wanted;
  for (let number = 2; Object.hasOwn(template.Resources, id); number++) id = `${wanted}${number}`;
  return id;
}
