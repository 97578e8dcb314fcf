import * as z from 'zod';
import { timesOf } from './times-of';

/**
 * The parts of a build, in the order of time. CodeBuild tells the first four and the last
 * (https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html), the packager those between.
 */
export const BUILD_PARTS = [
  'queued',
  'provisioning',
  'source',
  'runtime',
  'checkout',
  'dependencies',
  'hooks',
  'framework',
  'hashing',
  'upload',
  'finalizing',
] as const;
export type BuildPart = (typeof BUILD_PARTS)[number];

/** Milliseconds of each part of a build; one that did not happen, or of which nobody knows, is absent. */
export const BuildTimes = timesOf(BUILD_PARTS, z.number().nonnegative());
export type BuildTimes = z.infer<typeof BuildTimes>;
