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
 *
 * `when` narrows the place to resources in which another property, at a path of the same kind, ends in a text.
 */
export interface InvocationSite {
  readonly type: string;
  readonly path: string;
  readonly form: 'arn' | 'name' | 'document' | 'substitution';
  readonly principal?: string;
  readonly when?: { readonly path: string; readonly ends: string };
}

const sites = (principal: string | undefined, form: InvocationSite['form'], places: Record<string, string[]>) =>
  Object.entries(places).flatMap(([type, paths]) =>
    paths.map((path): InvocationSite => ({ type, path, form, ...(principal === undefined ? {} : { principal }) })),
  );

const LEX_HOOK = 'BotAliasLocaleSettings[].BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn';
const CONFLICT_HANDLER = 'SyncConfig.LambdaConflictHandlerConfig.LambdaConflictHandlerArn';

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
  ...sites('logs.amazonaws.com', 'document', { 'AWS::Logs::AccountPolicy': ['PolicyDocument'] }),
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
    'AWS::AppSync::Api': ['EventConfig.AuthProviders[].LambdaAuthorizerConfig.AuthorizerUri'],
  }),
  ...sites('ses.amazonaws.com', 'arn', {
    'AWS::SES::ReceiptRule': ['Rule.Actions[].LambdaAction.FunctionArn'],
  }),
  ...sites('vpc-lattice.amazonaws.com', 'arn', { 'AWS::VpcLattice::TargetGroup': ['Targets[].Id'] }),
  ...sites('bedrock.amazonaws.com', 'arn', {
    'AWS::Bedrock::Agent': [
      'ActionGroups[].ActionGroupExecutor.Lambda',
      'CustomOrchestration.Executor.Lambda',
      'PromptOverrideConfiguration.OverrideLambda',
    ],
  }),
  ...sites('lexv2.amazonaws.com', 'arn', {
    'AWS::Lex::Bot': [`TestBotAliasSettings.${LEX_HOOK}`],
    'AWS::Lex::BotAlias': [LEX_HOOK],
  }),
  ...sites('transfer.amazonaws.com', 'arn', { 'AWS::Transfer::Server': ['IdentityProviderDetails.Function'] }),
  ...sites('ivschat.amazonaws.com', 'arn', { 'AWS::IVSChat::Room': ['MessageReviewHandler.Uri'] }),
  ...sites('healthlake.amazonaws.com', 'arn', {
    'AWS::HealthLake::FHIRDatastore': ['IdentityProviderConfiguration.IdpLambdaArn'],
  }),
  ...sites('*', 'name', { 'AWS::Lambda::Url': ['TargetFunctionArn'] }),
  ...sites(undefined, 'name', {
    'AWS::Lambda::EventSourceMapping': ['FunctionName'],
    'AWS::CloudFormation::LambdaHook': ['LambdaFunction'],
    'AWS::S3ObjectLambda::AccessPoint': [
      'ObjectLambdaConfiguration.TransformationConfigurations[].ContentTransformation.AwsLambda.FunctionArn',
    ],
  }),
  ...sites(undefined, 'arn', {
    'AWS::Lambda::EventInvokeConfig': [
      'DestinationConfig.OnSuccess.Destination',
      'DestinationConfig.OnFailure.Destination',
    ],
    // Scales the provisioned concurrency of an alias: `function:<name>:<alias>`.
    'AWS::ApplicationAutoScaling::ScalableTarget': ['ResourceId'],
    'AWS::Scheduler::Schedule': ['Target.Arn'],
    // Both take "the Lambda function version in the Lambda function ARN", and have a role.
    'AWS::KinesisAnalytics::Application': ['Inputs[].InputProcessingConfiguration.InputLambdaProcessor.ResourceARN'],
    'AWS::KinesisAnalytics::ApplicationOutput': ['Output.LambdaOutput.ResourceARN'],
    'AWS::KinesisAnalyticsV2::Application': [
      'ApplicationConfiguration.SqlApplicationConfiguration.Inputs[].InputProcessingConfiguration.InputLambdaProcessor.ResourceARN',
    ],
    'AWS::KinesisAnalyticsV2::ApplicationOutput': ['Output.LambdaOutput.ResourceARN'],
    'AWS::Pipes::Pipe': ['Target', 'Enrichment'],
    'AWS::AppSync::DataSource': ['LambdaConfig.LambdaFunctionArn'],
    'AWS::AppSync::Resolver': [CONFLICT_HANDLER],
    'AWS::AppSync::FunctionConfiguration': [CONFLICT_HANDLER],
    'AWS::KinesisFirehose::DeliveryStream': ['*.ProcessingConfiguration.Processors[].Parameters[].ParameterValue'],
    'AWS::AutoScaling::AutoScalingGroup': ['TerminationPolicies[]'],
    'AWS::Bedrock::Flow': ['Definition.Nodes[].Configuration.LambdaFunction.LambdaArn'],
    'AWS::Bedrock::DataSource': [
      'VectorIngestionConfiguration.CustomTransformationConfiguration.Transformations[].TransformationFunction.TransformationLambdaConfiguration.LambdaArn',
    ],
    'AWS::BedrockAgentCore::Gateway': ['InterceptorConfigurations[].Interceptor.Lambda.Arn'],
    'AWS::BedrockAgentCore::GatewayTarget': ['TargetConfiguration.Mcp.Lambda.LambdaArn'],
    'AWS::RefactorSpaces::Service': ['LambdaEndpoint.Arn'],
    'AWS::Transfer::Workflow': ['Steps[].CustomStepDetails.Target', 'OnExceptionSteps[].CustomStepDetails.Target'],
  }),
  ...sites(undefined, 'substitution', {
    'AWS::StepFunctions::StateMachine': ['DefinitionSubstitutions.*'],
    'AWS::Bedrock::Flow': ['DefinitionSubstitutions.*'],
  }),
  ...sites(undefined, 'document', {
    'AWS::StepFunctions::StateMachine': ['DefinitionString', 'Definition'],
    'AWS::Bedrock::Flow': ['DefinitionString'],
  }),
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
  {
    type: 'AWS::Scheduler::Schedule',
    path: 'Target.Input',
    form: 'document',
    when: { path: 'Target.Arn', ends: ':aws-sdk:lambda:invoke' },
  },
];

