import { ReleaseError } from '../contracts/errors';
import { isTooLarge, LIMITS } from '../contracts/limits';
import type { Template } from './template';

const MAX_RESOURCES = LIMITS.templateResources.most;
const MAX_BYTES = LIMITS.templateBytes.most;

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
      `the template would be ${bytes} bytes, ${bytes - MAX_BYTES} more than the ${MAX_BYTES} that CloudFormation takes; split the service in two, or move ` +
        'large inline code and definitions into files of the package',
    );
  }
  refuseTooMany(template, 'templateOutputs', 'Outputs');
  refuseTooMany(template, 'templateParameters', 'Parameters');
  const count = Object.keys(template.Resources).length;
  if (count <= MAX_RESOURCES) return;
  const before = Object.keys(original.Resources).length;
  const types = new Map<string, number>();
  for (const { Type } of Object.values(template.Resources)) types.set(Type, (types.get(Type) ?? 0) + 1);
  const most = [...types].sort(([, a], [, b]) => b - a).slice(0, 3);
  throw new ReleaseError(
    'TemplateTooLarge',
    `the template would have ${count} resources, ${count - MAX_RESOURCES} more than the ` +
      `${MAX_RESOURCES} that CloudFormation takes: ${before} as packaged, ` +
      "the rest are the functions' aliases and versions, and what hooks may do. Most are " +
      `${most.map(([type, number]) => `${number} × ${type}`).join(', ')}. ` +
      'Split the service in two (each with its own directory), a group of functions with their routes to each',
  );
}

function refuseTooMany(
  template: Template,
  limit: 'templateOutputs' | 'templateParameters',
  section: 'Outputs' | 'Parameters',
): void {
  const size = Object.keys(template[section] ?? {}).length;
  if (!isTooLarge({ limit, what: section, size })) return;
  const { most, unit } = LIMITS[limit];
  throw new ReleaseError(
    'TemplateTooLarge',
    `the template would have ${size} ${unit}, ${size - most} more than the ${most} that CloudFormation takes; remove some ` +
      'that nothing reads, or split the service in two (each with its own directory)',
  );
}
