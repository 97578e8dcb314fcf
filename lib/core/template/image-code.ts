import { type FunctionImage, ImageUri } from '../contracts/manifest';
import { isJsonObject, type Json } from '../text/canonical-json';
import { mapValues, type Resource, resourcesOfType, type Template } from './template';

/** @returns the container image of a function, if its template says literally which. */
export function imageOf({ Properties }: Resource): string | undefined {
  const code = Properties?.Code;
  return isJsonObject(code) && typeof code.ImageUri === 'string' ? code.ImageUri : undefined;
}

/** @returns by logical id, the functions whose image is named by its digest. */
export const imagesByDigest = (template: Template): Readonly<Record<string, FunctionImage>> =>
  Object.fromEntries(
    resourcesOfType(template, 'AWS::Lambda::Function').flatMap(([id, resource]) => {
      const image = imageOf(resource);
      return isByDigest(image) ? [[id, { image }] as const] : [];
    }),
  );

/** @returns whether an image is named by its digest, so that it stays the same image. */
export const isByDigest = (image: Json | undefined): image is string => ImageUri.safeParse(image).success;

/** @returns the image without its digest: where it is stored. */
export const withoutDigest = (image: string): string => image.replace(/@sha256:[0-9a-f]{64}$/, '@<code>');

/** @returns the template with other images: `map` gets each image that the template names literally. */
export const mapImages = (template: Template, map: (image: string) => string): Template => ({
  ...template,
  Resources: mapValues(template.Resources, (resource) => {
    const image = resource.Type === 'AWS::Lambda::Function' ? imageOf(resource) : undefined;
    if (image === undefined) return resource;
    const { Code, ...rest } = resource.Properties!;
    return { ...resource, Properties: { ...rest, Code: { ...(Code as object), ImageUri: map(image) } } };
  }),
});
