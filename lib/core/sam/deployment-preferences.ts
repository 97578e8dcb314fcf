import { functionIdOf, removeResources } from '../template/framework-versions';
import { literalOf } from '../template/function-names';
import { toParts } from '../template/intrinsics';
import { mapValues, type Resource, resourcesOfType, type Template } from '../template/template';
import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';

/** A template without the CodeDeploy that SAM has made, and what was asked of it. */
export interface TakenPreferences {
  readonly template: Template;
  /** By logical id of the function, its settings with the keys of `deploymentSettings`. */
  readonly settings: Readonly<Record<string, JsonObject>>;
}

/** What SAM makes once for all functions with a DeploymentPreference. */
const APPLICATION = 'ServerlessDeploymentApplication';
const ROLE = 'CodeDeployServiceRole';

/**
 * Takes SAM's `DeploymentPreference` and `AutoPublishAlias` out of a template that its translator has made: the
 * platform shifts traffic itself. Read is what the translator has made of them, so that Globals, parameters and
 * conditions have been followed as AWS follows them.
 */
export function takePreferences(template: Template): TakenPreferences {
  const settings: Record<string, JsonObject> = {};
  const groups = new Set<string>();
  for (const [id, alias] of resourcesOfType(template, 'AWS::Lambda::Alias')) {
    const functionId = functionIdOf(template, alias.Properties?.FunctionName);
    const name = literalOf(alias.Properties?.Name);
    // Others are the author's own, and stay.
    if (functionId === undefined || !id.startsWith(`${functionId}Alias`)) continue;
    const update = updatePolicyOf(alias);
    const groupId = refOf(update?.DeploymentGroupName);
    const group = groupId === undefined ? undefined : template.Resources[groupId]?.Properties;
    if (groupId !== undefined && isOfSam(update)) groups.add(groupId);
    settings[functionId] = {
      ...(name !== undefined && { alias: name }),
      ...(group && isOfSam(update) && preferenceOf(update!, group)),
    };
  }
  const own = new Set([...groups, ...(groups.size > 0 ? unusedParts(template, groups) : [])]);
  const Resources = mapValues(template.Resources, (resource) =>
    resource.Type === 'AWS::Lambda::Alias' && isOfSam(updatePolicyOf(resource))
      ? withoutUpdatePolicy(resource)
      : resource,
  );
  return { template: removeResources({ ...template, Resources }, own), settings };
}

function preferenceOf(
  update: JsonObject,
  { DeploymentConfigName, AlarmConfiguration, TriggerConfigurations }: JsonObject,
): JsonObject {
  const alarms =
    isJsonObject(AlarmConfiguration) && Array.isArray(AlarmConfiguration.Alarms) ? AlarmConfiguration.Alarms : [];
  const [pre, post] = [update.BeforeAllowTrafficHook, update.AfterAllowTrafficHook];
  return {
    type: configurationOf(DeploymentConfigName),
    ...(pre !== undefined && { preTrafficHook: refOf(pre) ?? pre }),
    ...(post !== undefined && { postTrafficHook: refOf(post) ?? post }),
    ...(alarms.length > 0 && {
      alarms: alarms.map((alarm: Json) => (isJsonObject(alarm) ? { name: alarm.Name } : alarm)),
    }),
    ...(TriggerConfigurations !== undefined && { triggerConfigurations: TriggerConfigurations }),
  };
}

/** The translator writes `Fn::Sub: [CodeDeployDefault.Lambda${ConfigName}, { ConfigName }]`, or the name itself. */
const configurationOf = (name: Json | undefined): Json =>
  name === undefined
    ? null
    : toParts(name)
        .map((part) => (part.kind === 'text' ? part.text : '?'))
        .join('') || name;

/** @returns what served only the groups */
function unusedParts(template: Template, groups: ReadonlySet<string>): readonly string[] {
  const others = resourcesOfType(template, 'AWS::CodeDeploy::DeploymentGroup').filter(([id]) => !groups.has(id));
  if (others.length > 0) return [];
  return [APPLICATION, ROLE].filter((id) => Object.hasOwn(template.Resources, id));
}

function updatePolicyOf(alias: Resource): JsonObject | undefined {
  const { UpdatePolicy } = alias as { readonly UpdatePolicy?: { readonly CodeDeployLambdaAliasUpdate?: JsonObject } };
  return UpdatePolicy?.CodeDeployLambdaAliasUpdate;
}

const isOfSam = (update: JsonObject | undefined): boolean => refOf(update?.ApplicationName) === APPLICATION;

function withoutUpdatePolicy(resource: Resource): Resource {
  const { UpdatePolicy: _, ...rest } = resource as Resource & { readonly UpdatePolicy?: Json };
  return rest;
}

function refOf(value: Json | undefined): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const [part, ...more] = toParts(value);
  return more.length === 0 && part?.kind === 'ref' ? part.id : undefined;
}
