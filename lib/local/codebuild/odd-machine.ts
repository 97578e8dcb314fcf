import { AwsError } from '../calls/aws-error';
import type { Project } from './build-record';

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html */
const COMPUTE_OF: readonly (readonly [type: RegExp, compute: RegExp])[] = [
  [/^(LINUX|ARM)_LAMBDA_CONTAINER$/, /^BUILD_LAMBDA_/],
  [/^(LINUX|ARM)_CONTAINER$/, /^BUILD_GENERAL1_/],
];

const OF_FLEETS: ReadonlySet<string> = new Set(['ATTRIBUTE_BASED_COMPUTE', 'CUSTOM_INSTANCE_TYPE']);

/**
 * Refuses what contradicts itself, as StartBuild's overrides may: an image for another environment, or a compute type
 * that the environment does not have. Images of one's own are not looked into.
 *
 * @throws AwsError `InvalidInputException`; of images in CodeBuild's words (aws/copilot-cli#3110), of compute types in
 *   ours
 */
export function refuseOddMachine(environment: Project['environment']): void {
  const { type = '', computeType = '', image = '', fleet } = environment ?? {};
  const [, compute] = COMPUTE_OF.find(([types]) => types.test(type)) ?? [];
  if (compute && !compute.test(computeType) && !(fleet?.fleetArn && OF_FLEETS.has(computeType)))
    throw new AwsError('InvalidInputException', `Environment type ${type} has no compute type ${computeType}`);
  const wanted = curatedFor(image);
  if (wanted !== undefined && compute && wanted !== type) {
    const where = `environment type ${type} and compute type ${computeType}`;
    throw new AwsError(
      'InvalidInputException',
      `AWS CodeBuild curated image ${image} is not supported for projects with ${where}`,
    );
  }
}

/**
 * @returns the environment type that an image of AWS is for:
 *   https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
 */
function curatedFor(image: string): string | undefined {
  if (!/^aws\/codebuild\/(amazonlinux|standard|ubuntu)/.test(image)) return undefined;
  const system = image.includes('aarch64') ? 'ARM' : 'LINUX';
  return image.includes('-lambda-') ? `${system}_LAMBDA_CONTAINER` : `${system}_CONTAINER`;
}
