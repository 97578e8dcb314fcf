import { imageOf, isByDigest } from '../template/image-code';
import { resourcesOfType, type Template } from '../template/template';
import { isJsonObject, type JsonObject } from '../text/canonical-json';

/**
 * @param provider as its configuration has it, resolved
 * @param file the configuration's
 * @returns what is to be told of a service's images: what its framework would do and the platform does not, and images
 *   that a release would not bring
 */
export function tellImages(provider: JsonObject, template: Template, file: string): readonly string[] {
  const counted = isJsonObject(provider.ecr) && provider.ecr.maxImageCount !== undefined;
  const byTag = resourcesOfType(template, 'AWS::Lambda::Function').flatMap(([id, resource]) => {
    const image = imageOf(resource);
    return image === undefined || isByDigest(image) ? [] : [{ id, image }];
  });
  return [
    ...(counted
      ? [
          `${file}: "provider.ecr.maxImageCount" has no effect: the platform keeps the images that it has built, since a ` +
            'function whose image is gone fails; take the key out',
        ]
      : []),
    ...byTag.map(
      ({ id, image }) =>
        `${id} runs the image ${image}, which a tag names: if the tag comes to mean another image, no template changes, ` +
        'and no release brings it; write the image with its digest (@sha256:…)',
    ),
  ];
}
