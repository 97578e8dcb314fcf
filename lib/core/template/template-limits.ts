import { ReleaseError } from '../contracts/errors';
import type { Template } from './template';

/** CloudFormation: "Template format error: Number of resources is greater than maximum allowed, 500". */
const MAX_RESOURCES = 500;

/** CloudFormation takes a template of 1 MB from S3. */
const MAX_BYTES = 1024 * 1024;

/**
 * @param template the template as it would be deployed
 * @param original the template as the framework packaged it
 * @throws ReleaseError `TemplateTooLarge`, saying what takes the room and what to split
 */
export function refuseTooLarge(template: Template, original: Template): void {
  const bytes = Buffer.byteLength(JSON.stringify(template));
  if (bytes > MAX_BYTES) {
    throw new ReleaseError(
      'TemplateTooLarge',
      `the template would be ${bytes} bytes and CloudFormation takes ${MAX_BYTES}; split the service in two, or move ` +
        'large inline code and definitions into files of the package',
    );
  }
  const count = Object.keys(template.Resources).length;
  if (count <= MAX_RESOURCES) return;
  const before = Object.keys(original.Resources).length;
  const types = new Map<string, number>();
  for (const { Type } of Object.values(template.Resources)) types.set(Type, (types.get(Type) ?? 0) + 1);
  const most = [...types].sort(([, a], [, b]) => b - a).slice(0, 3);
  throw new ReleaseError(
    'TemplateTooLarge',
    `the template would have ${count} resources and CloudFormation takes ${MAX_RESOURCES}: ${before} as packaged, ` +
      "the rest are the functions' aliases and versions, and what hooks may do. Most are " +
      `${most.map(([type, number]) => `${number} × ${type}`).join(', ')}. ` +
      'Split the service in two (each with its own directory), a group of functions with their routes to each',
  );
}
