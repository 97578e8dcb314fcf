import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { NotifyWorker } from '../../lambdas/record/notify-function';
import type { PlatformResources } from '../constructs/platform-resources';
import type { WebhookNotification } from '../core/notices/webhook-notification';
import { RELEASE_EVENT } from '../core/record/release-event';

export interface NotificationsProps {
  readonly platform: PlatformResources;
  readonly webhooks: readonly WebhookNotification[];
}

/** What becomes of releases is told wherever people look: a worker gets our own events, and nothing of it can fail a release. */
export class Notifications extends Construct {
  /** Subscribers get the detail of each event. */
  readonly topic: Topic;
  /** Events that could not be told everywhere, after all tries. */
  readonly untold: Queue;
  readonly untoldAlarm: Alarm;

  constructor(scope: Construct, id: string, { platform, webhooks }: NotificationsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Releases', {
      displayName: 'Seedbed releases',
      masterKey: Alias.fromAliasName(this, 'TopicKey', 'alias/aws/sns'),
      enforceSSL: true,
    });
    this.untold = new Queue(this, 'Untold', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const { topic, untold } = this;
    const { notify } = new NotifyWorker(this, 'Worker', { platform, webhooks, topic, untold });
    new Rule(this, 'Changed', {
      description: 'a release has come to another status: tell of it',
      eventPattern: { source: [RELEASE_EVENT.source], detailType: [RELEASE_EVENT.detailType] },
      targets: [
        new LambdaFunction(notify.function, {
          ...{ retryAttempts: 20, maxEventAge: Duration.hours(2), deadLetterQueue: untold },
        }),
      ],
    });
    this.untoldAlarm = new Alarm(this, 'UntoldAlarm', {
      alarmDescription: 'Seedbed could not tell somewhere of a release; the messages of the queue say where and why',
      metric: untold.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
