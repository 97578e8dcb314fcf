import { Chain, Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { WatchedWait } from './watched-wait';

/** The two ways of waiting for one job. */
export interface JobWait {
  /** Is called back by the watcher of the release. */
  readonly watched: WatchedWait;
  /**
   * The safety net, where no watcher looks: polls the job for most of a minute, and returns `status: running`, or what
   * came of it, which is the very same.
   */
  readonly alone: LambdaInvoke;
}

export interface LongJobProps {
  /** Starts the job. */
  readonly start: LambdaInvoke;
  readonly wait: JobWait;
  /** A status after which the job has to be started once more. */
  readonly startAgainOn?: string;
  /** Where there may turn out to be no job: the name of that question, and JSONata that is true if there is one. */
  readonly any?: { readonly question: string; readonly when: string };
}

/**
 * Joins the states of a job that outlives a Lambda: a start worker, then a wait for its end. The watcher sees the end
 * within a second, for all services of the release together. Should it not look, a wait worker in a loop sees it as
 * soon, for a transition a minute rather than one a second. Nothing waits on an event alone, since AWS sends build and
 * deployment events on best effort only.
 * @param question name of the state that looks at what came of the job
 * @returns the states, from the start of the job to its end
 */
export function longJob(scope: Construct, question: string, props: LongJobProps): Chain {
  const { start, wait, startAgainOn, any } = props;
  const choice = Choice.jsonata(scope, question).when(statusIs('running'), wait.alone);
  if (startAgainOn) choice.when(statusIs(startAgainOn), start);
  wait.alone.next(choice);
  wait.watched.next(choice);
  if (!any) {
    start.next(wait.watched);
    return Chain.custom(start, otherwiseOf(choice), choice);
  }
  const isThereAny = Choice.jsonata(scope, any.question).when(Condition.jsonata(`{% ${any.when} %}`), wait.watched);
  start.next(isThereAny);
  return Chain.custom(start, [...otherwiseOf(choice), ...otherwiseOf(isThereAny)], choice);
}

/** Whether the state before returned this status. */
export const statusIs = (status: string): Condition => Condition.jsonata(`{% $states.input.status = '${status}' %}`);

/** @returns the open end of a choice: where none of its conditions holds. */
export const otherwiseOf = (choice: Choice): Chain['endStates'] =>
  choice.afterwards({ includeOtherwise: true }).endStates;
