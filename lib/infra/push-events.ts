import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';

export interface PushEventsProps {
  /** The connected CodeCommit repositories. */
  readonly repositoryArns: readonly string[];
  readonly push: Worker;
  readonly reconcile: Worker;
}

/**
 * Pushes to connected CodeCommit repositories reach the trigger; of any repository it looks for what no event has told.
 */
export class PushEvents extends Construct {
  constructor(scope: Construct, id: string, { repositoryArns, push, reconcile }: PushEventsProps) {
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
    new Rule(this, 'Reconcile', {
      description: 'finds pushes and pull requests of which no event has told',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [new LambdaFunction(reconcile.function, { retryAttempts: 0 })],
    });
  }
}
