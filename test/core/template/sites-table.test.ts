import { transformTemplate } from '../../../lib/core/template/alias-transform';
import {
  INVOCATION_SITES,
  LEFT_TO_PEOPLE,
  QUALIFIED_SITES,
  WITHOUT_ALIAS,
} from '../../../lib/core/template/invocation-sites';
import type { Resource } from '../../../lib/core/template/template';
import type { Json, JsonObject } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, options, propertiesWith, valueAt } from './build-template';
import { HOME, resolveValue } from './resolve-value';

/**
 * The table of what the alias transform covers, twice: each type as people write it, with what becomes of it; and every
 * place in every spelling, compared by what it means.
 */

const ATT: Json = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const LIVE: Json = { Ref: 'FnAliasLive' };
const NAME = 'shop-orders';
const OWN = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:';
const INVOKE = 'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/';

const transformed = (place: Resource) => {
  const template = aTemplate(
    { Fn: aFunction({ FunctionName: NAME }), Place: place },
    { Conditions: { Blue: { 'Fn::Equals': ['a', 'a'] } } },
  );
  const result = transformTemplate(template, options());
  expect(transformTemplate(result.template, options())).toEqual(result);
  return { before: template, ...result, place: result.template.Resources.Place! };
};

/** Properties with an expression in them, as a function of it: given the function, and expected with the alias. */
type Properties = (fn: Json) => JsonObject;

const uri = (fn: Json): Json => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':apigateway:x:lambda:path/functions/', fn, '/invocations']],
});
const openApi = (fn: Json): JsonObject => ({
  openapi: '3.0.1',
  paths: { '/orders': { get: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: uri(fn) } } } },
  components: {
    securitySchemes: { token: { 'x-amazon-apigateway-authorizer': { type: 'request', authorizerUri: uri(fn) } } },
  },
});
const codeHook = (fn: Json): JsonObject => ({
  BotAliasLocaleSettings: [
    {
      LocaleId: 'en_US',
      BotAliasLocaleSetting: {
        Enabled: true,
        CodeHookSpecification: { LambdaCodeHook: { CodeHookInterfaceVersion: '1.0', LambdaArn: fn } },
      },
    },
  ],
});
const source = (EventSourceArn: string) => (fn: Json) => ({ FunctionName: fn, EventSourceArn, BatchSize: 10 });
const alarm: Properties = (fn) => ({ AlarmActions: [fn, { Ref: 'Topic' }], OKActions: [fn] });
const authorizer = (AuthorizerUri: Json) => ({ AuthorizerUri, AuthorizerResultTtlInSeconds: 300 });
const processor: Properties = (fn) => ({
  ExtendedS3DestinationConfiguration: {
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        {
          Type: 'Lambda',
          Parameters: [
            { ParameterName: 'LambdaArn', ParameterValue: fn },
            { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
          ],
        },
      ],
    },
  },
});

