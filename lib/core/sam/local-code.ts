import type { Resource, Template } from '../template/template';
import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';
import type { ConfigProblem } from '../text/place';
import { resolveParameter } from './parameters';

/** Code of a SAM template that lies in the repository, and how it is built. */
export interface LocalCode {
  readonly kind: 'function' | 'layer';
  readonly logicalId: string;
  /** Directory or file, from the template's directory. */
  readonly path: string;
  /** Of functions: `nodejs22.x`, `python3.12`; absent where only CloudFormation knows it. */
  readonly runtime?: string;
  readonly architecture: 'x86_64' | 'arm64';
  /** `BuildMethod` of the resource's Metadata. */
  readonly method?: string;
  readonly properties: JsonObject;
  /** Whether it is packaged as it is. */
  readonly isBuilt: boolean;
}

/** Where each type of resource names its code. */
const CODE: Readonly<Record<string, { readonly kind: LocalCode['kind']; readonly property: string }>> = {
  'AWS::Serverless::Function': { kind: 'function', property: 'CodeUri' },
  'AWS::Lambda::Function': { kind: 'function', property: 'Code' },
  'AWS::Serverless::LayerVersion': { kind: 'layer', property: 'ContentUri' },
  'AWS::Lambda::LayerVersion': { kind: 'layer', property: 'Content' },
};

const GLOBALS: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function': 'Function',
  'AWS::Serverless::LayerVersion': 'LayerVersion',
};

/**
 * @param values of the template's parameters
 * @returns the code of functions and layers that is not at a place of its own already, and what cannot be followed
 */
export function localCode(
  template: Template,
  values: Readonly<Record<string, string>>,
): { readonly code: readonly LocalCode[]; readonly problems: readonly ConfigProblem[] } {
  const code: LocalCode[] = [];
  const problems: ConfigProblem[] = [];
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const known = CODE[resource.Type];
    if (known === undefined) continue;
    const { kind, property } = known;
    const properties = { ...globalsOf(template, resource), ...resource.Properties };
    const place = ['Resources', logicalId, 'Properties', property];
    if (properties.InlineCode !== undefined || isImage(properties)) continue;
    // A function that does not say has the template's directory, as with `sam build`.
    const otherwise = resource.Type === 'AWS::Serverless::Function' ? '.' : undefined;
    const path = resolveParameter(properties[property], values) ?? otherwise;
    if (path === undefined || isElsewhere(path)) continue;
    if (typeof path !== 'string') {
      problems.push({
        place,
        message: `"${property}" of ${logicalId} is not written out; write the path of a directory`,
      });
      continue;
    }
    const metadata = isJsonObject(resource.Metadata) ? resource.Metadata : {};
    const runtime = resolveParameter(properties.Runtime, values);
    const architectures = resolveParameter(properties.Architectures, values);
    const method = metadata.BuildMethod ?? undefined;
    code.push({
      kind,
      logicalId,
      path,
      ...(typeof runtime === 'string' && { runtime }),
      architecture: JSON.stringify(architectures ?? metadata.BuildArchitecture ?? '').includes('arm64')
        ? 'arm64'
        : 'x86_64',
      ...(method !== undefined && { method: String(method) }),
      properties: isJsonObject(metadata.BuildProperties) ? metadata.BuildProperties : {},
      // Only layers that say how are built: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-layers.html
      isBuilt: /\.(zip|jar)$/i.test(path) || isTrue(metadata.SkipBuild) || (kind === 'layer' && method === undefined),
    });
  }
  return { code, problems };
}

/**
 * Says where the code of a resource is.
 *
 * @param location S3 key of its bundle
 */
export function withCodeAt(resource: Resource, key: string): Resource {
  const known = CODE[resource.Type];
  if (known === undefined) return resource;
  const location: JsonObject = resource.Type.startsWith('AWS::Serverless::')
    ? { Bucket: BUNDLES, Key: key }
    : { S3Bucket: BUNDLES, S3Key: key };
  return { ...resource, Properties: { ...resource.Properties, [known.property]: location } };
}

/** Stands for the artifact repository until the template is deployed. */
const BUNDLES = 'seedbed-artifacts';

/** @returns what functions or layers have that say nothing else */
export function globalsOf({ Globals }: Template, { Type }: Pick<Resource, 'Type'>): JsonObject {
  const section = GLOBALS[Type];
  const globals = isJsonObject(Globals) && section !== undefined ? Globals[section] : undefined;
  return isJsonObject(globals) ? globals : {};
}

export const isImage = ({ PackageType, ImageUri }: JsonObject): boolean =>
  PackageType === 'Image' || ImageUri !== undefined;

/** In S3, inline, or what CloudFormation alone can tell. */
const isElsewhere = (path: Json): boolean =>
  typeof path === 'string' ? /^(s3|https):\/\//.test(path) : isJsonObject(path) && S3.some((key) => key in path);

const S3 = ['Bucket', 'S3Bucket', 'ZipFile', 'ImageUri'];

const isTrue = (value: Json | undefined): boolean => value === true || value === 'true' || value === 'True';
