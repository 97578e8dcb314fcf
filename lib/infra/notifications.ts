import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Alias } from 'aws-cdk-lib/aws-kms';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { NOTIFY_WORKERS } from '../../lambdas/record/workers';
import type { PlatformRights } from '../constructs/platform-rights';
import { secretArn } from '../constructs/secret-arn';
import type { Worker } from '../constructs/worker';
import { Workers } from '../constructs/workers';
import { OPERATIONS } from '../core/contracts/operations';
import type { WebhookNotification } from '../core/notices/webhook-notification';
import { IGNORED_EVENT } from '../core/record/ignored-event';
import { RELEASE_EVENT } from '../core/record/release-event';
import { type CalledWorker, givenUp } from './given-up';

export interface NotificationsProps {
  readonly stateTable: ITableV2;
  /** Which webhooks are called. */
  readonly webhooks: readonly WebhookNotification[];
  /** The code of all workers. */
  readonly code: Code;
  /** The values of the variables that workers share. */
  readonly variables: Readonly<Record<string, string>>;
  readonly rights: PlatformRights;
}

/**
 * What becomes of releases is told wherever people look: a worker gets our own events, and nothing of it can fail a
 * release.
 */
export class Notifications extends Construct {
  /** Subscribers get the detail of each event. */
  readonly topic: Topic;
  /** Events that could not be told everywhere, after all tries. */
  readonly untold: Queue;
  readonly untoldAlarm: Alarm;
  readonly called: { readonly notify: CalledWorker };

  constructor(scope: Construct, id: string, props: NotificationsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Releases', {
      displayName: 'Seedbed releases',
      masterKey: Alias.fromAliasName(this, 'TopicKey', 'alias/aws/sns'),
      enforceSSL: true,
    });
    const notify = this.notifyWorker(props);
    this.called = { notify: givenUp(this, 'Untold', { worker: notify }) };
    this.untold = this.called.notify.queue;
    new Rule(this, 'Changed', {
      description: 'a release has come to another status, or what was pushed is not released: tell of it',
      eventPattern: {
        source: [RELEASE_EVENT.source],
        detailType: [RELEASE_EVENT.detailType, IGNORED_EVENT.detailType],
      },
      targets: [
        new LambdaFunction(notify.function, {
          retryAttempts: 20,
          maxEventAge: Duration.hours(2),
          deadLetterQueue: this.untold,
        }),
      ],
    });
    this.untoldAlarm = new Alarm(this, 'UntoldAlarm', {
      alarmDescription:
        'Seedbed could not tell somewhere of a release; the messages of the queue say where and why. ' +
        `What to do: ${OPERATIONS.untold}`,
      metric: this.untold.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
  /** It can read state, note what it has told, and change nothing else. */
  private notifyWorker({ stateTable, webhooks, code, variables, rights }: NotificationsProps): Worker {
    const { notify } = new Workers(this, 'Worker', {
      declarations: NOTIFY_WORKERS,
      code,
      variables: { ...variables, RELEASES_TOPIC: this.topic.topicArn, WEBHOOKS: JSON.stringify(webhooks) },
      rights,
    }).all;
    notify.allow(['dynamodb:UpdateItem'], [stateTable.tableArn]);
    notify.allow(['sns:Publish'], [this.topic.topicArn]);
    const secrets = [...new Set(webhooks.map(({ webhook }) => webhook))].sort();
    if (secrets.length > 0) {
      const arns = secrets.map((name) => secretArn(notify, name));
      notify.allow(['secretsmanager:GetSecretValue'], arns);
    }
    return notify;
  }
}
