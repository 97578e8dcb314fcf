import { createHash } from 'node:crypto';
import type { Bundle } from '../contracts/manifest';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../text/canonical-json';
import { isUnderArtifactDirectory, withoutArtifactTime } from './artifact-directory';
import { functionIdOf, madeAnew } from './framework-versions';
import { visitReferences } from './intrinsics';
import { renameResources } from './rename-references';
import { mapValues, type Resource, resourcesOfType, type Template } from './template';

/** By logical id, what the bundles of a package hold. */
export interface PackagedContents {
  readonly functions: Readonly<Record<string, Pick<Bundle, 'contentHash'>>>;
  readonly layers: Readonly<Record<string, Pick<Bundle, 'contentHash'>>>;
}

/**
 * Properties of a function that no version of it keeps, so that a change of them alone makes no new version: the CDK's
 * list (`VERSION_LOCKED` of aws-cdk-lib/aws-lambda/lib/function-hash), and what Lambda keeps for the function as a
 * whole (https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionRecursionConfig.html takes no qualifier). The
 * code is known by its content.
 */
const NOT_VERSIONED: ReadonlySet<string> = new Set([
  'Code',
  'CodeSigningConfigArn',
  'RecursiveLoop',
  'ReservedConcurrentExecutions',
  'Tags',
  'TenancyConfig',
]);

/** What Lambda takes a property for that is left out: to write it there changes nothing. */
const DEFAULTS: JsonObject = {
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 512 },
  MemorySize: 128,
  PackageType: 'Zip',
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
};

/**
 * Gives the versions that the framework makes anew for each zip a logical id that is made of what they hold: the
 * content of the function's bundle and layers, and the properties that a version keeps. A zip that was packed again has
 * another hash, and would be a new version for CloudFormation, while Lambda refuses to publish what has not changed.
 *
 * @param template the framework's own template, as packaged
 * @returns the template with these ids; versions of code that is not of the package keep theirs
 */
export function nameVersions(template: Template, contents: PackagedContents): Template {
  const names = new Map<string, string>();
  for (const [id, { Properties }] of resourcesOfType(template, 'AWS::Lambda::Version')) {
    const functionId = functionIdOf(template, Properties?.FunctionName);
    const made = functionId === undefined ? undefined : madeAnew(id, functionId);
    const bundle = functionId === undefined ? undefined : ownEntry(contents.functions, functionId);
    if (functionId === undefined || made === undefined || bundle === undefined) continue;
    const versioned = versionedParts(template, template.Resources[functionId]!, contents);
    const hash = createHash('sha256')
      .update(withoutArtifactTime(canonicalJson([bundle.contentHash, versioned])))
      .digest('hex');
    const name = `${made.prefix}${hash.slice(0, made.digits)}`;
    if (name !== id) names.set(id, name);
  }
  return renameResources(template, names);
}

function versionedParts(template: Template, { Properties = {} }: Resource, { layers }: PackagedContents): Json {
  const properties = mapValues(Properties, (value, key) => {
    const isSame = value === undefined || canonicalJson(value) === canonicalJson(DEFAULTS[key] ?? null);
    return NOT_VERSIONED.has(key) || isSame ? undefined : value;
  });
  const used: Record<string, Json> = {};
  visitReferences(Properties.Layers, (id) => {
    const layer = template.Resources[id];
    if (layer?.Type !== 'AWS::Lambda::LayerVersion') return;
    const { Content: _, ...kept } = layer.Properties ?? {};
    used[id] = [kept, ownEntry(layers, id)?.contentHash ?? null];
  });
  return [properties, used];
}

/**
 * Gives versions the hash of the bundle as it is stored: the framework wrote that of its own zip, which is packed anew,
 * and AWS refuses a version with another hash than the function's code has
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html). A version
 * that the stack has already is told nothing new, or it would be replaced.
 *
 * @param template as packaged
 * @param deployed the template that the stack has now, if it has one
 */
export function tellStoredHashes(
  template: Template,
  functions: Readonly<Record<string, Pick<Bundle, 'codeSha256'>>>,
  deployed: Template | undefined,
): Template {
  return mapVersions(template, (version, { id, functionId }) => {
    const bundle = ownEntry(functions, functionId);
    if (version.Properties?.CodeSha256 === undefined || bundle === undefined) return version;
    const had = madeAnew(id, functionId) && deployed?.Resources[id]?.Properties?.CodeSha256;
    return { ...version, Properties: { ...version.Properties, CodeSha256: had ?? bundle.codeSha256 } };
  });
}

/** @returns the template without the hashes of zips that the framework has packaged, since they are packed anew. */
export function withoutPackagedHashes(template: Template): Template {
  return mapVersions(template, (version, { functionId }) => {
    const code = template.Resources[functionId]?.Properties?.Code;
    const isPackaged = isJsonObject(code) && typeof code.S3Key === 'string' && isUnderArtifactDirectory(code.S3Key);
    if (!isPackaged) return version;
    const { CodeSha256: _, ...kept } = version.Properties ?? {};
    return { ...version, Properties: kept };
  });
}

/** Maps the versions of the template's functions. */
function mapVersions(
  template: Template,
  map: (version: Resource, of: { readonly id: string; readonly functionId: string }) => Resource,
): Template {
  const Resources = mapValues(template.Resources, (resource, id) => {
    if (resource.Type !== 'AWS::Lambda::Version') return resource;
    const functionId = functionIdOf(template, resource.Properties?.FunctionName);
    return functionId === undefined ? resource : map(resource, { id, functionId });
  });
  return { ...template, Resources };
}

/** A logical id may be `constructor`; only a record's own entries count. */
const ownEntry = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
