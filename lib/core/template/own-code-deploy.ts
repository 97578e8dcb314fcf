import { isJsonObject } from '../text/canonical-json';
import { literalOf } from './function-names';
import { toParts } from './intrinsics';
import { type Resource, resourcesOfType, type Template } from './template';

/** The parts of a template that shift traffic with a CodeDeploy of their own. */
export interface OwnCodeDeploy {
  /** Logical ids of the resources of CodeDeploy. */
  readonly resources: readonly string[];
  /** Logical ids of the aliases with an UpdatePolicy that CloudFormation hands to CodeDeploy. */
  readonly aliases: readonly string[];
  /** Logical ids of the functions with SAM's DeploymentPreference; `Globals` for that of all. */
  readonly samFunctions: readonly string[];
}

/**
 * Finds CodeDeploy for Lambda in a template: that of serverless-plugin-canary-deployments, of SAM, or made by hand. The
 * platform shifts traffic itself; both together would move one alias in two ways. CodeDeploy for servers or containers
 * is left out of it.
 *
 * @returns undefined if there is none
 */
export function findOwnCodeDeploy(template: Template): OwnCodeDeploy | undefined {
  const aliases = resourcesOfType(template, 'AWS::Lambda::Alias').filter(([, alias]) => updatePolicyOf(alias));
  const named = new Set(
    aliases.flatMap(([, alias]) => Object.values(updatePolicyOf(alias) ?? {}).flatMap((value) => refsIn(value))),
  );
  const applications = resourcesOfType(template, 'AWS::CodeDeploy::Application').filter(isOfLambda);
  const ours = new Set([...named, ...applications.map(([id]) => id)]);
  const groups = resourcesOfType(template, 'AWS::CodeDeploy::DeploymentGroup').filter(
    ([id, group]) => ours.has(id) || refsIn(group.Properties?.ApplicationName).some((one) => ours.has(one)),
  );
  const configurations = resourcesOfType(template, 'AWS::CodeDeploy::DeploymentConfig').filter(isOfLambda);
  const found = {
    resources: [...applications, ...groups, ...configurations].map(([id]) => id),
    aliases: aliases.map(([id]) => id),
    samFunctions: [
      ...(hasPreference(globalsOf(template)) ? ['Globals'] : []),
      ...resourcesOfType(template, 'AWS::Serverless::Function')
        .filter(([, { Properties }]) => hasPreference(Properties))
        .map(([id]) => id),
    ],
  };
  return Object.values(found).every((ids) => ids.length === 0) ? undefined : found;
}

const isOfLambda = ([, { Properties }]: readonly [string, Resource]): boolean =>
  literalOf(Properties?.ComputePlatform) === 'Lambda';

const updatePolicyOf = (alias: Resource) => {
  const { UpdatePolicy } = alias as { readonly UpdatePolicy?: { readonly CodeDeployLambdaAliasUpdate?: object } };
  return UpdatePolicy?.CodeDeployLambdaAliasUpdate;
};

const refsIn = (value: Parameters<typeof toParts>[0] | undefined): readonly string[] =>
  value === undefined ? [] : toParts(value).flatMap((part) => (part.kind === 'ref' ? [part.id] : []));

const hasPreference = (properties: unknown): boolean =>
  (properties as { readonly DeploymentPreference?: unknown } | undefined)?.DeploymentPreference !== undefined;

const globalsOf = ({ Globals }: Template): unknown =>
  isJsonObject(Globals ?? null) ? (Globals as { Function?: unknown }).Function : undefined;
