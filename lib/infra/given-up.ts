import { Duration, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';

/** A worker that is called asynchronously: nobody waits for its answer. */
export interface CalledWorker {
  readonly worker: Worker;
  /** Calls that were given up, after all tries of EventBridge's and Lambda's. */
  readonly queue: Queue;
}

export interface GivenUpOptions {
  readonly worker: Worker;
  /** Whether a later call does the same again, so that nobody needs one that was given up. */
  readonly comesAgain?: boolean;
}

/**
 * Keeps the calls of a worker that were given up, whole and with the error, so that they can be made again. A target of
 * EventBridge's needs the queue too: it gives up what it could not hand to Lambda.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function givenUp(scope: Construct, id: string, { worker, comesAgain = false }: GivenUpOptions): CalledWorker {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    // Its alarm ends by itself where the next call has made up for it.
    retentionPeriod: comesAgain ? Duration.days(1) : Duration.days(14),
  });
  // All that Lambda needs; the CDK's own destination lets the worker read about the queue too.
  worker.allow(['sqs:SendMessage'], [queue.queueArn]);
  worker.function.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
    onFailure: { bind: () => ({ destination: queue.queueArn }) },
  });
  return { worker, queue };
}

/**
 * Lets all rules of the stack give up into a queue, by one statement. The CDK's own target makes one for each rule, and
 * there is a rule for each repository.
 * @returns the queue, as one that needs no further statement
 */
export function mayKeepGivenUp(scope: Construct, queue: Queue): IQueue {
  const stack = Stack.of(scope);
  const rules = stack.formatArn({ service: 'events', resource: 'rule', resourceName: `${stack.stackName}-*` });
  queue.grantSendMessages(
    new ServicePrincipal('events.amazonaws.com', { conditions: { ArnLike: { 'aws:SourceArn': rules } } }),
  );
  return Queue.fromQueueArn(scope, 'Kept', queue.queueArn);
}