const ROWS: readonly (readonly [what: string, type: string, properties: Properties])[] = [
  ['REST method', 'AWS::ApiGateway::Method', (fn) => ({ HttpMethod: 'GET', Integration: { Uri: uri(fn) } })],
  ['REST authorizer', 'AWS::ApiGateway::Authorizer', (fn) => ({ Type: 'TOKEN', ...authorizer(uri(fn)) })],
  ['REST API with an OpenAPI body', 'AWS::ApiGateway::RestApi', (fn) => ({ Name: 'shop', Body: openApi(fn) })],
  ['HTTP API with an OpenAPI body', 'AWS::ApiGatewayV2::Api', (fn) => ({ Body: openApi(fn) })],
  ['HTTP API made quickly', 'AWS::ApiGatewayV2::Api', (fn) => ({ Name: 'a', ProtocolType: 'HTTP', Target: fn })],
  [
    'HTTP API integration',
    'AWS::ApiGatewayV2::Integration',
    (fn) => ({ IntegrationType: 'AWS_PROXY', IntegrationUri: fn }),
  ],
  [
    'WebSocket route’s integration',
    'AWS::ApiGatewayV2::Integration',
    (fn) => ({ IntegrationType: 'AWS_PROXY', IntegrationUri: uri(fn) }),
  ],
  [
    'HTTP and WebSocket authorizer',
    'AWS::ApiGatewayV2::Authorizer',
    (fn) => ({ AuthorizerType: 'REQUEST', ...authorizer(uri(fn)) }),
  ],
  ['SQS source', 'AWS::Lambda::EventSourceMapping', source('arn:aws:sqs:eu-west-1:123456789012:orders')],
  ['DynamoDB source', 'AWS::Lambda::EventSourceMapping', source('arn:aws:dynamodb:eu-west-1:1:table/a/stream/b')],
  ['Kinesis source', 'AWS::Lambda::EventSourceMapping', source('arn:aws:kinesis:eu-west-1:1:stream/orders')],
  ['MSK source', 'AWS::Lambda::EventSourceMapping', source('arn:aws:kafka:eu-west-1:1:cluster/a/b')],
  [
    'self-managed Kafka source',
    'AWS::Lambda::EventSourceMapping',
    (fn) => ({
      FunctionName: fn,
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['a:9092'] } },
      Topics: ['orders'],
    }),
  ],
  ['MQ source', 'AWS::Lambda::EventSourceMapping', source('arn:aws:mq:eu-west-1:1:broker:a:b')],
  ['DocumentDB source', 'AWS::Lambda::EventSourceMapping', source('arn:aws:rds:eu-west-1:1:cluster:docs')],
  ['EventBridge rule', 'AWS::Events::Rule', (fn) => ({ Targets: [{ Id: 'a', Arn: fn, Input: '{}' }] })],
  ['EventBridge schedule', 'AWS::Scheduler::Schedule', (fn) => ({ Target: { Arn: fn, RoleArn: { Ref: 'Role' } } })],
  [
    'pipe’s enrichment and target',
    'AWS::Pipes::Pipe',
    (fn) => ({ Source: 'arn:aws:sqs:eu-west-1:1:orders', Enrichment: fn, Target: fn }),
  ],
  [
    'SNS subscription',
    'AWS::SNS::Subscription',
    (fn) => ({ Protocol: 'lambda', Endpoint: fn, TopicArn: { Ref: 'T' } }),
  ],
  [
    'SNS topic’s own subscription',
    'AWS::SNS::Topic',
    (fn) => ({
      Subscription: [
        { Protocol: 'lambda', Endpoint: fn },
        { Protocol: 'email', Endpoint: 'ops@example.com' },
      ],
    }),
  ],
  [
    'S3 notification',
    'AWS::S3::Bucket',
    (fn) => ({ NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: fn }] } }),
  ],
  [
    'S3 Object Lambda access point',
    'AWS::S3ObjectLambda::AccessPoint',
    (fn) => ({
      ObjectLambdaConfiguration: {
        TransformationConfigurations: [
          { Actions: ['GetObject'], ContentTransformation: { AwsLambda: { FunctionArn: fn } } },
        ],
      },
    }),
  ],
  [
    'CloudWatch Logs subscription',
    'AWS::Logs::SubscriptionFilter',
    (fn) => ({ LogGroupName: '/a', FilterPattern: '', DestinationArn: fn }),
  ],
  [
    'CloudWatch Logs account policy',
    'AWS::Logs::AccountPolicy',
    (fn) => ({ PolicyDocument: { 'Fn::Join': ['', ['{"DestinationArn":"', fn, '","FilterPattern":""}']] } }),
  ],
  ['alarm’s action', 'AWS::CloudWatch::Alarm', alarm],
  ['composite alarm’s action', 'AWS::CloudWatch::CompositeAlarm', alarm],
  [
    'IoT rule',
    'AWS::IoT::TopicRule',
    (fn) => ({
      TopicRulePayload: {
        Sql: "SELECT * FROM 'a'",
        Actions: [{ Lambda: { FunctionArn: fn } }],
        ErrorAction: { Lambda: { FunctionArn: fn } },
      },
    }),
  ],
  [
    'AppSync data source',
    'AWS::AppSync::DataSource',
    (fn) => ({ Type: 'AWS_LAMBDA', LambdaConfig: { LambdaFunctionArn: fn } }),
  ],
  [
    'AppSync resolver’s conflict handler',
    'AWS::AppSync::Resolver',
    (fn) => ({ SyncConfig: { LambdaConflictHandlerConfig: { LambdaConflictHandlerArn: fn } } }),
  ],
  [
    'AppSync function’s conflict handler',
    'AWS::AppSync::FunctionConfiguration',
    (fn) => ({ SyncConfig: { LambdaConflictHandlerConfig: { LambdaConflictHandlerArn: fn } } }),
  ],
  [
    'AppSync authorizers',
    'AWS::AppSync::GraphQLApi',
    (fn) => ({
      LambdaAuthorizerConfig: { AuthorizerUri: fn },
      AdditionalAuthenticationProviders: [{ LambdaAuthorizerConfig: { AuthorizerUri: fn } }],
    }),
  ],
  [
    'AppSync event API’s authorizer',
    'AWS::AppSync::Api',
    (fn) => ({ EventConfig: { AuthProviders: [{ LambdaAuthorizerConfig: { AuthorizerUri: fn } }] } }),
  ],
  [
    'Cognito triggers',
    'AWS::Cognito::UserPool',
    (fn) => ({
      LambdaConfig: {
        PreSignUp: fn,
        PostConfirmation: fn,
        PreTokenGeneration: fn,
        PreTokenGenerationConfig: { LambdaArn: fn, LambdaVersion: 'V2_0' },
        CustomSMSSender: { LambdaArn: fn, LambdaVersion: 'V1_0' },
        CustomEmailSender: { LambdaArn: fn, LambdaVersion: 'V1_0' },
        KMSKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] },
      },
    }),
  ],
  ['Cognito Sync trigger', 'AWS::Cognito::IdentityPool', (fn) => ({ CognitoEvents: { SyncTrigger: fn } })],
  ['ALB target', 'AWS::ElasticLoadBalancingV2::TargetGroup', (fn) => ({ TargetType: 'lambda', Targets: [{ Id: fn }] })],
  ['VPC Lattice target', 'AWS::VpcLattice::TargetGroup', (fn) => ({ Type: 'LAMBDA', Targets: [{ Id: fn }] })],
  ['function URL', 'AWS::Lambda::Url', (fn) => ({ AuthType: 'NONE', TargetFunctionArn: fn })],
  [
    'destinations',
    'AWS::Lambda::EventInvokeConfig',
    (fn) => ({
      FunctionName: 'elsewhere',
      Qualifier: '$LATEST',
      DestinationConfig: { OnSuccess: { Destination: fn }, OnFailure: { Destination: fn } },
    }),
  ],
  ['Config rule', 'AWS::Config::ConfigRule', (fn) => ({ Source: { Owner: 'CUSTOM_LAMBDA', SourceIdentifier: fn } })],
  ['Firehose processor', 'AWS::KinesisFirehose::DeliveryStream', processor],
  ['secret’s rotation', 'AWS::SecretsManager::RotationSchedule', (fn) => ({ SecretId: 'a', RotationLambdaARN: fn })],
  [
    'SES receipt rule',
    'AWS::SES::ReceiptRule',
    (fn) => ({ Rule: { Actions: [{ LambdaAction: { FunctionArn: fn } }, { StopAction: { Scope: 'RuleSet' } }] } }),
  ],
  [
    'Bedrock agent',
    'AWS::Bedrock::Agent',
    (fn) => ({
      ActionGroups: [{ ActionGroupName: 'a', ActionGroupExecutor: { Lambda: fn } }],
      PromptOverrideConfiguration: { OverrideLambda: fn, PromptConfigurations: [] },
    }),
  ],
  [
    'Bedrock flow',
    'AWS::Bedrock::Flow',
    (fn) => ({ Definition: { Nodes: [{ Name: 'a', Configuration: { LambdaFunction: { LambdaArn: fn } } }] } }),
  ],
  ['Lex bot', 'AWS::Lex::Bot', (fn) => ({ TestBotAliasSettings: codeHook(fn) })],
  ['Lex bot’s alias', 'AWS::Lex::BotAlias', codeHook],
  [
    'Transfer server and its users',
    'AWS::Transfer::Server',
    (fn) => ({ IdentityProviderType: 'AWS_LAMBDA', IdentityProviderDetails: { Function: fn } }),
  ],
  [
    'Transfer workflow',
    'AWS::Transfer::Workflow',
    (fn) => ({ Steps: [{ Type: 'CUSTOM', CustomStepDetails: { Name: 'a', Target: fn } }] }),
  ],
  [
    'auto scaling group’s termination policy',
    'AWS::AutoScaling::AutoScalingGroup',
    (fn) => ({ TerminationPolicies: [fn, 'Default'] }),
  ],
  [
    'AgentCore gateway’s target',
    'AWS::BedrockAgentCore::GatewayTarget',
    (fn) => ({ TargetConfiguration: { Mcp: { Lambda: { LambdaArn: fn } } } }),
  ],
  ['CloudFormation hook', 'AWS::CloudFormation::LambdaHook', (fn) => ({ LambdaFunction: fn, HookStatus: 'ENABLED' })],
  [
    'state machine, an object',
    'AWS::StepFunctions::StateMachine',
    (fn) => ({
      Definition: {
        StartAt: 'A',
        States: {
          A: { Type: 'Task', Resource: fn, Next: 'B' },
          B: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: fn }, End: true },
        },
      },
    }),
  ],
  [
    'state machine, a text',
    'AWS::StepFunctions::StateMachine',
    (fn) => ({ DefinitionString: { 'Fn::Join': ['', ['{"States":{"A":{"Resource":"', fn, '"}}}']] } }),
  ],
  [
    'state machine, by substitutions',
    'AWS::StepFunctions::StateMachine',
    (fn) => ({ DefinitionString: '{"Resource":"${orders}"}', DefinitionSubstitutions: { orders: fn } }),
  ],
];

