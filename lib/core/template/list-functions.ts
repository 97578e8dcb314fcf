import { isJsonObject, type Json } from '../text/canonical-json';
import { literalOf } from './function-names';
import { type Resource, resourcesOfType, type Template } from './template';

/** Where a template says that a zip is, as far as it says so literally. */
export interface CodeLocation {
  readonly bucket?: string;
  readonly key?: string;
}

/** A function of a template. */
export interface TemplateFunction {
  readonly logicalId: string;
  /** FunctionName, if it is a literal; CloudFormation makes one up if the template has none. */
  readonly functionName?: string;
  readonly handler?: string;
  readonly runtime?: string;
  readonly packageType: 'Zip' | 'Image';
  readonly code: CodeLocation;
}

/** A layer of a template. */
export interface TemplateLayer {
  readonly logicalId: string;
  readonly layerName?: string;
  readonly code: CodeLocation;
}

const literal = <K extends string>(key: K, value: Json | undefined): { readonly [key in K]?: string } => {
  const text = literalOf(value);
  return text === undefined ? {} : ({ [key]: text } as { [key in K]: string });
};

function codeLocation(resource: Resource, property: string): CodeLocation {
  const location = resource.Properties?.[property];
  if (!isJsonObject(location)) return {};
  return { ...literal('bucket', location.S3Bucket), ...literal('key', location.S3Key) };
}

/** @returns the template's functions, in its order. */
export const listFunctions = (template: Template): readonly TemplateFunction[] =>
  resourcesOfType(template, 'AWS::Lambda::Function').map(([logicalId, resource]) => ({
    logicalId,
    ...literal('functionName', resource.Properties?.FunctionName),
    ...literal('handler', resource.Properties?.Handler),
    ...literal('runtime', resource.Properties?.Runtime),
    packageType: resource.Properties?.PackageType === 'Image' ? 'Image' : 'Zip',
    code: codeLocation(resource, 'Code'),
  }));

/** @returns the template's layers, in its order. */
export const listLayers = (template: Template): readonly TemplateLayer[] =>
  resourcesOfType(template, 'AWS::Lambda::LayerVersion').map(([logicalId, resource]) => ({
    logicalId,
    ...literal('layerName', resource.Properties?.LayerName),
    code: codeLocation(resource, 'Content'),
  }));
