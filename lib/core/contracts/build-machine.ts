import * as z from 'zod';
import { type Architecture, DEFAULT_ARCHITECTURE } from './architecture';

/**
 * How large the machine of a build is, on EC2 or, which starts fastest, on Lambda; `reserved` is a machine of a fleet
 * of the owner's.
 */
export const Compute = z.enum(['small', 'medium', 'large', 'lambda', 'reserved']);
export type Compute = z.infer<typeof Compute>;

/** A fleet of reserved machines: docs.aws.amazon.com/codebuild/latest/userguide/fleets.html */
export const FleetArn = z.string().regex(/^arn:aws[\w-]*:codebuild:[a-z\d-]+:\d{12}:fleet\/[\w-]+(:[\w-]+)?$/);

/** Where the builds of a stage start, if not on EC2, as every release of it takes it along. */
export const SpecialCompute = z.discriminatedUnion('compute', [
  z.object({ compute: z.literal('lambda') }),
  z.object({ compute: z.literal('reserved'), fleet: FleetArn }),
]);
export type SpecialCompute = z.infer<typeof SpecialCompute>;

/** @returns undefined for EC2 */
export function specialCompute({
  compute,
  fleet,
}: Pick<MachineSettings, 'compute' | 'fleet'>): SpecialCompute | undefined {
  if (compute === 'lambda') return { compute };
  return compute === 'reserved' && fleet !== undefined ? { compute, fleet } : undefined;
}

/** The machine that a stage asks for. */
export interface MachineSettings {
  /** Unless given, as the service's functions that were deployed last; without them, as functions that do not say. */
  readonly architecture?: Architecture;
  readonly compute: Compute;
  /** ARN of the fleet of `reserved`. */
  readonly fleet?: string;
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
/** On EC2, of builds that could not start on Lambda or in their fleet. */
const SIZE_INSTEAD = 'medium';

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

/** On projects whose builds start in a fleet: the variable of builds that has its ARN. */
export const FLEET_VARIABLE = 'SEEDBED_BUILD_FLEET';

/** The machine of a stage's project, as CodeBuild describes it. */
export interface ProjectEnvironment {
  readonly type: string;
  readonly computeType: string;
  readonly image: string;
  /** Names of the variables that all its builds have. */
  readonly variables: readonly string[];
  /** Whether its builds can run Docker. */
  readonly isPrivileged?: boolean;
  /** Whether its builds run in a network of the owner's. */
  readonly isInVpc?: boolean;
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
  // A build in a fleet has the machine of its fleet, whose images it has to fit.
  if (project.variables.includes(FLEET_VARIABLE)) return undefined;
  const usual = buildMachine({ compute, docker: false });
  const { type, computeType, image } = buildMachine({ architecture, compute, docker: false });
  const isUsual = project.type === usual.type && project.image === usual.image;
  return isUsual && type !== project.type ? { type, computeType, image } : undefined;
}

/** @returns the machine on EC2 for a build of a project on Lambda; undefined if the project is on EC2 itself */
export function machineOnEc2({ type }: Pick<ProjectEnvironment, 'type'>): BuildMachine | undefined {
  if (!type.endsWith('_LAMBDA_CONTAINER')) return undefined;
  const architecture = type.startsWith('ARM') ? 'arm64' : 'x86_64';
  return buildMachine({ architecture, compute: SIZE_INSTEAD, docker: false });
}

/**
 * @returns the machine for a stage's builds; of `reserved` the one on EC2 of builds that cannot start in the fleet:
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
    computeType: `BUILD_GENERAL1_${(compute === 'reserved' ? SIZE_INSTEAD : compute).toUpperCase()}`,
    image: image ?? IMAGES.container[architecture],
  };
}
