import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Env, SOURCE_ENV } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/constructs/platform-resources';
import { secretArn } from '../../lib/constructs/secret-arn';
import { Worker } from '../../lib/constructs/worker';
import type { WebhookNotification } from '../../lib/core/notices/webhook-notification';
import type { NOTIFY_ENV } from './env';

export interface NotifyWorkerProps {
  readonly platform: PlatformResources;
  /** Which webhooks are called. */
  readonly webhooks: readonly WebhookNotification[];
  readonly topic: Topic;
  /** Where events go that could not be told everywhere, with the error. */
  readonly untold: Queue;
}

/** The worker that tells of releases wherever people look. It can read state and note what it told, and change nothing else. */
export class NotifyWorker extends Construct {
  readonly notify: Worker;

  constructor(scope: Construct, id: string, { platform, webhooks, topic, untold }: NotifyWorkerProps) {
    super(scope, id);
    this.notify = new Worker(this, 'Notify', {
      entry: join(__dirname, 'notify.handler.ts'),
      // GitHub wants some seconds between what is written.
      timeout: Duration.minutes(1),
      environment: {
        STATE_TABLE: platform.stateTable.tableName,
        RELEASES_TOPIC: topic.topicArn,
        WEBHOOKS: JSON.stringify(webhooks),
      } satisfies Omit<Env<typeof NOTIFY_ENV>, (typeof SOURCE_ENV)[number]>,
    });
    platform.allowGitHub(this.notify);
    platform.allowReadingState(this.notify);
    this.notify.allow(['dynamodb:UpdateItem'], [platform.stateTable.tableArn]);
    this.notify.allow(['sns:Publish'], [topic.topicArn]);
    this.allowSecrets(webhooks.map(({ webhook }) => webhook));
    this.notify.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(untold),
    });
  }

  private allowSecrets(names: readonly string[]): void {
    if (names.length === 0) return;
    const arns = [...new Set(names)].sort().map((name) => secretArn(this, name));
    this.notify.allow(['secretsmanager:GetSecretValue'], arns);
  }
}
