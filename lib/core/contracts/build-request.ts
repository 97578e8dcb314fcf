import * as z from 'zod';
import { Name, ReleaseId, ServicePath } from './release';
import { BuildTask } from './state';

/** Name of the environment variable in which a build gets its request, as JSON. */
export const BUILD_REQUEST_VARIABLE = 'SEEDBED_BUILD_REQUEST';

/** What one build is asked to package: one service of one commit for one stage. */
export const BuildRequest = z.object({
  releaseId: ReleaseId,
  app: Name,
  stage: Name,
  service: ServicePath,
  commit: z.string(),
  branch: z.string().optional(),
  tag: z.string().optional(),
  pullRequest: z.number().optional(),
  /** What to do: package the service, unless a hook is named whose commands are to run. */
  task: BuildTask.optional(),
  /** The configured stage whose settings `stage` has; absent if it is configured itself. */
  template: Name.optional(),
  /** URL to clone the repository from. It carries no credentials. */
  cloneUrl: z.string(),
  /** SSM parameter (SecureString) with a token for `cloneUrl`; absent where the build's role may clone. */
  cloneParameter: z.string().optional(),
  /** Key of the BuildInputs in the artifact repository, if there are any. */
  inputs: z.string().optional(),
  /**
   * Key of the DeployedPackage that its last release left, if that went well: what is stored of it need not be looked
   * for.
   */
  deployedPackage: z.string().optional(),
  region: z.string(),
  artifactBucket: z.string(),
});
export type BuildRequest = z.infer<typeof BuildRequest>;

/** What other services of the stage have to offer to a build: outputs of their stacks, by service path. */
export const BuildInputs = z.object({ outputs: z.record(ServicePath, z.record(z.string(), z.string())) });
export type BuildInputs = z.infer<typeof BuildInputs>;
