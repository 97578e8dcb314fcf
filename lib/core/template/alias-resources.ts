import type { Json } from '../text/canonical-json';
import { type AliasPlan, deployedVersion, startingVersion } from './alias-version';
import { findAliases } from './find-aliases';
import { findFrameworkVersions, functionIdOf, removeResources } from './framework-versions';
import { type AliasTarget, literalOf } from './function-names';
import { visitReferences } from './intrinsics';
import { findUnaliasable, type NotAliased } from './not-aliased';
import { renameReferences, renameResources } from './rename-references';
import { freeId, mapValues, type Resource, resourcesOfType, type Template } from './template';

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

/** What the aliases should be. */
export interface AliasOptions {
  /** Name of the alias. */
  readonly alias: string;
  /**
   * The version that each function's alias names now, by logical id of the function. Leave a function out if it has no
   * alias yet, or if it will be replaced: its new self has no such version.
   */
  readonly liveVersions: Readonly<Record<string, string>>;
  /** The template that the stack has now, if it has one of ours. */
  readonly deployed?: Template;
}

/**
 * Adds an alias to each function and takes out the framework's own versions and aliases.
 *
 * What the alias names in the template matters only when CloudFormation touches it: when it is created, or when another
 * of its properties changes. Then it must be the live version, or traffic would move. As long as nothing else about it
 * changes, it stays as the stack's template has it, so that CloudFormation leaves it alone.
 *
 * The alias starts from an AWS::Lambda::Version only if no live version is known: CloudFormation refuses to create one
 * if the function has not changed since the last published one ("A version for this Lambda function exists"), which
 * would fail the first release of a service that something else had deployed. For the same reason a new function whose
 * version something else needs (Step Functions' `useExactVersion`) has no second one for its alias: both begin with the
 * same, which stays in the template for as long as the alias is as it was deployed. It is retained when it goes, since
 * the alias may still point at it.
 */
export function addAliases(original: Template, options: AliasOptions): AliasResources {
  const { alias, liveVersions, deployed } = options;
  const notAliased = findUnaliasable(original, alias);
  const plans = planAliases(original, options, new Set(notAliased.map(({ logicalId }) => logicalId)));
  const template = withoutFrameworkVersions(original, alias, plans);
  const Resources: Record<string, Resource> = { ...template.Resources };
  const functions: Record<string, AliasedFunction> = {};
  for (const plan of plans) {
    const first = startingVersion(template, plan, liveVersions[plan.functionId]);
    const next = {
      alias: aliasResource(template, plan, { alias, version: first.value }),
      function: template.Resources[plan.functionId]!,
    };
    const version = deployedVersion(deployed, plan, next) ?? first;
    if (version.id !== undefined) {
      // What the stack has stays as it is: no property of a version can be changed, and a new one would be refused.
      Resources[version.id] ??= deployed?.Resources[version.id] ?? versionResource(template, plan.functionId);
    }
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

function planAliases(
  template: Template,
  { alias, deployed }: AliasOptions,
  left: ReadonlySet<string>,
): readonly AliasPlan[] {
  const existing = findAliases(template, alias);
  // An alias of the same name that the stack has by another logical id (the canary plug-in's, say) has to keep that id:
  // CloudFormation would make the new one before it deletes the old one, and fail.
  const inStack = deployed === undefined ? new Map<string, string>() : findAliases(deployed, alias);
  const keptId = (functionId: string): string | undefined => {
    const id = inStack.get(functionId);
    return id === undefined || Object.hasOwn(template.Resources, id) ? undefined : id;
  };
  const former = new Map<string, string>();
  for (const [id, functionId] of findFrameworkVersions(template, alias).aliases) former.set(functionId, id);
  return resourcesOfType(template, 'AWS::Lambda::Function').flatMap(([functionId]) => {
    if (left.has(functionId)) return [];
    const existingId = existing.get(functionId);
    const formerId = former.get(functionId);
    return {
      functionId,
      aliasId: existingId ?? keptId(functionId) ?? freeId(template, `${functionId}Alias${pascal(alias)}`),
      existing: existingId === undefined ? undefined : template.Resources[existingId],
      former:
        formerId === undefined || formerId === existingId
          ? undefined
          : { id: formerId, resource: template.Resources[formerId]! },
    };
  });
}

function withoutFrameworkVersions(template: Template, alias: string, plans: readonly AliasPlan[]): Template {
  const aliasOf = new Map(plans.map(({ functionId, aliasId }) => [functionId, aliasId]));
  const owner = (id: string) => functionIdOf(template, template.Resources[id]?.Properties?.FunctionName) ?? '';
  const gone = new Map(
    [...findFrameworkVersions(template, alias).versions].flatMap((id) => {
      const aliasId = aliasOf.get(owner(id));
      return aliasId === undefined ? [] : [[id, aliasId] as const];
    }),
  );
  // Of a function without our alias those go that not even an output names.
  const named = new Set<string>();
  visitReferences(template.Outputs, (id) => named.add(id));
  const unnamed = [...findFrameworkVersions(template, '').versions].filter(
    (id) => !aliasOf.has(owner(id)) && !named.has(id),
  );
  const names = plans.flatMap(({ former, aliasId }) => (former === undefined ? [] : [[former.id, aliasId] as const]));
  const renamed = outputAliases(renameResources(template, new Map(names)), gone);
  return removeResources(renamed, new Set([...gone.keys(), ...unnamed]));
}

/**
 * Other stacks take the ARN of a function's version from outputs and exports, to invoke it: it becomes that of its
 * alias, which also stays the same when the code changes, so that CloudFormation does not refuse to update an export in
 * use.
 */
function outputAliases(template: Template, aliasOf: ReadonlyMap<string, string>): Template {
  if (template.Outputs === undefined) return template;
  const Outputs = mapValues(template.Outputs, (output) => renameReferences(output, aliasOf) as typeof output);
  return { ...template, Outputs };
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
