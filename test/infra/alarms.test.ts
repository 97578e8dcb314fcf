import { Match, Template } from 'aws-cdk-lib/assertions';
import { emfMetrics } from '../../lib/aws/telling/emf-metrics';
import {
  METRICS_NAMESPACE,
  RELEASES_FAILED_AGAIN,
  RELEASES_OVERDUE,
  REPOSITORIES_REPLACED,
} from '../../lib/core/record/release-metrics';
import { alarmsGoOff } from './alarms-go-off';
import type { AlarmProperties } from './evaluate-alarm';
import { aPlatform } from './synthesise';

const APPS = `
apps:
  shop: { repository: { github: acme/shop }, stages: { dev: { branches: [main] } } }
  blog: { repository: { codecommit: blog }, stages: { dev: { branches: [main] } } }
  news: { repository: { codecommit: news }, stages: { dev: { branches: [main] } } }
`;
const templateWith = (alarms: string) => Template.fromStack(aPlatform({ text: `${APPS}\nalarms: ${alarms}` }).platform);
const template = templateWith('{ email: team@example.com }');
const OTHER = 'arn:aws:sns:eu-central-1:444455556666:on-call';

const alarmsOf = (of: Template): readonly (readonly [string, AlarmProperties])[] =>
  Object.entries(of.findResources('AWS::CloudWatch::Alarm')).map(
    ([id, { Properties }]) => [id, Properties as AlarmProperties] as const,
  );
const alarm = (name: string): AlarmProperties => {
  const found = alarmsOf(template).filter(([id]) => new RegExp(`^Alarms${name}[0-9A-F]{8}$`).test(id));
  expect(found).toHaveLength(1);
  return found[0]![1];
};
const topicId = (of: Template): string =>
  Object.keys(of.findResources('AWS::SNS::Topic')).find((id) => id.startsWith('Alarms'))!;

const CALLED = ['Push', 'Finish', 'Sweep', 'Reconcile', 'Prune', 'Notify'];

describe('alarms', () => {
  it('tell when the door fails, and not when it refuses', () => {
    expect(alarm('DoorFails')).toMatchObject({
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
      Dimensions: expect.arrayContaining([{ Name: 'ApiId', Value: { Ref: expect.stringMatching(/^DoorApi/) } }]),
      Threshold: 1,
      DatapointsToAlarm: 2,
      EvaluationPeriods: 3,
    });
  });

  it('tell the topic, all of them', () => {
    const alarms = alarmsOf(template);
    expect(alarms.length).toBeGreaterThan(20);
    for (const [id, { AlarmActions }] of alarms) {
      expect([id, AlarmActions]).toEqual([id, [{ Ref: topicId(template) }]]);
    }
  });

  it('tell the owner’s topic instead, all of them, and make none', () => {
    const own = templateWith(`{ topic: "${OTHER}" }`);
    for (const [id, { AlarmActions }] of alarmsOf(own)) expect([id, AlarmActions]).toEqual([id, [OTHER]]);
    expect(topicId(own)).toBeUndefined();
    own.resourceCountIs('AWS::SNS::Subscription', 0);
    own.resourceCountIs('AWS::KMS::Key', 0);
    own.hasOutput('AlarmsTopic', { Value: OTHER });
  });

  it('reach an address, or nobody until somebody subscribes', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'team@example.com',
      TopicArn: { Ref: topicId(template) },
    });
    const none = templateWith('{}');
    none.resourceCountIs('AWS::SNS::Subscription', 0);
    none.hasOutput('AlarmsTopic', { Value: { Ref: topicId(none) } });
  });

  // With the key `alias/aws/sns` CloudWatch could not publish, and nothing would say so:
  // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
  it('are encrypted with a key that CloudWatch may use for this platform’s alarms alone', () => {
    const [keyId] = Object.keys(template.findResources('AWS::KMS::Key'));
    template.hasResourceProperties('AWS::SNS::Topic', {
      DisplayName: 'Seedbed alarms',
      KmsMasterKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] },
    });
    const cloudWatch = (actions: unknown) =>
      Match.objectLike({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: actions,
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': Match.anyValue() },
        },
      });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: { Statement: Match.arrayWith([cloudWatch(['kms:Decrypt', 'kms:GenerateDataKey*'])]) },
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: topicId(template) }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          cloudWatch('sns:Publish'),
        ]),
      },
    });
    expect(JSON.stringify(template.findResources('AWS::SNS::TopicPolicy'))).toContain(':alarm:Seedbed-*');
  });
});

