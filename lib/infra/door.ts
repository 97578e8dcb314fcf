import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Worker } from '../constructs/worker';
import { DOOR_STAGE, type DoorCall, routeOf } from '../core/contracts/door';

export interface DoorProps {
  /** Which worker answers each call. */
  readonly workers: Readonly<Record<DoorCall, Worker>>;
}

/** For people and a few programs; a release that somebody watches takes some two calls a second. */
const THROTTLE = { rateLimit: 100, burstLimit: 200 };

/**
 * How people and programs reach the platform: an HTTP API whose every route asks for IAM. Who may make a call, and for
 * which app and stage, the policies of the callers' roles say, and no code of ours
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html). An HTTP API has no
 * policy of its own: callers are of the platform's account, or assume a role there.
 */
export class Door extends Construct {
  readonly url: string;
  /** Of all calls: what policies name. */
  readonly arn: string;
  /** Whose answers are counted. */
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { workers }: DoorProps) {
    super(scope, id);
    const authorizer = new HttpIamAuthorizer();
    const api = new HttpApi(this, 'Api', {
      apiName: 'seedbed-door',
      createDefaultStage: false,
      defaultAuthorizer: authorizer,
    });
    const integrations = new Map<Worker, HttpLambdaIntegration>();
    for (const [name, worker] of Object.entries(workers)) {
      const { method, path } = routeOf(name as DoorCall);
      const integration = integrations.get(worker) ?? new HttpLambdaIntegration(worker.node.id, worker.function);
      integrations.set(worker, integration);
      api.addRoutes({ path, methods: [HttpMethod[method]], integration });
    }
    const logs = new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: DOOR_STAGE,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: AccessLogFormat.custom(LOGGED) },
    });
    this.url = this.stage.url;
    this.arn = Stack.of(this).formatArn({
      service: 'execute-api',
      resource: api.apiId,
      resourceName: DOOR_STAGE,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }
}

/**
 * Also what IAM refused, which no worker hears of. Variables:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const LOGGED = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  latency: '$context.responseLatency',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
});
