import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Worker } from './worker';

/** The parts of the artifact repository. */
export type ArtifactPart = 'bundles' | 'packages';

/** What the steps' workers share, and the ways to let one of them use it. A step's construct takes what it needs. */
export interface PlatformResources {
  readonly stateTable: TableV2;
  readonly artifacts: Bucket;
  /** ARN of the state machine `Release`; made of its name, since its workers start it themselves. */
  readonly releaseStateMachineArn: string;
  readonly serviceReleaseStateMachineArn: string;
  allowReadingState(worker: Worker): void;
  /** Lets a worker read and write the state table. */
  allowState(worker: Worker): void;
  /** Lets a worker find open releases in all stages. */
  allowOpenReleases(worker: Worker): void;
  allowReading(worker: Worker, ...parts: readonly ArtifactPart[]): void;
  /** Lets a worker write into packages; only builds write bundles. */
  allowWritingPackages(worker: Worker): void;
  /** Lets a worker read the connected repositories' branches, trees and files, and tells it the way to GitHub. */
  allowSource(worker: Worker): void;
  /** Tells a worker the way to GitHub and, if an app is there, lets it read the secret with the access. */
  allowGitHub(worker: Worker): void;
  /** Lets a worker keep the credentials with which builds clone from GitHub. */
  allowCloneCredentials(worker: Worker): void;
  /** Lets a worker read the apps' configuration. */
  allowApps(worker: Worker): void;
  /** Lets a worker publish what becomes of releases. */
  allowEvents(worker: Worker): void;
  /** Lets a worker start, watch or stop builds of all apps. */
  allowBuilds(worker: Worker, ...actions: readonly ('StartBuild' | 'BatchGetBuilds' | 'StopBuild')[]): void;
  /** Lets a worker see that the environment of a stage changed, and nothing in it. */
  allowEnvironmentStamps(worker: Worker): void;
  /** Lets a worker assume the deploy roles of the targets. */
  allowTargets(worker: Worker): void;
  /** Lets a worker assume the roles of the targets that empty buckets: only one may. */
  allowRemovals(worker: Worker): void;
}
