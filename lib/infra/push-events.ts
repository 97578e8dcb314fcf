import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IFunction, Function as LambdaCode } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';
import { type CalledWorker, givenUp, mayKeepGivenUp } from './given-up';

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
  readonly called: { readonly push: CalledWorker; readonly reconcile: CalledWorker };

  constructor(scope: Construct, id: string, { repositoryArns, push, reconcile }: PushEventsProps) {
    super(scope, id);
    const trigger = this.mayCall(push);
    this.called = {
      push: givenUp(this, 'PushGivenUp', { worker: push }),
      reconcile: givenUp(this, 'ReconcileGivenUp', { worker: reconcile, comesAgain: true }),
    };
    const deadLetterQueue = mayKeepGivenUp(this, this.called.push.queue);
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
        targets: [new LambdaFunction(trigger, { retryAttempts: 20, maxEventAge: Duration.hours(2), deadLetterQueue })],
      });
    });
    new Rule(this, 'Reconcile', {
      description: 'finds pushes and pull requests of which no event has told',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [
        new LambdaFunction(reconcile.function, { retryAttempts: 0, deadLetterQueue: this.called.reconcile.queue }),
      ],
    });
  }

  /**
   * Lets all rules of the stack call a worker, by one permission. The CDK's own target makes one for each rule, and 44
   * of those pass the 20,480 bytes that a function's policy may have:
   * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   * @returns the worker's function, as a target that adds no permission
   */
  private mayCall(worker: Worker): IFunction {
    const stack = Stack.of(this);
    worker.function.addPermission('Rules', {
      principal: new ServicePrincipal('events.amazonaws.com'),
      sourceArn: stack.formatArn({ service: 'events', resource: 'rule', resourceName: `${stack.stackName}-*` }),
    });
    const { functionArn } = worker.function;
    return LambdaCode.fromFunctionAttributes(this, 'Trigger', { functionArn, sameEnvironment: false });
  }
}
