import { canonicalJson, type Json } from '../text/canonical-json';
import { functionIdOf } from './framework-versions';
import { toParts } from './intrinsics';
import { freeId, type Resource, resourcesOfType, type Template } from './template';

/** What the alias of one function is made from. */
export interface AliasPlan {
  readonly functionId: string;
  readonly aliasId: string;
  /** An alias of this name that is in the template already: the user's own, or ours of an earlier run. */
  readonly existing: Resource | undefined;
  /** The framework's alias for provisioned concurrency, which ours takes the place of. */
  readonly former: { readonly id: string; readonly resource: Resource } | undefined;
}

/** What the alias names, and the version resource that it takes the number from, if any. */
export interface StartingVersion {
  readonly value: Json;
  readonly id?: string;
}

/** The live number if it is known; or an existing alias's own version; or a version resource. */
export function startingVersion(
  template: Template,
  { functionId, existing }: AliasPlan,
  live: string | undefined,
): StartingVersion {
  if (live !== undefined) return { value: live };
  const own = existing?.Properties?.FunctionVersion;
  const ownId = versionIdOf(template, own);
  if (own !== undefined && (ownId !== undefined || toParts(own)[0]?.kind !== 'att')) {
    return { value: own, ...(ownId === undefined ? {} : { id: ownId }) };
  }
  const kept = resourcesOfType(template, 'AWS::Lambda::Version').filter(
    ([, version]) => functionIdOf(template, version.Properties?.FunctionName) === functionId,
  );
  const id = kept.at(-1)?.[0] ?? freeId(template, `${functionId}Version`);
  return { value: { 'Fn::GetAtt': [id, 'Version'] }, id };
}

/** @returns the version resource that an alias's FunctionVersion takes its number from. */
function versionIdOf(template: Template, functionVersion: Json | undefined): string | undefined {
  const [part] = functionVersion === undefined ? [] : toParts(functionVersion);
  return part?.kind === 'att' && template.Resources[part.id]?.Type === 'AWS::Lambda::Version' ? part.id : undefined;
}

/**
 * What the deployed template says of an alias that is otherwise the same: CloudFormation then has nothing to do with
 * the alias, neither in the update nor, if that fails, in the rollback, which would move traffic back to an older
 * number.
 */
export function deployedVersion(
  deployed: Template | undefined,
  { functionId, aliasId }: AliasPlan,
  next: { readonly alias: Resource; readonly function: Resource },
): StartingVersion | undefined {
  const alias = deployed?.Resources[aliasId];
  const owner = deployed?.Resources[functionId];
  const value = alias?.Properties?.FunctionVersion;
  if (deployed === undefined || alias === undefined || owner === undefined || value === undefined) return undefined;
  const besidesVersion = (resource: Resource) =>
    canonicalJson({ ...resource, Properties: { ...resource.Properties, FunctionVersion: null } } as Json);
  if (besidesVersion(alias) !== besidesVersion(next.alias)) return undefined;
  if (identityOf(owner) !== identityOf(next.function)) return undefined;
  const id = versionIdOf(deployed, value);
  return { value, ...(id === undefined ? {} : { id }) };
}

/** A change of these makes CloudFormation replace a function; the new one has none of the old one's versions. */
const identityOf = ({ Condition, Properties = {} }: Resource): string =>
  canonicalJson([Condition ?? null, Properties.FunctionName ?? null, Properties.PackageType ?? 'Zip']);
