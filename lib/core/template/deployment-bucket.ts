import { DEPLOYMENT_BUCKET } from '../contracts/deployment-bucket';
import { removeResources } from './framework-versions';
import { visitReferences } from './intrinsics';
import type { Template } from './template';

const POLICY = `${DEPLOYMENT_BUCKET}Policy`;
const OUTPUT = `${DEPLOYMENT_BUCKET}Name`;

/**
 * Leaves out the bucket that the Serverless Framework makes for its artifacts: those of Seedbed are in the platform's,
 * and it would be there for nothing. It stays where something else of the template names it, or where nothing else
 * would be left, which CloudFormation does not take.
 *
 * @param template with code where the platform's bundles are
 */
export function withoutDeploymentBucket(template: Template): Template {
  const own = new Set([DEPLOYMENT_BUCKET, POLICY].filter((id) => template.Resources[id] !== undefined));
  if (!own.has(DEPLOYMENT_BUCKET) || Object.keys(template.Resources).length === own.size) return template;
  const { [OUTPUT]: _name, ...Outputs } = template.Outputs ?? {};
  const without = { ...removeResources(template, own), ...(template.Outputs && { Outputs }) };
  let isNamed = false;
  visitReferences([...Object.values(without.Resources), Outputs] as never, (id) => {
    isNamed ||= own.has(id);
  });
  return isNamed ? template : without;
}