/** Namespaces, metrics and dimensions as AWS writes them: a misspelt one never goes off. */
describe('an alarm goes off', () => {
  const functionOf = (name: string) => [
    { Name: 'FunctionName', Value: { Ref: expect.stringMatching(new RegExp(`${name}Function[0-9A-F]{8}$`)) } },
  ];

  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  it.each(CALLED)('when %s fails again and again, and not for one failure that the next try mends', (name) => {
    expect(alarm(`${name}Errors`)).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: functionOf(name),
      Statistic: 'Sum',
      Period: 300,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      DatapointsToAlarm: 2,
      EvaluationPeriods: 3,
      TreatMissingData: 'notBreaching',
    });
  });

  it.each(CALLED)('when calls of %s wait for half an hour, in milliseconds', (name) => {
    expect(alarm(`${name}Age`)).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'AsyncEventAge',
      Dimensions: functionOf(name),
      Statistic: 'Maximum',
      Threshold: 1_800_000,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  it.each(CALLED)('when a call of %s was given up, by Lambda or by EventBridge', (name) => {
    const id = name === 'Notify' ? /^NotificationsUntold[0-9A-F]{8}$/ : new RegExp(`${name}GivenUp[0-9A-F]{8}$`);
    const [queueId, queue] = Object.entries(template.findResources('AWS::SQS::Queue')).find(([one]) => id.test(one))!;
    expect(queue.Properties).toMatchObject({ SqsManagedSseEnabled: true });
    const watching = alarmsOf(template).filter(([, { Dimensions }]) =>
      JSON.stringify(Dimensions ?? []).includes(`"${queueId}"`),
    );
    expect(watching).toHaveLength(1);
    expect(watching[0]![1]).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queueId, 'QueueName'] } }],
      Statistic: 'Maximum',
      Threshold: 1,
    });
    // `seedbed admin redrive` finds both by outputs.
    template.hasOutput(`${name}Queue`, { Value: { Ref: queueId } });
    template.hasOutput(`${name}Function`, { Value: { Ref: Match.stringLikeRegexp(`${name}Function[0-9A-F]{8}$`) } });
    const arn = { 'Fn::GetAtt': [queueId, 'Arn'] };
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp(`${name}Function`) },
      DestinationConfig: { OnFailure: { Destination: arn } },
    });
    const rules = Object.values(template.findResources('AWS::Events::Rule')).flatMap(({ Properties }) =>
      (Properties.Targets as { Arn: unknown; DeadLetterConfig?: { Arn: unknown } }[]).filter(({ Arn }) =>
        new RegExp(`${name}Function`).test(JSON.stringify(Arn)),
      ),
    );
    expect(rules.length).toBeGreaterThan(0);
    for (const { DeadLetterConfig } of rules) expect(DeadLetterConfig).toEqual({ Arn: arn });
    const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy')).filter(({ Properties }) =>
      JSON.stringify(Properties.Queues).includes(queueId),
    );
    expect(JSON.stringify(policies)).toContain('events.amazonaws.com');
  });

  it.each([
    ['Sweep', 300],
    ['Reconcile', 900],
  ])('when %s did not run three times in a row, also when nothing at all is known of it', (name, period) => {
    expect(alarm(`${name}Runs`)).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: functionOf(name),
      Statistic: 'Sum',
      Period: period,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 3,
      TreatMissingData: 'breaching',
    });
  });

  // Not `4XXError`, which REST APIs have:
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
  it.each([
    ['WebhookRefuses', '4xx', 10],
    ['WebhookFails', '5xx', 1],
  ])('when the webhook answers with errors: %s', (name, metric, threshold) => {
    expect(alarm(name)).toMatchObject({
      Namespace: 'AWS/ApiGateway',
      MetricName: metric,
      Dimensions: [
        { Name: 'ApiId', Value: { Ref: expect.stringMatching(/^GitHubWebhookApi/) } },
        { Name: 'Stage', Value: '$default' },
      ],
      Statistic: 'Sum',
      Threshold: threshold,
    });
  });

  it('when the webhook’s worker is throttled', () => {
    expect(alarm('WebhookThrottled')).toMatchObject({ MetricName: 'Throttles', Dimensions: functionOf('Webhook') });
  });

  it('of a webhook only where there is one', () => {
    const without = Template.fromStack(aPlatform().platform);
    expect(alarmsOf(without).filter(([id]) => id.startsWith('AlarmsWebhook'))).toEqual([]);
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  it.each(['Release', 'ServiceRelease'])('when executions of %s are throttled', (name) => {
    expect(alarm(`${name}Throttled`)).toMatchObject({
      Namespace: 'AWS/States',
      MetricName: 'ExecutionThrottled',
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: expect.stringMatching(`^${name}StateMachine`) } }],
    });
  });

  it.each([
    ['ReleasesOverdue', RELEASES_OVERDUE],
    ['ReleasesFailedAgain', RELEASES_FAILED_AGAIN],
    ['RepositoriesReplaced', REPOSITORIES_REPLACED],
  ])('when workers tell of %s, of whatever app and stage', (name, metric) => {
    expect(alarm(name)).toMatchObject({
      Namespace: METRICS_NAMESPACE,
      MetricName: metric,
      Statistic: 'Sum',
      Threshold: 1,
    });
    expect(alarm(name).Dimensions).toBeUndefined();
    const lines: string[] = [];
    const told = { [metric]: { value: 1, unit: 'Count' } } as const;
    emfMetrics((line) => lines.push(line)).add({ app: 'shop', stage: 'dev' }, told);
    const [{ Namespace, Dimensions, Metrics }] = JSON.parse(lines[0]!)._aws.CloudWatchMetrics;
    expect(Namespace).toBe(METRICS_NAMESPACE);
    expect(Dimensions).toContainEqual([]);
    expect(Metrics).toEqual([{ Name: metric, Unit: 'Count' }]);
  });
});

it('rules of all repositories give up into one queue by one statement', () => {
  const [policy] = Object.values(template.findResources('AWS::SQS::QueuePolicy')).filter(({ Properties }) =>
    /PushGivenUp/.test(JSON.stringify(Properties.Queues)),
  );
  const statements: { Principal: unknown }[] = policy!.Properties.PolicyDocument.Statement;
  expect(statements.filter(({ Principal }) => /events\./.test(JSON.stringify(Principal)))).toHaveLength(1);
});

describe('each alarm', () => alarmsGoOff(template));
