import { createHash } from 'node:crypto';
import { withoutDigest } from '../template/image-code';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../text/canonical-json';

/** The parts of a resolved configuration that depend on the machine or the moment, and must not reach the hash. */
export interface Surroundings {
  /** Absolute directories of the build (checkout, home), replaced wherever they occur. */
  readonly directories: readonly string[];
  /** `package.artifactDirectoryName` of the state: the prefix of S3 keys, which holds the time. */
  readonly artifactDirectory: string;
  /** The images by digest that functions run. Their digests count as code, wherever the configuration has them from. */
  readonly images?: readonly string[];
}

/** The number that serverless-lift's tokens get depends on the order in which it happens to resolve them. */
const LIFT_TOKEN = /\$\{Token\[TOKEN\.\d+\]\}/g;

/**
 * Hashes the resolved configuration of a Serverless Framework service, so that a change of it that the template does
 * not show (settings of plug-ins, say) is noticed, and the same configuration has the same hash wherever it is
 * packaged.
 *
 * How traffic moves is not part of it: the next shift follows a change of that by itself, and needs no stack update.
 *
 * @param service the object `service` of `serverless-state.json`, references resolved, without the templates in it
 * @param rendered what the platform's own additions to the template depend on, beside the configuration
 * @returns SHA-256, hex
 */
export function configHash(service: JsonObject, surroundings: Surroundings, rendered: JsonObject = {}): string {
  const { functions, layers, custom, provider, ...rest } = service;
  const config = {
    ...rest,
    // How images are built; what comes of it has a digest.
    ...(provider !== undefined && { provider: without(provider, ['ecr']) }),
    ...(Object.keys(rendered).length > 0 && { rendered }),
    custom: without(custom, ['deploymentSettings']),
    functions: mapEach(functions, (holder) => without(withoutArtifact(holder), ['deploymentSettings'])),
    layers: mapEach(layers, withoutArtifact),
  };
  return createHash('sha256')
    .update(canonicalJson(replaceText(config, surroundings)))
    .digest('hex');
}

/** `versionLogicalId` is a hash of the function's code, which the bundles' own hashes cover. */
function withoutArtifact(holder: Json | undefined): Json | undefined {
  if (!isJsonObject(holder)) return holder;
  const { versionLogicalId: _version, artifactSize: _size, ...rest } = holder;
  return { ...rest, package: without(rest.package, ['artifact']) };
}

function without(value: Json | undefined, keys: readonly string[]): Json | undefined {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function mapEach(value: Json | undefined, map: (inner: Json | undefined) => Json | undefined): Json | undefined {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, map(inner)]));
}

function replaceText(value: Json | undefined, surroundings: Surroundings): Json {
  if (typeof value === 'string') {
    const texts = [surroundings.artifactDirectory, ...surroundings.directories].filter((text) => text.length > 1);
    const { images = [] } = surroundings;
    const withoutImages = images.reduce((text, image) => text.replaceAll(image, withoutDigest(image)), value);
    return texts.reduce((text, own) => text.replaceAll(own, '<build>'), withoutImages).replace(LIFT_TOKEN, '<token>');
  }
  if (Array.isArray(value)) return value.map((item) => replaceText(item, surroundings));
  if (!isJsonObject(value)) return value ?? null;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, replaceText(inner, surroundings)]));
}
