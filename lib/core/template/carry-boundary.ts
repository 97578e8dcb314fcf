import { ReleaseError } from '../contracts/errors';
import { mapValues, type Resource, type Template } from './template';

/** What CloudFormation makes an identity of IAM of, each with a property for its boundary. */
const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User'];

/**
 * Gives the roles and users of a template the permissions boundary that those of the target must have: without it IAM
 * refuses to make them.
 *
 * @param boundary ARN of the policy; without one nothing changes
 * @throws ReleaseError `BoundaryRefused` if the template names another one
 */
export function carryBoundary(template: Template, boundary: string | undefined): Template {
  if (boundary === undefined) return template;
  const Resources = mapValues(template.Resources, (resource, id) =>
    IDENTITIES.includes(resource.Type) ? bounded(id, resource, boundary) : resource,
  );
  return { ...template, Resources };
}

function bounded(id: string, resource: Resource, boundary: string): Resource {
  const given = resource.Properties?.PermissionsBoundary;
  if (typeof given === 'string' && given !== boundary) {
    throw new ReleaseError(
      'BoundaryRefused',
      `resource ${id} of the template has the permissions boundary "${given}", but roles and users of stacks in the ` +
        `stage's account must have "${boundary}"; remove it from the service's configuration (the platform adds the ` +
        'right one), or have the owner of the platform name yours as "permissionsBoundary" of the target in seedbed.yml',
    );
  }
  // What is computed, such as a Ref of a parameter, CloudFormation alone can read: IAM judges what becomes of it.
  if (given !== undefined) return resource;
  return { ...resource, Properties: { ...resource.Properties, PermissionsBoundary: boundary } };
}
