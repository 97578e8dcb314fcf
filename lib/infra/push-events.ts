import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Worker } from './worker';

export interface PushEventsProps {
  /** The connected CodeCommit repositories. */
  readonly repositoryArns: readonly string[];
  readonly push: Worker;
}

/** Pushes to connected CodeCommit repositories reach the trigger. */
export class PushEvents extends Construct {
  constructor(scope: Construct, id: string, { repositoryArns, push }: PushEventsProps) {
    super(scope, id);
    // One rule per repository: a pattern may have 2,048 characters, too few for many ARNs.
    repositoryArns.forEach((repository, index) => {
      new Rule(this, `CodeCommit${index}`, {
        description: 'a push to a connected repository starts a release; of a deleted branch the stage goes',
        eventPattern: {
          source: ['aws.codecommit'],
          detailType: ['CodeCommit Repository State Change'],
          resources: [repository],
          detail: { referenceType: ['branch', 'tag'] },
        },
        targets: [new LambdaFunction(push.function, { retryAttempts: 20, maxEventAge: Duration.hours(2) })],
      });
    });
  }
}
