import { Duration } from 'aws-cdk-lib';
import { Choice, type StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';
import { statusIs } from './long-job';
import { observedStateMachine } from './observed-state-machine';

export interface WatcherProps {
  readonly stateMachineName: string;
  readonly watch: Worker;
}

/**
 * Watches what the services of one release wait for, all of them together, as long as the release runs: one worker,
 * however many services there are. Input: WatchInput.
 */
export class Watcher extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { stateMachineName, watch }: WatcherProps) {
    super(scope, id);
    const look = watch.task(this, 'Watch', {
      payload: { release: '{% $states.context.Execution.Input.release %}' },
    });
    const hasEnded = Choice.jsonata(this, 'Release ended?');
    look.next(hasEnded);
    hasEnded.when(statusIs('running'), look).otherwise(Succeed.jsonata(this, 'Release has ended'));

    this.stateMachine = observedStateMachine(this, {
      name: stateMachineName,
      comment: 'Watches what the services of a release wait for',
      start: look,
      timeout: LONGEST_WATCH,
    });
  }
}

/**
 * A call takes 54 seconds and makes 7 events of history, of the 25,000 that an execution may have. What waits for
 * longer is looked at by its own wait worker from then on.
 */
const LONGEST_WATCH = Duration.hours(52);
