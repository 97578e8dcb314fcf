import { createHash } from 'node:crypto';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../text/canonical-json';
import { isUnderArtifactDirectory, withoutArtifactTime } from './artifact-directory';
import { findFrameworkVersions, functionIdOf, removeResources } from './framework-versions';
import { isByDigest, mapImages, withoutDigest } from './image-code';
import { withoutPackagedHashes } from './kept-versions';
import { renameResources } from './rename-references';
import { mapValues, type Resource, resourcesOfType, type Template } from './template';

/** Property that says where the zip of a resource is. */
const CODE: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'Code',
  'AWS::Lambda::LayerVersion': 'Content',
};

/** Lists whose order means nothing; the framework reorders some when an unrelated function comes or goes. */
const SETS: ReadonlySet<string> = new Set([
  'DependsOn',
  'AllowMethods',
  'AllowHeaders',
  'AllowOrigins',
  'ExposeHeaders',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'ManagedPolicyArns',
  'SecurityGroupIds',
  'SubnetIds',
]);

/**
 * Takes out of a template what differs between two packages of the same thing: where the code is, the version resources
 * whose ids are hashes of code, digests of images, the time of packaging in paths and ids, the order of sets. What is
 * left differs only if CloudFormation has something to do beyond other code.
 *
 * Versions that something else needs (a CloudFront distribution for Lambda@Edge) stay, so that a change of such code
 * does count as one: the packager has named them after it. So does code that is not of this package: a zip at a fixed
 * place, an image that a tag names, inline code.
 *
 * @param template the framework's own template, as packaged
 * @param alias name of the service's alias: one that the framework itself has made by this name (SAM's
 *   `AutoPublishAlias`) keeps no version
 */
export function normaliseTemplate(template: Template, alias = ''): Template {
  const images = mapImages(template, (image) => (isByDigest(image) ? withoutDigest(image) : image));
  const named = withStableIds(withoutPackagedHashes(images), alias);
  const Resources = mapValues(named.Resources, withoutCodeLocation);
  const Outputs = named.Outputs === undefined ? {} : { Outputs: mapValues(named.Outputs, withoutLayerHash(template)) };
  return normaliseValue({ ...named, Resources, ...Outputs }) as Template;
}

/** @returns lower-case hexadecimal SHA-256 of the normalised template: the manifest's `templateHash`. */
export const templateHash = (template: Template, alias?: string): string =>
  createHash('sha256')
    .update(canonicalJson(normaliseTemplate(template, alias) as Json))
    .digest('hex');

function withStableIds(template: Template, alias: string): Template {
  const { versions } = findFrameworkVersions(template, alias);
  const names = new Map<string, string>();
  for (const id of versions) {
    names.set(id, `${functionIdOf(template, template.Resources[id]!.Properties?.FunctionName)}<version>`);
  }
  for (const [id] of resourcesOfType(template, 'AWS::ApiGateway::Deployment')) {
    const stable = id.replace(/\d{13}$/, '<time>');
    if (stable !== id) names.set(id, stable);
  }
  const gone = new Set([...versions].map((id) => names.get(id)!));
  return removeResources(renameResources(template, names), gone);
}

function withoutCodeLocation(resource: Resource): Resource {
  const property = CODE[resource.Type] ?? '';
  const location = resource.Properties?.[property];
  if (!isJsonObject(location) || typeof location.S3Key !== 'string') return resource;
  if (!isUnderArtifactDirectory(location.S3Key)) return resource;
  const { S3ObjectVersion: _, ...rest } = location;
  return { ...resource, Properties: { ...resource.Properties, [property]: { ...rest, S3Key: '<code>' } } };
}

/** The framework puts each layer's hash and key into outputs. */
const withoutLayerHash = (template: Template) => {
  const outputs = new Set(
    resourcesOfType(template, 'AWS::Lambda::LayerVersion').flatMap(([id]) => [`${id}Hash`, `${id}S3Key`]),
  );
  return (output: JsonObject, name: string): JsonObject =>
    outputs.has(name) ? { ...output, Value: '<code>' } : output;
};

function normaliseValue(value: Json, key?: string): Json {
  if (typeof value === 'string') return withoutArtifactTime(value);
  if (Array.isArray(value)) {
    const list = value.map((element) => normaliseValue(element));
    return key !== undefined && SETS.has(key) ? list.sort(byText) : list;
  }
  if (!isJsonObject(value)) return value;
  return mapValues(value, (child, name) => (child === undefined ? undefined : normaliseValue(child, name)));
}

function byText(a: Json, b: Json): number {
  const [left, right] = [canonicalJson(a), canonicalJson(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