describe('a resource as people write it', () => {
  it.each(ROWS)('goes to the alias: %s (%s)', (_, type, properties) => {
    const { place, warnings } = transformed(aResource(type, properties(ATT)));
    expect(place).toEqual(aResource(type, properties(LIVE)));
    expect(warnings).toEqual([]);
  });

  it.each<[string, string, JsonObject]>([
    [
      'a JWT authorizer',
      'AWS::ApiGatewayV2::Authorizer',
      { AuthorizerType: 'JWT', JwtConfiguration: { Issuer: 'https://a' } },
    ],
    ['a Cognito authorizer', 'AWS::ApiGateway::Authorizer', { Type: 'COGNITO_USER_POOLS', ProviderARNs: [ATT, 'b'] }],
    [
      'an integration with HTTP',
      'AWS::ApiGatewayV2::Integration',
      { IntegrationUri: 'https://example.com/shop-orders' },
    ],
    [
      'a WebSocket route',
      'AWS::ApiGatewayV2::Route',
      { Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'I' }]] } },
    ],
    ['an import', 'AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: { 'Fn::ImportValue': 'shop-orders-arn' } }] }],
    [
      'a scaled alias of the user’s',
      'AWS::ApplicationAutoScaling::ScalableTarget',
      { ResourceId: { 'Fn::Sub': 'function:${Fn}:blue' } },
    ],
  ])('is left as it is: %s', (_, type, properties) => {
    expect(transformed(aResource(type, properties)).place).toEqual(aResource(type, properties));
  });

  it.each([...Object.keys(WITHOUT_ALIAS)])('is left as it is, with the reason, if it takes no alias: %s', (type) => {
    const { place, warnings } = transformed(aResource(type, { Stages: [{ FunctionName: ATT }] }));
    expect(place).toEqual(aResource(type, { Stages: [{ FunctionName: ATT }] }));
    expect(warnings).toEqual([
      {
        path: 'Resources.Place.Properties.Stages[0].FunctionName',
        message: expect.stringContaining(`cannot invoke an alias (${WITHOUT_ALIAS[type]})`),
      },
    ]);
  });

  it.each(Object.keys(LEFT_TO_PEOPLE))(
    'is left as it is, with what to do, if nobody says that it takes one: %s',
    (type) => {
      const { place, warnings } = transformed(aResource(type, { Hooks: [{ Target: ATT }] }));
      expect(place).toEqual(aResource(type, { Hooks: [{ Target: ATT }] }));
      expect(warnings).toEqual([
        {
          path: 'Resources.Place.Properties.Hooks[0].Target',
          message: expect.stringContaining(`so it runs the newest code, even during a shift; ${LEFT_TO_PEOPLE[type]}`),
        },
      ]);
    },
  );

  it('leaves data alone that a schedule hands to another function', () => {
    const input = { Target: { Arn: 'arn:aws:lambda:x:1:function:other', Input: { 'Fn::Sub': '{"of":"${Fn.Arn}"}' } } };
    expect(transformed(aResource('AWS::Scheduler::Schedule', input)).place.Properties).toEqual(input);
  });

  it.each<[string, string, JsonObject]>([
    ['the CDK’s retention of logs', 'Custom::LogRetention', { LogGroupName: { 'Fn::Sub': '/aws/lambda/${Fn}' } }],
    [
      'the CDK’s authorizers',
      'AWS::ApiGateway::Authorizer',
      {
        AuthorizerUri: {
          'Fn::Join': [
            '',
            [
              'arn:',
              { 'Fn::Select': [1, { 'Fn::Split': [':', ATT] }] },
              ':apigateway:',
              { 'Fn::Select': [3, { 'Fn::Split': [':', ATT] }] },
              ':lambda:path/2015-03-31/functions/',
              ATT,
              '/invocations',
            ],
          ],
        },
      },
    ],
  ])('gives no false alarm of %s', (_, type, properties) => {
    expect(transformed(aResource(type, properties)).warnings).toEqual([]);
  });

  it('says of a web function that it is left alone', () => {
    const { place, warnings } = transformed(aResource('AWS::Lambda::WebFunction', { FunctionName: 'shop' }));
    expect(place.Properties).toEqual({ FunctionName: 'shop' });
    expect(warnings).toEqual([
      { path: 'Resources.Place', message: expect.stringContaining('its traffic is not shifted') },
    ]);
  });

  it.each([
    ['AWS::Lambda::EventInvokeConfig', {}, { Qualifier: 'live' }],
    ['AWS::Lambda::EventInvokeConfig', { Qualifier: '$LATEST' }, { Qualifier: 'live' }],
    ['AWS::Lambda::EventInvokeConfig', { Qualifier: 'blue' }, { Qualifier: 'blue' }],
    ['AWS::Lambda::Url', { Qualifier: 'blue' }, { Qualifier: 'blue' }],
    ['AWS::Lambda::Url', { Qualifier: 'live' }, { Qualifier: 'live' }],
    [
      'AWS::SSM::MaintenanceWindowTask',
      { TaskInvocationParameters: { MaintenanceWindowLambdaParameters: { Payload: 'e30=' } } },
      { TaskInvocationParameters: { MaintenanceWindowLambdaParameters: { Payload: 'e30=', Qualifier: 'live' } } },
    ],
    [
      'AWS::SSM::MaintenanceWindowTask',
      {},
      { TaskInvocationParameters: { MaintenanceWindowLambdaParameters: { Qualifier: 'live' } } },
    ],
  ] as [string, JsonObject, JsonObject][])(
    'says by a property which alias is meant: %s %j',
    (type, given, expected) => {
      const { path } = QUALIFIED_SITES.find((one) => one.type === type)!;
      const { place, warnings } = transformed(aResource(type, { [path]: ATT, ...given }));
      expect(place.Properties).toEqual({ [path]: ATT, ...expected });
      const told = { path: 'Resources.Place.Properties.Qualifier', message: expect.stringContaining('("blue")') };
      expect(warnings).toEqual(type === 'AWS::Lambda::Url' && given.Qualifier === 'blue' ? [told] : []);
    },
  );
});

