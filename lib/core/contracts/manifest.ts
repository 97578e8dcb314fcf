import * as z from 'zod';
import { Architecture } from './architecture';
import { LIVE_ALIAS } from './live-alias';
import { ServiceKind } from './service-kind';
import { NO_SHIFT_SETTINGS, ShiftSettings } from './settings';
import { StackSettings } from './stack-settings';

/** Hooks of seed.yml that run around a service's deployment or removal. */
export const HookTask = z.enum(['before_deploy', 'after_deploy', 'before_remove', 'after_remove']);
export type HookTask = z.infer<typeof HookTask>;

/** Lower-case hexadecimal SHA-256. */
export const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
/** Base64 SHA-256 of zip bytes, as Lambda reports it in `CodeSha256`. */
export const CodeSha256 = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);

/** A container image by its digest, which names the same bytes whatever becomes of tags. */
export const ImageUri = z.string().regex(/^[^@\s]+@sha256:[0-9a-f]{64}$/);

/**
 * Hash of any function's code as Lambda reports it: of a container image, it is the image's digest in hexadecimal, as
 * the Serverless Framework writes it for versions.
 */
export const LiveCodeSha256 = CodeSha256.or(Sha256Hex);

/** One stored zip. `contentHash` is over the entries (path, mode, bytes), `codeSha256` over the zip's own bytes. */
export const Bundle = z.object({
  /** S3 key in the artifact repository. */
  bundle: z.string().min(1),
  contentHash: Sha256Hex,
  codeSha256: CodeSha256,
  /** Size of the zip in bytes. */
  size: z.number().int().nonnegative(),
});
export type Bundle = z.infer<typeof Bundle>;

export const FunctionBundle = Bundle.extend({
  /** Empty if nothing says it: of a function that something else made. */
  handler: z.string(),
  runtime: z.string(),
  /** What it is built for, of a function that something else made. */
  architecture: Architecture.optional(),
});
export type FunctionBundle = z.infer<typeof FunctionBundle>;

/** The container image that a function runs. */
export const FunctionImage = z.object({ image: ImageUri });
export type FunctionImage = z.infer<typeof FunctionImage>;

/** What the app asked of the direct path: `custom.seed.incremental` of serverless.yml. */
export const IncrementalSettings = z.object({ enabled: z.boolean(), disabledFor: z.array(z.string()) });
export type IncrementalSettings = z.infer<typeof IncrementalSettings>;

/**
 * What packaging a service yielded (contract, see docs/architecture.md): written by the packager as the last object of
 * a package, so that a manifest that exists names only bundles that exist.
 */
export const Manifest = z.object({
  version: z.literal(1),
  app: z.string(),
  /** Service path within the repository; `.` for its root. */
  service: z.string(),
  stage: z.string(),
  commit: z.string(),
  releaseId: z.string(),
  /** The kind of the service, and what packaged it: its tool and that one's version. */
  framework: z.object({ name: ServiceKind, version: z.string() }),
  /** Absent if the service has no stack, as are the keys of its template: something else makes its functions. */
  stackName: z.string().optional(),
  /** What the service says of its stack; unknown of old packages. */
  stack: StackSettings.optional(),
  /** What its native code runs on; unknown of old packages. */
  architecture: Architecture.optional(),
  /** S3 key of the framework's own template, as packaged. */
  template: z.string().optional(),
  /** Of that object's bytes; absent from old packages. */
  templateSha256: Sha256Hex.optional(),
  templateHash: Sha256Hex.optional(),
  configHash: Sha256Hex,
  environmentHash: Sha256Hex,
  incremental: IncrementalSettings,
  /** Name of the alias that everything invokes. */
  alias: z.string().default(LIVE_ALIAS),
  shift: ShiftSettings.default(NO_SHIFT_SETTINGS),
  /** Hooks of seed.yml that have commands and so get a build of their own. */
  hooks: z.array(HookTask).default([]),
  /** Files outside of the service's directory that it was made of, see `OutsideFiles`; absent from old packages. */
  outsideFiles: z.array(z.string()).optional(),
  /**
   * What may have read others, unseen, while the package was made: none if `outsideFiles` are all; absent if nobody
   * looked, since only `changes: files` needs to know.
   */
  outsideUnseen: z.array(z.string()).optional(),
  /** What a person should know of the build although it stopped nothing; it is shown with the release. */
  warnings: z.array(z.string()).optional(),
  /** By logical id; those that something else made by their names. */
  functions: z.record(z.string(), FunctionBundle),
  /** By logical id, functions that run a container image; absent from old packages, whose template alone has them. */
  images: z.record(z.string(), FunctionImage).optional(),
  layers: z.record(z.string(), Bundle),
  /** Other files the template points at, by logical id and property path joined with `.` */
  assets: z.record(z.string(), Bundle),
});
export type Manifest = z.infer<typeof Manifest>;

/** The manifest of a service that has a stack. */
export type StackManifest = Manifest & Required<Pick<Manifest, 'stackName' | 'template' | 'templateHash'>>;

/** @returns whether the service has a stack: all have one but those whose functions something else makes. */
export const hasStack = (manifest: Manifest): manifest is StackManifest =>
  manifest.stackName !== undefined && manifest.template !== undefined && manifest.templateHash !== undefined;

/** A function as it was left serving: what alias `live` points at. */
export const LiveFunction = z.object({
  /** Physical name. */
  name: z.string(),
  /** Published version number that the alias points at. */
  version: z.string(),
  codeSha256: LiveCodeSha256,
});
export type LiveFunction = z.infer<typeof LiveFunction>;

/**
 * A package together with what its deployment produced: the base of the next decision and of a rollback. Stored beside
 * the manifest once the service is deployed; the state table points at it.
 */
export const DeployedPackage = z.object({
  manifest: Manifest,
  /** The release whose full deploy gave the functions their present configuration; unknown for old packages. */
  configuredBy: z.string().optional(),
  /**
   * By logical id, every function that has the alias, also one whose code is not of the package (inline). A function of
   * the manifest that is not here has no alias in this stage: only CloudFormation updates it.
   */
  functions: z.record(z.string(), LiveFunction),
  /** Stack outputs. */
  outputs: z.record(z.string(), z.string()),
});
export type DeployedPackage = z.infer<typeof DeployedPackage>;
