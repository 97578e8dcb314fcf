import * as z from 'zod';
import { Name, ReleaseId, ServicePath } from './release';

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
  /** URL to clone the repository from; credentials are the build environment's own. */
  cloneUrl: z.string(),
  region: z.string(),
  artifactBucket: z.string(),
});
export type BuildRequest = z.infer<typeof BuildRequest>;