/** Every way to write an ARN of the function, or a URI around one. */
const ARNS: Readonly<Record<string, Json>> = {
  'Fn::GetAtt, a list': ATT,
  'Fn::GetAtt, a text': { 'Fn::GetAtt': 'Fn.Arn' },
  'Fn::Sub, one argument': { 'Fn::Sub': '${Fn.Arn}' },
  'Fn::Sub, two arguments': { 'Fn::Sub': ['${A}', { A: ATT }] },
  'Fn::Sub with Ref of the name': { 'Fn::Sub': `${OWN}\${Fn}` },
  'Fn::Sub with the name written out': { 'Fn::Sub': `${OWN}${NAME}` },
  'Fn::Join': {
    'Fn::Join': [':', ['arn:aws:lambda', { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }, 'function', { Ref: 'Fn' }]],
  },
  'Fn::Join in Fn::Join': { 'Fn::Join': ['', [{ 'Fn::Join': ['', [{ 'Fn::Sub': OWN }, { Ref: 'Fn' }]] }]] },
  'Fn::Join with the name cut out of the ARN': {
    'Fn::Join': ['', [{ 'Fn::Sub': OWN }, { 'Fn::Select': [6, { 'Fn::Split': [':', ATT] }] }]],
  },
  'Fn::If': { 'Fn::If': ['Blue', ATT, { 'Fn::Sub': `${OWN}${NAME}` }] },
  'Fn::If in Fn::Join': { 'Fn::Join': ['', [{ 'Fn::If': ['Blue', ATT, { 'Fn::Sub': '${Fn.Arn}' }] }]] },
  'written out': `arn:aws:lambda:${HOME.region}:${HOME.accountId}:function:${NAME}`,
  'a URI by Fn::Sub': { 'Fn::Sub': `${INVOKE}\${Fn.Arn}/invocations` },
  'a URI by Fn::Sub with a variable': { 'Fn::Sub': [`${INVOKE}\${A}/invocations`, { A: ATT }] },
  'a URI by Fn::Join': { 'Fn::Join': ['', [{ 'Fn::Sub': INVOKE }, ATT, '/invocations']] },
};