/**
 * Resource types that name the function in one property and say in another which version or alias of it is meant. Only
 * a missing qualifier or one of `replaceable` is changed: any other was chosen by the user.
 */
export interface QualifiedSite {
  readonly type: string;
  readonly path: string;
  /** Path of the qualifier; objects on the way are made if they are missing. */
  readonly qualifier: string;
  readonly replaceable: readonly string[];
  /** Whether it invokes the function (rather than say how it is invoked). */
  readonly invokes: boolean;
  /** Who needs a Lambda permission for it, as of an `InvocationSite`. */
  readonly principal?: string;
  /** Whether the type may also name the alias in `path`: then it is a site of this kind only with a qualifier. */
  readonly onlyIfWritten?: boolean;
}

export const QUALIFIED_SITES: readonly QualifiedSite[] = [
  // Configurations of asynchronous invocation belong to one alias; the framework writes them for `$LATEST`.
  {
    type: 'AWS::Lambda::EventInvokeConfig',
    path: 'FunctionName',
    qualifier: 'Qualifier',
    replaceable: ['$LATEST'],
    invokes: false,
  },
  {
    type: 'AWS::SSM::MaintenanceWindowTask',
    path: 'TaskArn',
    qualifier: 'TaskInvocationParameters.MaintenanceWindowLambdaParameters.Qualifier',
    replaceable: ['$LATEST'],
    invokes: true,
  },
  // Lambda refuses a qualifier beside an ARN that has another one.
  {
    type: 'AWS::Lambda::Url',
    path: 'TargetFunctionArn',
    qualifier: 'Qualifier',
    replaceable: [],
    invokes: true,
    principal: '*',
    onlyIfWritten: true,
  },
];

/** Resource types that invoke a function by its plain name or ARN only, each with what stands in an alias's way. */
export const WITHOUT_ALIAS: Readonly<Record<string, string>> = {
  'AWS::CodePipeline::Pipeline': 'an action names its function by the plain name',
  'AWS::IoTAnalytics::Pipeline': 'an activity names its function by the plain name',
  'AWS::IoTTwinMaker::ComponentType': 'it takes no ARN of an alias',
  'AWS::Kendra::DataSource': 'it takes no ARN of an alias',
  'AWS::QBusiness::DataSource': 'it takes no ARN of an alias',
};

/**
 * Resource types that invoke a function and of which AWS does not say that they take an alias, or that need more for it
 * than another ARN, each with what a person can do.
 */
export const LEFT_TO_PEOPLE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'AWS::AppConfig::Extension',
      'AWS::Athena::DataCatalog',
      'AWS::CloudFormation::Macro',
      'AWS::ECS::Service',
      'AWS::IoT::Authorizer',
      'AWS::IoT::ProvisioningTemplate',
    ].map((type) => [type, 'AWS does not say whether it takes an alias; try one']),
  ),
  // aws.amazon.com/blogs/contact-center/invoke-an-aws-lambda-function-alias-from-amazon-connect
  ...Object.fromEntries(
    ['AWS::Connect::IntegrationAssociation', 'AWS::Connect::ContactFlow', 'AWS::Connect::ContactFlowModule'].map(
      (type) => [type, 'a flow may invoke an alias that has a permission for the instance of Connect'],
    ),
  ),
  // docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html
  'AWS::SSM::Document': 'a step takes the alias as "Qualifier" beside "FunctionName"',
};
