import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';
import { type CalledWorker, givenUp } from './given-up';

export interface ReleaseEventsProps {
  readonly release: StateMachine;
  readonly finish: Worker;
  readonly sweep: Worker;
}

/**
 * However an execution of `Release` ends, also aborted or timed out, `finish` learns of it; and should that event be
 * lost, a sweep finds the lock that nobody holds.
 */
export class ReleaseEvents extends Construct {
  readonly called: { readonly finish: CalledWorker; readonly sweep: CalledWorker };

  constructor(scope: Construct, id: string, { release, finish, sweep }: ReleaseEventsProps) {
    super(scope, id);
    this.called = {
      finish: givenUp(this, 'FinishGivenUp', { worker: finish }),
      sweep: givenUp(this, 'SweepGivenUp', { worker: sweep, comesAgain: true }),
    };
    new Rule(this, 'Ended', {
      description: 'a release has ended: record it, free the lock, start the next',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [release.stateMachineArn],
          status: ['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT'],
        },
      },
      targets: [
        new LambdaFunction(finish.function, {
          retryAttempts: 20,
          maxEventAge: Duration.hours(2),
          deadLetterQueue: this.called.finish.queue,
        }),
      ],
    });
    new Rule(this, 'Sweep', {
      description: 'heals locks whose release has ended unnoticed',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(sweep.function, { deadLetterQueue: this.called.sweep.queue })],
    });
  }
}
