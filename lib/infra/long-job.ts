import { Choice, Condition, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

export interface LongJobProps {
  /** Starts the job. */
  readonly start: LambdaInvoke;
  /** Polls the job for most of a minute; returns `status: running`, or what came of it. */
  readonly wait: LambdaInvoke;
  /** Where to go on when the job is done. */
  readonly next: IChainable;
  /** A status after which the job has to be started once more. */
  readonly startAgainOn?: string;
}

/**
 * Joins the states of a job that outlives a Lambda: a start worker, then a wait worker in a loop. It sees the end within
 * a second and costs a transition a minute rather than one a second. Nothing waits on an event alone, since AWS sends
 * build and deployment events on best effort only.
 * @param question name of the state that looks at what the wait worker returned
 * @returns the first state
 */
export function longJob(
  scope: Construct,
  question: string,
  { start, wait, next, startAgainOn }: LongJobProps,
): LambdaInvoke {
  const choice = Choice.jsonata(scope, question).when(is('running'), wait);
  if (startAgainOn) choice.when(is(startAgainOn), start);
  choice.otherwise(next);
  start.next(wait).next(choice);
  return start;
}

const is = (status: string): Condition => Condition.jsonata(`{% $states.input.status = '${status}' %}`);
