import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type ImageToBuild, imageToBuild } from '../../core/build/image-build';
import type { Architecture } from '../../core/contracts/architecture';
import { ReleaseError } from '../../core/contracts/errors';
import { imagesByDigest, mapImages } from '../../core/template/image-code';
import type { Template } from '../../core/template/template';
import { configLines } from '../config-lines';
import { architectureOf } from '../refuse-foreign-code';
import { refuseLinkOutside } from '../stay-within';
import { serviceDirectory, type Workspace } from '../workspace';
import { docker, requireDocker } from './docker';

/** What is known of a service whose images are to be built. */
export interface ServiceOfImages {
  /** Its configuration file, relative to the repository. */
  readonly file: string;
  /** As the framework has packaged it, with stand-ins for images that are to be built. */
  readonly template: Template;
  /** What its configuration says of them. */
  readonly images: readonly ImageToBuild[];
  /** Directory outside of the repository. */
  readonly scratch: string;
}

/** A template with the images that were built for it. */
export interface BuiltImages {
  readonly template: Template;
  /** Logical ids of the functions that run them. */
  readonly builtImages: readonly string[];
}

/**
 * Builds with Docker the images that functions of a service run, and pushes them to the app's repository.
 *
 * @returns the template with these images, by their digests, and whose they are
 * @throws ReleaseError `PackageFailed` with file and key, and what to do where there is no Docker
 */
export async function buildImages(workspace: Workspace, service: ServiceOfImages): Promise<BuiltImages> {
  const { template, file, scratch } = service;
  const architectures = architecturesOfImages(template);
  const wanted = service.images.filter(({ imageName }) => architectures.has(imageName));
  if (wanted.length === 0) return { template, builtImages: [] };
  const lines = await configLines(workspace.root, file);
  const keyOf = (name: string): string => {
    const place = ['provider', 'ecr', 'images', name];
    return `${file}${lines(place)}: "${place.join('.')}"`;
  };
  for (const image of wanted) {
    const key = keyOf(image.imageName);
    await requireDockerfile(workspace, image, key);
    if (architectures.get(image.imageName)!.size > 1 && image.platform === '') throw forBoth(key);
  }
  const registry = await requireDocker(workspace, keyOf(wanted[0]!.imageName));
  const pushed = new Map<string, string>();
  for (const image of wanted) {
    const [architecture] = architectures.get(image.imageName)!;
    const key = keyOf(image.imageName);
    pushed.set(image.imageName, await docker(workspace, { image, architecture, registry, key, scratch }));
  }
  return {
    template: mapImages(template, (image) => pushed.get(imageToBuild(image) ?? '') ?? image),
    builtImages: Object.entries(imagesByDigest(template)).flatMap(([id, { image }]) =>
      imageToBuild(image) ? [id] : [],
    ),
  };
}

/** @returns by the name of each image that is to be built, the processors of the functions that run it. */
function architecturesOfImages(template: Template): ReadonlyMap<string, ReadonlySet<Architecture | undefined>> {
  const found = new Map<string, Set<Architecture | undefined>>();
  for (const [logicalId, { image }] of Object.entries(imagesByDigest(template))) {
    const name = imageToBuild(image);
    if (name === undefined) continue;
    found.set(name, (found.get(name) ?? new Set()).add(architectureOf(template.Resources[logicalId]!)));
  }
  return found;
}

async function requireDockerfile(
  workspace: Workspace,
  { imagePath, imageFilename }: ImageToBuild,
  key: string,
): Promise<void> {
  const { root } = workspace;
  const file = relative(root, resolve(serviceDirectory(workspace), imagePath, imageFilename));
  await refuseLinkOutside(root, file);
  const isFile = await stat(join(root, file)).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return;
  throw new ReleaseError(
    'PackageFailed',
    `${key} names ${file} as its Dockerfile, and there is no such file; correct "path", which starts at the service's ` +
      'directory, or "file", which starts there',
  );
}

const forBoth = (key: string): ReleaseError =>
  new ReleaseError(
    'PackageFailed',
    `${key} is run by functions of both processors, and an image is built for one; write it twice, under two names, or ` +
      'give it a "platform"',
  );
