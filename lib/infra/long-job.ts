import { Chain, Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

export interface LongJobProps {
  /** Starts the job. */
  readonly start: LambdaInvoke;
  /** Polls the job for most of a minute; returns `status: running`, or what came of it. */
  readonly wait: LambdaInvoke;
  /** A status after which the job has to be started once more. */
  readonly startAgainOn?: string;
}

/**
 * Joins the states of a job that outlives a Lambda: a start worker, then a wait worker in a loop. It sees the end
 * within a second and costs a transition a minute rather than one a second. Nothing waits on an event alone, since AWS
 * sends build and deployment events on best effort only.
 * @param question name of the state that looks at what the wait worker returned
 * @returns the states, from the start of the job to its end
 */
export function longJob(scope: Construct, question: string, { start, wait, startAgainOn }: LongJobProps): Chain {
  const choice = Choice.jsonata(scope, question).when(statusIs('running'), wait);
  if (startAgainOn) choice.when(statusIs(startAgainOn), start);
  start.next(wait).next(choice);
  return Chain.custom(start, otherwiseOf(choice), choice);
}

/** Whether the state before returned this status. */
export const statusIs = (status: string): Condition => Condition.jsonata(`{% $states.input.status = '${status}' %}`);

/** @returns the open end of a choice: where none of its conditions holds. */
export const otherwiseOf = (choice: Choice): Chain['endStates'] =>
  choice.afterwards({ includeOtherwise: true }).endStates;
