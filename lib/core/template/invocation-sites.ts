/**
 * A place of a resource type that invokes a function.
 *
 * `path` is in the resource's Properties: `.` goes into a property, `[]` into each element of a list, `*` into each
 * property; an Fn::If on the way is followed on both branches.
 *
 * `form` says what stands there: `arn` an ARN or a URI around one, `name` an ARN or a function name, `document` a
 * JSON document (object, or text) with ARNs somewhere within, `substitution` an ARN or a name that is put into one.
 *
 * `principal` is who needs a Lambda permission for it; none if the invoker has a role of its own.
 */
export interface InvocationSite {
  readonly type: string;
  readonly path: string;
  readonly form: 'arn' | 'name' | 'document' | 'substitution';
  readonly principal?: string;
}

const sites = (principal: string | undefined, form: InvocationSite['form'], places: Record<string, string[]>) =>
  Object.entries(places).flatMap(([type, paths]) =>
    paths.map((path): InvocationSite => ({ type, path, form, ...(principal === undefined ? {} : { principal }) })),
  );

/** Every place that invokes a function by its ARN or name, each a property path of a resource type. */
export const INVOCATION_SITES: readonly InvocationSite[] = [
  ...sites('apigateway.amazonaws.com', 'arn', {
    'AWS::ApiGateway::Method': ['Integration.Uri'],
    'AWS::ApiGateway::Authorizer': ['AuthorizerUri'],
    'AWS::ApiGatewayV2::Api': ['Target'],
    'AWS::ApiGatewayV2::Integration': ['IntegrationUri'],
    'AWS::ApiGatewayV2::Authorizer': ['AuthorizerUri'],
  }),
  ...sites('apigateway.amazonaws.com', 'document', {
    'AWS::ApiGateway::RestApi': ['Body'],
    'AWS::ApiGatewayV2::Api': ['Body'],
  }),
  ...sites('events.amazonaws.com', 'arn', { 'AWS::Events::Rule': ['Targets[].Arn'] }),
  ...sites('sns.amazonaws.com', 'arn', {
    'AWS::SNS::Subscription': ['Endpoint'],
    'AWS::SNS::Topic': ['Subscription[].Endpoint'],
  }),
  ...sites('s3.amazonaws.com', 'arn', {
    'AWS::S3::Bucket': ['NotificationConfiguration.LambdaConfigurations[].Function'],
  }),
  ...sites('logs.amazonaws.com', 'arn', { 'AWS::Logs::SubscriptionFilter': ['DestinationArn'] }),
  ...sites('iot.amazonaws.com', 'arn', {
    'AWS::IoT::TopicRule': [
      'TopicRulePayload.Actions[].Lambda.FunctionArn',
      'TopicRulePayload.ErrorAction.Lambda.FunctionArn',
    ],
  }),
  ...sites('cognito-idp.amazonaws.com', 'arn', {
    'AWS::Cognito::UserPool': ['LambdaConfig.*', 'LambdaConfig.*.LambdaArn'],
  }),
  ...sites('cognito-sync.amazonaws.com', 'arn', { 'AWS::Cognito::IdentityPool': ['CognitoEvents.*'] }),
  ...sites('elasticloadbalancing.amazonaws.com', 'arn', {
    'AWS::ElasticLoadBalancingV2::TargetGroup': ['Targets[].Id'],
  }),
  ...sites('lambda.alarms.cloudwatch.amazonaws.com', 'arn', {
    'AWS::CloudWatch::Alarm': ['AlarmActions[]', 'OKActions[]', 'InsufficientDataActions[]'],
    'AWS::CloudWatch::CompositeAlarm': ['AlarmActions[]', 'OKActions[]', 'InsufficientDataActions[]'],
  }),
  ...sites('config.amazonaws.com', 'arn', { 'AWS::Config::ConfigRule': ['Source.SourceIdentifier'] }),
  ...sites('secretsmanager.amazonaws.com', 'arn', {
    'AWS::SecretsManager::RotationSchedule': ['RotationLambdaARN'],
  }),
  ...sites('appsync.amazonaws.com', 'arn', {
    'AWS::AppSync::GraphQLApi': [
      'LambdaAuthorizerConfig.AuthorizerUri',
      'AdditionalAuthenticationProviders[].LambdaAuthorizerConfig.AuthorizerUri',
    ],
  }),
  ...sites('ses.amazonaws.com', 'arn', {
    'AWS::SES::ReceiptRule': ['Rule.Actions[].LambdaAction.FunctionArn'],
  }),
  ...sites('*', 'name', { 'AWS::Lambda::Url': ['TargetFunctionArn'] }),
  ...sites(undefined, 'name', { 'AWS::Lambda::EventSourceMapping': ['FunctionName'] }),
  ...sites(undefined, 'arn', {
    'AWS::Lambda::EventInvokeConfig': [
      'DestinationConfig.OnSuccess.Destination',
      'DestinationConfig.OnFailure.Destination',
    ],
    // Scales the provisioned concurrency of an alias: `function:<name>:<alias>`.
    'AWS::ApplicationAutoScaling::ScalableTarget': ['ResourceId'],
    'AWS::Scheduler::Schedule': ['Target.Arn'],
    'AWS::Pipes::Pipe': ['Target', 'Enrichment'],
    'AWS::AppSync::DataSource': ['LambdaConfig.LambdaFunctionArn'],
    'AWS::KinesisFirehose::DeliveryStream': ['*.ProcessingConfiguration.Processors[].Parameters[].ParameterValue'],
  }),
  ...sites(undefined, 'substitution', { 'AWS::StepFunctions::StateMachine': ['DefinitionSubstitutions.*'] }),
  ...sites(undefined, 'document', { 'AWS::StepFunctions::StateMachine': ['DefinitionString', 'Definition'] }),
];

/**
 * Resource types that name the function in one property and say in another which version or alias of it is meant. Only a
 * missing qualifier or one of `replaceable` is changed: any other was chosen by the user.
 */
export interface QualifiedSite {
  readonly type: string;
  readonly path: string;
  readonly qualifier: string;
  readonly replaceable: readonly string[];
}

/** Configurations of asynchronous invocation belong to one alias; the framework writes them for `$LATEST`. */
export const QUALIFIED_SITES: readonly QualifiedSite[] = [
  {
    type: 'AWS::Lambda::EventInvokeConfig',
    path: 'FunctionName',
    qualifier: 'Qualifier',
    replaceable: ['$LATEST'],
  },
];
