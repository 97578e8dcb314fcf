import * as z from 'zod';
import type { Architecture } from '../contracts/architecture';
import type { ReleaseId, ServicePath } from '../contracts/release';

/** An image of `provider.ecr.images` that has a path, as the framework hands it on: with its own defaults filled in. */
export const ImageToBuild = z.object({
  imageName: z.string(),
  /** Directory that Docker gets, relative to the service's. */
  imagePath: z.string(),
  /** Name of the Dockerfile, relative to that. */
  imageFilename: z.string(),
  buildArgs: z.record(z.string(), z.unknown()).default({}),
  buildOptions: z.array(z.string()).default([]),
  cacheFrom: z.array(z.string()).default([]),
  platform: z.string().default(''),
  provenance: z.string().default(''),
});
export type ImageToBuild = z.infer<typeof ImageToBuild>;

/** Stands in templates before the name of an image that is to be built; no registry has such a name. */
export const IMAGE_TO_BUILD = 'image-to-build.invalid/';

/**
 * @param image a function's image, as its template has it
 * @returns the name of the image to build in its place; undefined if it is an image of a registry
 */
export const imageToBuild = (image: string): string | undefined =>
  image.startsWith(IMAGE_TO_BUILD) ? image.slice(IMAGE_TO_BUILD.length).replace(/@.*/s, '') : undefined;

/** What Docker calls the processors of Lambda. */
const PLATFORMS: Readonly<Record<Architecture, string>> = { x86_64: 'linux/amd64', arm64: 'linux/arm64' };

/** Where an image is built, and for what. */
export interface BuildOfImage {
  /** Name and tag that it gets. */
  readonly tag: string;
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** Of the functions that run it; undefined if only CloudFormation will know. */
  readonly architecture: Architecture | undefined;
}

/**
 * @returns the arguments of `docker` that build an image as the framework would build it, and for the processor of its
 *   functions unless it names another
 */
export function buildArguments(image: ImageToBuild, { tag, dockerfile, architecture }: BuildOfImage): string[] {
  const { buildArgs, buildOptions, cacheFrom, imagePath, provenance } = image;
  const platform = image.platform || (architecture && PLATFORMS[architecture]);
  return [
    'build',
    ...['--tag', tag, '--file', dockerfile],
    ...Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...cacheFrom.flatMap((source) => ['--cache-from', source]),
    ...(platform ? [`--platform=${platform}`] : []),
    ...(provenance ? [`--provenance=${provenance}`] : []),
    ...buildOptions,
    imagePath,
  ];
}

/** https://docs.docker.com/reference/cli/docker/image/tag/ */
const LONGEST_TAG = 128;

/** Whose image it is, and when it was built. */
export interface ImageOrigin {
  readonly stage: string;
  readonly service: ServicePath;
  readonly releaseId: ReleaseId;
  readonly imageName: string;
  /** Epoch milliseconds. A build that is repeated may come to other bytes, which need a tag of their own. */
  readonly at: number;
}

/**
 * @returns a tag for people: `prod_services-api_render_01J…_1764590000000`. What deploys an image goes by its digest.
 *   The repository takes no tag twice.
 */
export function imageTag({ stage, service, releaseId, imageName, at }: ImageOrigin): string {
  const end = `_${releaseId}_${at}`;
  const whose = [stage, ...(service === '.' ? [] : [service]), imageName].join('_').replace(/[^\w.-]/g, '-');
  return `${whose.slice(0, LONGEST_TAG - end.length)}${end}`;
}

/** What `docker push` ends with: `v1: digest: sha256:… size: 1234`. */
const PUSHED = /\bdigest: (sha256:[0-9a-f]{64})\b/;

/** @returns the digest that a registry has given an image; undefined if the lines tell none */
export const pushedDigest = (lines: readonly string[]): string | undefined =>
  lines.map((line) => PUSHED.exec(line)?.[1]).findLast((digest) => digest !== undefined);
