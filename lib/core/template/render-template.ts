import { ReleaseError } from '../contracts/errors';
import type { Manifest } from '../contracts/manifest';
import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';
import { type TransformedTemplate, type TransformOptions, transformTemplate } from './alias-transform';
import { nameDeployments } from './api-deployments';
import { isUnderArtifactDirectory } from './artifact-directory';
import { carryBoundary } from './carry-boundary';
import { withoutDeploymentBucket } from './deployment-bucket';
import { allowHooks, type HookedService } from './hook-permissions';
import { tellStoredHashes } from './kept-versions';
import { mapValues, type Template } from './template';

/** @see renderTemplate */
export interface RenderOptions extends TransformOptions {
  /** The artifact repository's bucket in the target's region. */
  readonly bucket: string;
  /** ARN of the boundary that roles and users of stacks must have in the target, if they must have one. */
  readonly permissionsBoundary?: string;
  /** Whether the stack has the framework's own bucket, or may have it: it stays then, whatever is in it. */
  readonly hasDeploymentBucket?: boolean;
  /** Which bundle belongs where, and which hook tests what. */
  readonly manifest: Pick<Manifest, 'functions' | 'layers' | 'assets'> & HookedService;
}

/** Property that names the bucket, beside the one that names the key. */
const BUCKET_BESIDE: Readonly<Record<string, string>> = { S3Key: 'S3Bucket', Key: 'Bucket' };

/**
 * Turns a framework's own template into the one that is deployed: code where our bundles are, with their hashes, an
 * alias for each function that everything invokes, permissions for the hooks of its shifts, API deployments named after
 * their content, roles with the target's boundary. Pure; the same input gives the same template.
 *
 * @throws ReleaseError `BundleMissing` if the template points at a file of the package that the manifest has no
 *   bundle for; `BoundaryRefused` if a role has another boundary; `TemplateTooLarge` if the result has more resources
 *   than CloudFormation takes
 */
export function renderTemplate(original: Template, options: RenderOptions): TransformedTemplate {
  const placed = placeBundles(original, options);
  const needed = options.hasDeploymentBucket ? placed : withoutDeploymentBucket(placed);
  const located = tellStoredHashes(needed, options.manifest.functions, options.deployed);
  for (const [id, resource] of Object.entries(located.Resources)) refuseForgotten(id, resource.Properties ?? {});
  const bounded = carryBoundary(located, options.permissionsBoundary);
  const hooked = allowHooks(bounded, options.manifest);
  const transformed = transformTemplate(hooked.template, options);
  return {
    ...transformed,
    template: nameDeployments(transformed.template),
    warnings: [...hooked.warnings, ...transformed.warnings],
  };
}

function placeBundles(template: Template, { bucket, manifest }: RenderOptions): Template {
  const places = new Map<string, [path: readonly string[], key: string][]>();
  const note = (id: string, path: readonly string[], key: string) =>
    places.set(id, [...(places.get(id) ?? []), [path, key]]);
  for (const [id, { bundle }] of Object.entries(manifest.functions)) note(id, ['Code', 'S3Key'], bundle);
  for (const [id, { bundle }] of Object.entries(manifest.layers)) note(id, ['Content', 'S3Key'], bundle);
  for (const [place, { bundle }] of Object.entries(manifest.assets)) {
    const [id = '', ...path] = place.split('.');
    note(id, path, bundle);
  }
  const Resources = mapValues(template.Resources, (resource, id) => {
    const wanted = places.get(id) ?? [];
    let properties: Json = resource.Properties ?? {};
    for (const [path, key] of wanted) properties = place(properties, path, { bucket, key });
    return wanted.length === 0 ? resource : { ...resource, Properties: properties as JsonObject };
  });
  const Outputs = mapValues(template.Outputs ?? {}, (output, name) => {
    const layer = name.endsWith('S3Key') ? manifest.layers[name.slice(0, -'S3Key'.length)] : undefined;
    return layer === undefined ? output : { ...output, Value: layer.bundle };
  });
  return { ...template, Resources, ...(template.Outputs === undefined ? {} : { Outputs }) };
}

/** Writes key and bucket at a path that ends with the property of the key. */
function place(value: Json, path: readonly string[], to: { readonly bucket: string; readonly key: string }): Json {
  const [head = '', ...rest] = path;
  if (Array.isArray(value)) {
    return value.map((element: Json, index) => (String(index) === head ? place(element, rest, to) : element));
  }
  if (!isJsonObject(value)) return value;
  if (rest.length > 0) return { ...value, [head]: place(value[head] ?? {}, rest, to) };
  const { S3ObjectVersion: _, ...kept } = value;
  const bucket = BUCKET_BESIDE[head];
  return { ...kept, ...(bucket === undefined ? {} : { [bucket]: to.bucket }), [head]: to.key };
}

function refuseForgotten(id: string, value: Json, path = ''): void {
  if (typeof value === 'string' && isUnderArtifactDirectory(value)) {
    throw new ReleaseError(
      'BundleMissing',
      `resource ${id} of the template points at ${value} (${path}), and the package's manifest has no bundle for ` +
        'it; release again with --force',
    );
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value))
    refuseForgotten(id, child ?? null, path === '' ? key : `${path}.${key}`);
}
