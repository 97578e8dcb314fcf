import { Match, Template } from 'aws-cdk-lib/assertions';
import { OPERATIONS } from '../../lib/core/contracts/operations';
import { METRICS_NAMESPACE } from '../../lib/core/record/release-metrics';
import { aPlatform } from './synthesise';

const text = `
apps:
  shop: { repository: { github: acme/shop }, stages: { dev: { branches: [main] } } }
notifications:
  - { webhook: seedbed/slack, format: slack }
`;
const { platform } = aPlatform({ text });
const template = Template.fromStack(platform);
const idOf = (type: string, name: RegExp): string =>
  Object.keys(template.findResources(type)).find((id) => name.test(id))!;
const topicId = idOf('AWS::SNS::Topic', /^NotificationsReleases/);
const queueId = idOf('AWS::SQS::Queue', /^NotificationsUntold/);
const queueArn = { 'Fn::GetAtt': [queueId, 'Arn'] };

it('every alarm says where to read what to do', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  expect(alarms.length).toBeGreaterThan(0);
  const places: readonly string[] = Object.values(OPERATIONS);
  for (const { Properties } of alarms) {
    expect(places).toContain(/What to do: (\S+)$/.exec(Properties.AlarmDescription)?.[1]);
  }
});

describe('notifications', () => {
  const roles = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    Properties.Roles.some(({ Ref }: { Ref: string }) => /NotifyRole/.test(Ref)),
  );
  const statements: { Action: string | string[]; Resource: unknown; Effect: string }[] = roles.flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

  it('come of our own events, tried again, and kept in a queue when given up', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['seedbed'], 'detail-type': ['Release State Change', 'Push Ignored'] },
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: queueArn }, RetryPolicy: { MaximumRetryAttempts: 20 } })],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('NotifyFunction') },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  it('go to a topic that is encrypted; topic and queue ask for TLS', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
    const overPlain = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    for (const type of ['AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy']) {
      template.hasResourceProperties(type, {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(overPlain)]) },
      });
    }
  });

  it('can read state, note what was told, publish to the topic and give up, and do nothing else', () => {
    expect([...new Set(statements.flatMap(({ Action }) => Action))].sort()).toEqual([
      ...['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      ...['logs:CreateLogStream', 'logs:PutLogEvents'],
      ...['secretsmanager:GetSecretValue', 'sns:Publish', 'sqs:SendMessage'],
      ...['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    ]);
    const publish = statements.find(({ Action }) => Action === 'sns:Publish');
    expect(publish!.Resource).toEqual({ Ref: topicId });
  });

  it('read the secrets of the webhooks that are configured, and of GitHub, and no others', () => {
    const secrets = statements.filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');
    const names = secrets.flatMap(({ Resource }) => [Resource].flat()).map((arn) => JSON.stringify(arn));
    expect(names.sort()).toEqual([
      expect.stringMatching(/:secret:seedbed\/github-\?{6}"/),
      expect.stringMatching(/:secret:seedbed\/slack-\?{6}"/),
    ]);
  });
});

describe('the dashboard', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body: string = JSON.stringify(dashboard!.Properties.DashboardBody);

  it.each([
    ...['ReleasesSucceeded', 'ReleasesFailed', 'ReleaseDuration', 'QueueTime', 'BuildDuration', 'ShiftDuration'],
    ...['ServicesDirect', 'ServicesFull', 'NotificationFailures', 'ApproximateNumberOfMessagesVisible'],
    ...['AWS/Lambda,FunctionName', 'Throttles', 'Untold'],
  ])('shows %s', (shown) => {
    expect(body).toContain(shown);
  });

  it('takes our metrics from where the workers put them', () => {
    expect(body).toContain(`\\"${METRICS_NAMESPACE}\\",\\"ReleasesSucceeded\\"`);
    expect(body).toContain(`{${METRICS_NAMESPACE},app,stage}`);
  });
});
