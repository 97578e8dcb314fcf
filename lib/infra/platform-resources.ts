import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/** What the steps' workers share, and the ways to let one of them use it. A step's construct takes what it needs. */
export interface PlatformResources {
  readonly stateTable: TableV2;
  readonly artifacts: Bucket;
  /** ARN of the state machine `Release`; made of its name, since its workers start it themselves. */
  readonly releaseStateMachineArn: string;
  readonly serviceReleaseStateMachineArn: string;
  /** Lets a worker read and write the state table. */
  grantState(worker: IGrantable): void;
  /** Lets a worker read the connected repositories' branches, trees and files. */
  grantSource(worker: IGrantable): void;
  /** Lets a worker read the apps' configuration. */
  grantApps(worker: IGrantable): void;
  /** Lets a worker assume the deploy roles of the targets. */
  grantTargets(worker: IGrantable): void;
}