/** And every way to write its name alone. */
const NAMES: Readonly<Record<string, Json>> = {
  Ref: { Ref: 'Fn' },
  'the name written out': NAME,
  'the name by Fn::Sub': { 'Fn::Sub': '${Fn}' },
  'the name cut out of the ARN': { 'Fn::Select': ['6', { 'Fn::Split': [':', { 'Fn::GetAtt': 'Fn.Arn' }] }] },
};

const places = INVOCATION_SITES.flatMap((site) =>
  Object.entries(site.form === 'name' || site.form === 'substitution' ? { ...ARNS, ...NAMES } : ARNS).map(
    ([spelling, value]) => [site.type, site.path, spelling, value, site] as const,
  ),
);

describe('every place in every spelling', () => {
  it.each(places)('%s %s goes to the alias: %s', (type, path, _, value, site) => {
    const { before, template, place, warnings } = transformed(aResource(type, propertiesWith(site, value)));
    for (const Blue of [true, false]) {
      const meant = resolveValue(before, value, { Blue });
      const means = resolveValue(template, valueAt(place, path)!, { Blue });
      expect(means.replace(/^arn:aws:lambda:[^/]*:function:/, '')).toBe(
        meant.replace(/shop-orders/, '$&:live').replace(/^arn:aws:lambda:[^/]*:function:/, ''),
      );
    }
    expect(warnings).toEqual([]);
  });
});
