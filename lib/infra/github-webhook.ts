import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';

export interface GitHubWebhookProps {
  readonly webhook: Worker;
}

/**
 * Far above what a large organisation pushes, and what an attacker may cost: each request is one short call of a
 * worker.
 */
const THROTTLE = { rateLimit: 50, burstLimit: 100 };

/**
 * Where GitHub delivers its events. The one route of the platform that is open to the world, so there is nothing but
 * it: other paths and methods are refused by the API, unsigned requests by the worker.
 */
export class GitHubWebhook extends Construct {
  /** What to enter at GitHub. */
  readonly url: string;
  /** Whose answers are counted. */
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { webhook }: GitHubWebhookProps) {
    super(scope, id);
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
      throttle: THROTTLE,
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
