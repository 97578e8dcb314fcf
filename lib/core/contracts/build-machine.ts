import * as z from 'zod';
import { type Architecture, DEFAULT_ARCHITECTURE } from './architecture';

/** How large the machine of a build is; `lambda` starts fastest. */
export const Compute = z.enum(['small', 'medium', 'large', 'lambda']);
export type Compute = z.infer<typeof Compute>;

/** The machine that a stage asks for. */
export interface MachineSettings {
  /** Unless given, as the service's functions that were deployed last; without them, as functions that do not say. */
  readonly architecture?: Architecture;
  readonly compute: Compute;
  /** An image of the owner's, in place of AWS's. */
  readonly image?: string;
  /** Whether builds may run Docker. */
  readonly docker: boolean;
}

/** A machine as CodeBuild describes one. */
export interface BuildMachine {
  readonly type: 'LINUX_CONTAINER' | 'ARM_CONTAINER' | 'LINUX_LAMBDA_CONTAINER' | 'ARM_LAMBDA_CONTAINER';
  readonly computeType: string;
  readonly image: string;
  /** Who fetches the image. */
  readonly imagePullCredentialsType: 'CODEBUILD' | 'SERVICE_ROLE';
  readonly privilegedMode: boolean;
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html */
const IMAGES: Readonly<Record<'container' | 'lambda', Readonly<Record<Architecture, string>>>> = {
  container: {
    x86_64: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
    arm64: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
  },
  lambda: {
    x86_64: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22',
    arm64: 'aws/codebuild/amazonlinux-aarch64-lambda-standard:nodejs22',
  },
};
const LAMBDA_SIZE = '4GB';

/** @returns whether CodeBuild brings an image, and fetches it itself. */
export const isOfAws = (image: string): boolean => image.startsWith('aws/codebuild/');

/** What an image of AWS is for. */
export interface ImagePurpose {
  readonly architecture: Architecture;
  readonly isForLambda: boolean;
}

/**
 * @returns what an image of AWS runs on, by its name:
 *   https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html. Undefined for those that are
 *   not for Linux, and for images of one's own, of which only their owner knows.
 */
export function purposeOf(image: string): ImagePurpose | undefined {
  if (!isOfAws(image) || /^aws\/codebuild\/(windows|macos)/.test(image)) return undefined;
  return { architecture: image.includes('aarch64') ? 'arm64' : 'x86_64', isForLambda: image.includes('-lambda-') };
}

/** On projects whose owner has written an architecture: the variable of builds that has it. */
export const ARCHITECTURE_VARIABLE = 'SEEDBED_BUILD_ARCHITECTURE';

/** The machine of a stage's project, as CodeBuild describes it. */
export interface ProjectEnvironment {
  readonly type: string;
  readonly computeType: string;
  readonly image: string;
  /** Names of the variables that all its builds have. */
  readonly variables: readonly string[];
}

/**
 * @param architecture of the functions that a build is for
 * @returns what the build has in place of its project's machine: the same size for that architecture, if nobody has
 *   written the project's architecture or image. Undefined if it runs on the project's machine.
 */
export function machineInstead(
  project: ProjectEnvironment,
  architecture: Architecture,
): Pick<BuildMachine, 'type' | 'computeType' | 'image'> | undefined {
  const compute = Compute.options.find(
    (size) => buildMachine({ compute: size, docker: false }).computeType === project.computeType,
  );
  if (compute === undefined || project.variables.includes(ARCHITECTURE_VARIABLE)) return undefined;
  const usual = buildMachine({ compute, docker: false });
  const { type, computeType, image } = buildMachine({ architecture, compute, docker: false });
  const isUsual = project.type === usual.type && project.image === usual.image;
  return isUsual && type !== project.type ? { type, computeType, image } : undefined;
}

/**
 * @returns the machine for a stage's builds:
 *   https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html
 */
export function buildMachine(settings: MachineSettings): BuildMachine {
  const { architecture = DEFAULT_ARCHITECTURE, compute, image, docker } = settings;
  const isArm = architecture === 'arm64';
  const system = isArm ? 'ARM' : 'LINUX';
  const isOwn = image !== undefined && !isOfAws(image);
  const common = { imagePullCredentialsType: isOwn ? 'SERVICE_ROLE' : 'CODEBUILD', privilegedMode: docker } as const;
  if (compute === 'lambda') {
    return {
      ...common,
      type: `${system}_LAMBDA_CONTAINER`,
      computeType: `BUILD_LAMBDA_${LAMBDA_SIZE}`,
      image: image ?? IMAGES.lambda[architecture],
    };
  }
  return {
    ...common,
    type: `${system}_CONTAINER`,
    computeType: `BUILD_GENERAL1_${compute.toUpperCase()}`,
    image: image ?? IMAGES.container[architecture],
  };
}
