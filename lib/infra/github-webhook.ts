import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';

export interface GitHubWebhookProps {
  readonly webhook: Worker;
  readonly limits: WebhookLimits;
}

/**
 * What the webhook takes. The API counts requests before anybody has looked at their signatures, so whoever sends more
 * than that keeps out GitHub's, too: the limit is far above what a large organisation pushes, and as high as an
 * attacker's requests may cost, each of which is one short run of a worker. What is kept out is found by looking.
 */
export interface WebhookLimits {
  /** Requests a second. */
  readonly rate: number;
  /** Runs of the worker at a time, kept for it out of those of the account; if undefined, it shares them. */
  readonly concurrency?: number;
}

/** Seconds' worth of requests that may come at once. */
const BURST = 2;

/**
 * Where GitHub delivers its events. The one route of the platform that is open to the world, so there is nothing but
 * it: other paths and methods are refused by the API, unsigned requests by the worker.
 */
export class GitHubWebhook extends Construct {
  /** What to enter at GitHub. */
  readonly url: string;
  /** Whose answers are counted. */
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { webhook, limits }: GitHubWebhookProps) {
    super(scope, id);
    const { defaultChild } = webhook.function.node;
    if (limits.concurrency !== undefined) {
      (defaultChild as CfnFunction).reservedConcurrentExecutions = limits.concurrency;
    }
    const api = new HttpApi(this, 'Api', { apiName: 'seedbed-webhook', createDefaultStage: false });
    api.addRoutes({
      path: PATH,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Webhook', webhook.function),
    });
    const logs = new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: limits.rate, burstLimit: limits.rate * BURST },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            ip: '$context.identity.sourceIp',
            time: '$context.requestTime',
            route: '$context.routeKey',
            status: '$context.status',
            bytes: '$context.responseLength',
            latency: '$context.responseLatency',
            error: '$context.integrationErrorMessage',
          }),
        ),
      },
    });
    this.url = `${this.stage.url.replace(/\/$/, '')}${PATH}`;
  }
}

const PATH = '/github';
