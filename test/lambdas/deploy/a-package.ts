import { createHash } from 'node:crypto';
import { bundleKey, manifestKey, packagePrefix } from '../../../lib/core/contracts/keys';
import type { Manifest } from '../../../lib/core/contracts/manifest';
import { imagesByDigest } from '../../../lib/core/template/image-code';
import { templateHash } from '../../../lib/core/template/normalise-template';
import type { Resource } from '../../../lib/core/template/template';
import type { JsonObject } from '../../../lib/core/text/canonical-json';
import type { MemoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { aManifest } from '../../builders';

/** What one commit of a service holds: code by function, and what goes into the template besides. */
export interface Commit {
  readonly outputs?: Readonly<Record<string, JsonObject>>;
  /** Source text by logical id. */
  readonly functions: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly resources?: Readonly<Record<string, Resource>>;
  /** Images by logical id. */
  readonly images?: Readonly<Record<string, string>>;
  readonly manifest?: Partial<Manifest>;
  /** Of the template. */
  readonly parameters?: Readonly<Record<string, JsonObject>>;
}

/** Whose package it is. */
interface Packaged {
  readonly releaseId: string;
  readonly app: string;
  readonly stage: string;
  readonly service: string;
}

/** Stores what the build of a commit leaves. @returns the manifest */
export function storePackage(artifacts: MemoryArtifacts, packaged: Packaged, commit: Commit): Manifest {
  const { app, stage, service, releaseId } = packaged;
  const stackName = `${service}-${stage}`;
  const prefix = packagePrefix(packaged, service, releaseId);
  const functions = Object.entries(commit.functions).map(([id, code]) => {
    const bytes = Buffer.from(`zip of ${code}`);
    const contentHash = contentHashOf(code);
    const bundle = bundleKey(packaged, service, id, contentHash);
    artifacts.objects.set(bundle, bytes);
    return [
      id,
      {
        bundle,
        contentHash,
        codeSha256: codeOf(code),
        size: bytes.length,
        handler: `${id}.main`,
        runtime: 'nodejs22.x',
      },
    ];
  });
  const Resources = {
    ...Object.fromEntries(
      Object.keys(commit.functions).map((id) => [id, functionResource(`${stackName}-${id}`, id, commit.environment)]),
    ),
    ...Object.fromEntries(
      Object.entries(commit.images ?? {}).map(([id, image]) => [id, imageResource(`${stackName}-${id}`, image)]),
    ),
    ...commit.resources,
  };
  const Outputs = { Table: { Value: `${service}-table` }, ...commit.outputs };
  const template = { Resources, Outputs, ...(commit.parameters && { Parameters: commit.parameters }) };
  const manifest = aManifest(
    {},
    {
      app,
      stage,
      service,
      releaseId,
      stackName,
      template: `${prefix}template.json`,
      templateSha256: sha256(JSON.stringify(template)),
      templateHash: templateHash(template),
      environmentHash: sha256(commit.environment ?? 'none'),
      functions: Object.fromEntries(functions),
      ...(commit.images && { images: imagesByDigest(template) }),
      ...commit.manifest,
    },
  );
  artifacts.objects.set(manifest.template, Buffer.from(JSON.stringify(template)));
  artifacts.objects.set(manifestKey(packaged, service, releaseId), Buffer.from(JSON.stringify(manifest)));
  return manifest;
}

/** @returns the hash that Lambda reports for a function whose source is `code`. */
export const codeOf = (code: string): string => createHash('sha256').update(`zip of ${code}`).digest('base64');

/** @returns the hash that the packager gives the content of a bundle whose source is `code`. */
export const contentHashOf = (code: string): string => sha256(code);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const functionResource = (FunctionName: string, id: string, environment = 'none'): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName,
    Handler: `${id}.main`,
    Runtime: 'nodejs22.x',
    Role: 'arn:aws:iam::123456789012:role/orders',
    Environment: { Variables: { SETTING: environment } },
    Code: {
      S3Bucket: { Ref: 'ServerlessDeploymentBucket' },
      S3Key: 'serverless/orders/dev/1700000000000-2023-11-14T22:13:20.000Z/orders.zip',
    },
  },
});

const imageResource = (FunctionName: string, ImageUri: string): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName,
    PackageType: 'Image',
    Role: 'arn:aws:iam::123456789012:role/orders',
    Code: { ImageUri },
  },
});
