import { Match, Template } from 'aws-cdk-lib/assertions';
import { aPlatform } from './synthesise';

const apps = (...repositories: string[]): string =>
  `apps:\n${repositories.map((repository, index) => `  app${index}: { repository: ${repository}, stages: { dev: {} } }`).join('\n')}`;
const withGitHub = Template.fromStack(
  aPlatform({ text: apps('{ github: acme/shop }', '{ codecommit: blog }') }).platform,
);
const withoutGitHub = Template.fromStack(aPlatform().platform);

/** @returns the actions and resources that the role of a worker of `trigger` is granted, tracing and logs left out. */
const granted = (worker: string): Record<string, string> =>
  Object.fromEntries(
    Object.values(withGitHub.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => new RegExp(`TriggerWorkers${worker}Role`).test(JSON.stringify(Properties.Roles)))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .flatMap(({ Action, Resource }) => [Action].flat().map((action: string) => [action, JSON.stringify(Resource)]))
      .filter(([action]) => !/^(xray|logs):/.test(action!)),
  );

describe('the webhook', () => {
  it('has one route, and nothing else is open', () => {
    withGitHub.allResourcesProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'HTTP',
      CorsConfiguration: Match.absent(),
    });
    const routes = Object.values(withGitHub.findResources('AWS::ApiGatewayV2::Route'));
    const open = routes.filter(({ Properties }) => Properties.AuthorizationType !== 'AWS_IAM');
    expect(open.map(({ Properties }) => Properties.RouteKey)).toEqual(['POST /github']);
    withGitHub.resourceCountIs('AWS::Lambda::Url', 0);
  });

  it('is throttled, and each call is in the access log', () => {
    withGitHub.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      AccessLogSettings: { DestinationArn: Match.anyValue(), Format: Match.stringLikeRegexp('sourceIp') },
    });
  });

  it('takes as many requests, and has as many runs for itself, as seedbed.yml says', () => {
    const limits = 'github: { webhookRate: 20, webhookConcurrency: 3 }\n';
    const limited = Template.fromStack(aPlatform({ text: `${limits}${apps('{ github: acme/shop }')}` }).platform);
    limited.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
    const reserved = (template: Template) =>
      Object.entries(template.findResources('AWS::Lambda::Function')).flatMap(([id, { Properties }]) =>
        Properties.ReservedConcurrentExecutions === undefined
          ? []
          : [[id.replace(/[0-9A-F]{8}$/, ''), Properties.ReservedConcurrentExecutions]],
      );
    expect(reserved(limited)).toEqual([['TriggerWorkersWebhookFunction', 3]]);
    expect(reserved(withGitHub)).toEqual([]);
  });

  it('hands on what came as it came', () => {
    withGitHub.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
    });
  });

  it('is told to whoever installs the platform', () => {
    const [output] = Object.values(withGitHub.findOutputs('GitHubWebhookUrl'));
    expect(JSON.stringify(output!.Value)).toMatch(/execute-api.*\/github"/);
  });

  it('is not there if no app is at GitHub', () => {
    withoutGitHub.allResourcesProperties('AWS::ApiGatewayV2::Api', { Name: 'seedbed-door' });
    withoutGitHub.allResourcesProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' });
    expect(withoutGitHub.findOutputs('GitHubWebhookUrl')).toEqual({});
  });
});

const STATE = ['ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
  (call) => `dynamodb:${call}`,
);
const STARTING = [...STATE, 'events:PutEvents', 'ssm:GetParameter', 'ssm:GetParametersByPath', 'states:StartExecution'];
const codeCommit = (...calls: string[]) => calls.map((call) => `codecommit:${call}`);
const SECRET = 'secretsmanager:GetSecretValue';

describe('the workers of the trigger', () => {
  it.each([
    ['Push', codeCommit('GetBranch', 'GetCommit', 'GetFolder', 'GetMergeOptions', 'GetRepository')],
    [
      'Start',
      [SECRET, ...codeCommit('GetBranch', 'GetCommit', 'GetDifferences', 'GetFile', 'GetFolder', 'GetRepository')],
    ],
    ['Webhook', [SECRET]],
    // Whoever may pull may ask git for the tags, which CodeCommit's API does not list.
    [
      'Reconcile',
      [
        SECRET,
        ...codeCommit(
          'GetBranch',
          'GetCommit',
          'GetFolder',
          'GetMergeOptions',
          'GetRepository',
          'GitPull',
          'ListBranches',
        ),
      ],
    ],
  ])('%s may read of repositories what its code reads, and start releases, no more', (worker, source) => {
    const rights = granted(worker);
    // The others are called asynchronously: what they give up is kept.
    const keeping = ['Start', 'Webhook'].includes(worker) ? [] : ['sqs:SendMessage'];
    expect(Object.keys(rights).sort()).toEqual([...STARTING, ...source, ...keeping].sort());
    expect(rights['states:StartExecution']).toMatch(/:stateMachine:Seedbed-Release"/);
    for (const action of source.filter((one) => one !== SECRET)) expect(rights[action]).toMatch(/:blog"/);
    if (source.includes(SECRET)) expect(rights[SECRET]).toMatch(/:secret:seedbed\/github-\?{6}"/);
  });

  it('Remove may start releases, no more: what is removed, the release removes', () => {
    expect(Object.keys(granted('Remove')).sort()).toEqual([...STARTING].sort());
  });
});

describe('events', () => {
  it('tell of branches and tags that are pushed or deleted', () => {
    withGitHub.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.codecommit'], detail: { referenceType: ['branch', 'tag'] } },
    });
  });

  it('are made up for every quarter of an hour, one after another', () => {
    withGitHub.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(15 minutes)',
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('TriggerWorkersReconcile'), 'Arn'] },
          RetryPolicy: { MaximumRetryAttempts: 0 },
        }),
      ],
    });
    withGitHub.hasResourceProperties('AWS::Lambda::Function', {
      Handler: Match.stringLikeRegexp('reconcile'),
      Timeout: 300,
    });
  });
});

describe('rules for CodeCommit’s repositories', () => {
  const many = Template.fromStack(
    aPlatform({ text: apps(...Array.from({ length: 60 }, (_, index) => `{ codecommit: repository-${index} }`)) })
      .platform,
  );

  it('are one for each, and may all call the trigger by one permission, so that its policy does not grow', () => {
    const rules = many.findResources('AWS::Events::Rule', {
      Properties: { EventPattern: { source: ['aws.codecommit'] } },
    });
    expect(Object.keys(rules)).toHaveLength(60);
    const permissions = Object.values(many.findResources('AWS::Lambda::Permission')).filter(({ Properties }) =>
      JSON.stringify(Properties.FunctionName).includes('TriggerWorkersPush'),
    );
    expect(permissions.map(({ Properties }) => JSON.stringify(Properties.SourceArn))).toEqual([
      expect.stringMatching(/:rule\/Seedbed-\*/),
    ]);
  });
});
