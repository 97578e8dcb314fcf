"""The calls with which CloudFormation makes, changes and deletes resources, and what they are about.

Which actions a resource type's handlers call is from the types' schemas in CloudFormation's registry
(`handlers.create.permissions` and so on; docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html),
what an action is about from the Service Authorization Reference. The schemas list every action that a handler may call:
here are those that it cannot do without, and those that a property needs. test/local/calls-of-resources.test.ts asks
both sources.

CALLS: per type what it is about, and the actions that create, update and delete it. `~` is the region and the account,
`{Name}` a property, `{!Name}` one that CloudFormation makes up if it is not given, `{!}` an id that the service gives.
What nobody knows yet is `*`: the service judges such a creation on all of them. POST is about the collection.

MORE: per type and property the actions that creating with it, changing it, removing it, and deleting a resource that has
it need besides; `-` is none. An update that changes only such properties does not need the type's own action.
"""

from typing import NamedTuple

CALLS = {
    "AWS::ApiGateway::Account": "apigateway:{region}::/account | PATCH | PATCH | -",
    "AWS::ApiGateway::ApiKey": "apigateway:{region}::/apikeys/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::Authorizer":
        "apigateway:{region}::/restapis/{RestApiId}/authorizers/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::BasePathMapping":
        "apigateway:{region}::/domainnames/{DomainName}/basepathmappings/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::Deployment":
        "apigateway:{region}::/restapis/{RestApiId}/deployments/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::DocumentationPart":
        "apigateway:{region}::/restapis/{RestApiId}/documentation/parts/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::DocumentationVersion":
        "apigateway:{region}::/restapis/{RestApiId}/documentation/versions/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::DomainName": "apigateway:{region}::/domainnames/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::GatewayResponse":
        "apigateway:{region}::/restapis/{RestApiId}/gatewayresponses/{ResponseType} | PUT | PUT | DELETE",
    "AWS::ApiGateway::Method":
        "apigateway:{region}::/restapis/{RestApiId}/resources/{ResourceId}/methods/{HttpMethod} | PUT | PUT | DELETE",
    "AWS::ApiGateway::Model": "apigateway:{region}::/restapis/{RestApiId}/models/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::RequestValidator":
        "apigateway:{region}::/restapis/{RestApiId}/requestvalidators/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::Resource": "apigateway:{region}::/restapis/{RestApiId}/resources/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::RestApi": "apigateway:{region}::/restapis/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::Stage": "apigateway:{region}::/restapis/{RestApiId}/stages/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::UsagePlan": "apigateway:{region}::/usageplans/{!} | POST | PATCH | DELETE",
    "AWS::ApiGateway::UsagePlanKey": "apigateway:{region}::/usageplans/{UsagePlanId}/keys/{!} | POST | - | DELETE",
    "AWS::ApiGatewayV2::Api": "apigateway:{region}::/apis/{!} | POST | PATCH | DELETE",
    "AWS::ApiGatewayV2::ApiMapping":
        "apigateway:{region}::/domainnames/{DomainName}/apimappings/{!} | POST | PATCH | DELETE",
    "AWS::ApiGatewayV2::Authorizer": "apigateway:{region}::/apis/{ApiId}/authorizers/{!} | POST | PATCH | DELETE",
    "AWS::ApiGatewayV2::Deployment": "apigateway:{region}::/apis/{ApiId}/deployments/{!} | POST | PATCH | DELETE",
    "AWS::ApiGatewayV2::DomainName": "apigateway:{region}::/domainnames/{!} | POST | PATCH | DELETE",
    "AWS::ApiGatewayV2::Integration": "apigateway:{region}::/apis/{ApiId}/integrations/{!} | POST | PATCH | DELETE",
    "AWS::ApiGatewayV2::Route": "apigateway:{region}::/apis/{ApiId}/routes/{!} | POST | PATCH | DELETE",
    "AWS::ApiGatewayV2::Stage": "apigateway:{region}::/apis/{ApiId}/stages/{!} | POST | PATCH | DELETE",
    "AWS::AppConfig::Application": "appconfig:~:application/{!} | CreateApplication | UpdateApplication | DeleteApplication",
    "AWS::AppConfig::ConfigurationProfile":
        "appconfig:~:application/{ApplicationId} | CreateConfigurationProfile | UpdateConfigurationProfile | "
        "DeleteConfigurationProfile",
    "AWS::AppConfig::Deployment": "appconfig:~:application/{ApplicationId} | StartDeployment | - | -",
    "AWS::AppConfig::DeploymentStrategy":
        "appconfig:~:deploymentstrategy/{!} | CreateDeploymentStrategy | UpdateDeploymentStrategy | DeleteDeploymentStrategy",
    "AWS::AppConfig::Environment":
        "appconfig:~:application/{ApplicationId} | CreateEnvironment | UpdateEnvironment | DeleteEnvironment",
    "AWS::AppConfig::HostedConfigurationVersion":
        "appconfig:~:application/{ApplicationId} | CreateHostedConfigurationVersion | - | DeleteHostedConfigurationVersion",
    "AWS::AppSync::ApiKey": "appsync:~:apis/{ApiId} | CreateApiKey | UpdateApiKey | DeleteApiKey",
    "AWS::AppSync::DataSource": "appsync:~:apis/{ApiId} | CreateDataSource | UpdateDataSource | DeleteDataSource",
    "AWS::AppSync::FunctionConfiguration": "appsync:~:apis/{ApiId} | CreateFunction | UpdateFunction | DeleteFunction",
    "AWS::AppSync::GraphQLApi": "appsync:~:apis/{!} | CreateGraphqlApi | UpdateGraphqlApi | DeleteGraphqlApi",
    "AWS::AppSync::GraphQLSchema": "appsync:~:apis/{ApiId} | StartSchemaCreation | - | -",
    "AWS::AppSync::Resolver": "appsync:~:apis/{ApiId} | CreateResolver | UpdateResolver | DeleteResolver",
    "AWS::Athena::WorkGroup": "athena:~:workgroup/{!Name} | CreateWorkGroup | UpdateWorkGroup | DeleteWorkGroup",
    "AWS::CertificateManager::Certificate":
        "acm:~:certificate/{!} | RequestCertificate | UpdateCertificateOptions | DeleteCertificate",
    "AWS::CloudFormation::Stack":
        "cloudformation:~:stack/{!StackName}/* | CreateStack DescribeStacks | UpdateStack DescribeStacks | "
        "DeleteStack DescribeStacks",
    "AWS::CloudFront::CachePolicy":
        "cloudfront::{account}:cache-policy/{!} | CreateCachePolicy | UpdateCachePolicy | DeleteCachePolicy",
    "AWS::CloudFront::Distribution":
        "cloudfront::{account}:distribution/{!} | CreateDistribution | UpdateDistribution | DeleteDistribution",
    "AWS::CloudFront::Function": "cloudfront::{account}:function/{!Name} | CreateFunction | UpdateFunction | DeleteFunction",
    "AWS::CloudFront::OriginAccessControl":
        "cloudfront::{account}:origin-access-control/{!} | CreateOriginAccessControl | UpdateOriginAccessControl | "
        "DeleteOriginAccessControl",
    "AWS::CloudWatch::Alarm": "cloudwatch:~:alarm:{!AlarmName} | PutMetricAlarm | PutMetricAlarm | DeleteAlarms",
    "AWS::CloudWatch::Dashboard":
        "cloudwatch::{account}:dashboard/{!DashboardName} | PutDashboard | PutDashboard | DeleteDashboards",
    "AWS::CodeBuild::Project": "codebuild:~:project/{!Name} | CreateProject | UpdateProject | DeleteProject",
    "AWS::Cognito::IdentityPool":
        "cognito-identity:~:identitypool/{!} | CreateIdentityPool | UpdateIdentityPool | DeleteIdentityPool",
    "AWS::Cognito::IdentityPoolRoleAttachment":
        "cognito-identity:~:identitypool/{IdentityPoolId} | SetIdentityPoolRoles | SetIdentityPoolRoles | "
        "SetIdentityPoolRoles",
    "AWS::Cognito::UserPool": "cognito-idp:~:userpool/{!} | CreateUserPool | UpdateUserPool | DeleteUserPool",
    "AWS::Cognito::UserPoolClient":
        "cognito-idp:~:userpool/{UserPoolId} | CreateUserPoolClient | UpdateUserPoolClient | DeleteUserPoolClient",
    "AWS::Cognito::UserPoolDomain":
        "cognito-idp:~:userpool/{UserPoolId} | CreateUserPoolDomain | UpdateUserPoolDomain | DeleteUserPoolDomain",
    "AWS::Cognito::UserPoolGroup": "cognito-idp:~:userpool/{UserPoolId} | CreateGroup | UpdateGroup | DeleteGroup",
    "AWS::Cognito::UserPoolResourceServer":
        "cognito-idp:~:userpool/{UserPoolId} | CreateResourceServer | UpdateResourceServer | DeleteResourceServer",
    "AWS::DynamoDB::GlobalTable": "dynamodb:~:table/{!TableName} | CreateTable | UpdateTable | DeleteTable",
    "AWS::DynamoDB::Table": "dynamodb:~:table/{!TableName} | CreateTable DescribeTable | UpdateTable | DeleteTable",
    "AWS::EC2::InternetGateway": "ec2:~:internet-gateway/{!} | CreateInternetGateway | - | DeleteInternetGateway",
    "AWS::EC2::Route": "ec2:~:route-table/{RouteTableId} | CreateRoute | ReplaceRoute | DeleteRoute",
    "AWS::EC2::RouteTable": "ec2:~:route-table/{!} | CreateRouteTable | - | DeleteRouteTable",
    "AWS::EC2::SecurityGroup": "ec2:~:security-group/{!} | CreateSecurityGroup | - | DeleteSecurityGroup",
    "AWS::EC2::Subnet": "ec2:~:subnet/{!} | CreateSubnet | ModifySubnetAttribute | DeleteSubnet",
    "AWS::EC2::SubnetRouteTableAssociation":
        "ec2:~:route-table/{RouteTableId} | AssociateRouteTable | - | DisassociateRouteTable",
    "AWS::EC2::VPC": "ec2:~:vpc/{!} | CreateVpc | ModifyVpcAttribute | DeleteVpc",
    "AWS::EC2::VPCEndpoint": "ec2:~:vpc-endpoint/{!} | CreateVpcEndpoint | ModifyVpcEndpoint | DeleteVpcEndpoints",
    "AWS::ECR::Repository":
        "ecr:~:repository/{!RepositoryName} | CreateRepository | DescribeRepositories | DeleteRepository",
    "AWS::ECS::Cluster": "ecs:~:cluster/{!ClusterName} | CreateCluster | UpdateCluster | DeleteCluster",
    "AWS::ECS::Service": "ecs:~:service/{Cluster}/{!ServiceName} | CreateService | UpdateService | DeleteService",
    "AWS::ECS::TaskDefinition":
        "ecs:~:task-definition/{!Family}:* | RegisterTaskDefinition | - | DeregisterTaskDefinition",
    "AWS::Events::EventBus": "events:~:event-bus/{!Name} | CreateEventBus DescribeEventBus | UpdateEventBus | DeleteEventBus",
    "AWS::Events::Rule":
        "events:~:rule/{!Name} | PutRule DescribeRule | PutRule DescribeRule | DeleteRule DescribeRule",
    "AWS::IAM::InstanceProfile":
        "iam::{account}:instance-profile{Path}{!InstanceProfileName} | CreateInstanceProfile | - | DeleteInstanceProfile",
    "AWS::IAM::ManagedPolicy":
        "iam::{account}:policy{Path}{!ManagedPolicyName} | CreatePolicy | CreatePolicyVersion | DeletePolicy",
    "AWS::IAM::Policy": "- | - | - | -",
    "AWS::IAM::Role": "iam::{account}:role{Path}{!RoleName} | CreateRole GetRole | - | DeleteRole GetRole",
    "AWS::IAM::User": "iam::{account}:user{Path}{!UserName} | CreateUser GetUser | - | DeleteUser GetUser",
    "AWS::IoT::Thing": "iot:~:thing/{!ThingName} | CreateThing | UpdateThing | DeleteThing",
    "AWS::IoT::TopicRule": "iot:~:rule/{!RuleName} | CreateTopicRule | ReplaceTopicRule | DeleteTopicRule",
    "AWS::KMS::Alias": "kms:~:alias/{AliasName} | CreateAlias | UpdateAlias | DeleteAlias",
    "AWS::KMS::Key": "kms:~:key/{!} | CreateKey | DescribeKey | ScheduleKeyDeletion",
    "AWS::Kinesis::Stream":
        "kinesis:~:stream/{!Name} | CreateStream DescribeStreamSummary | DescribeStreamSummary | "
        "DeleteStream DescribeStreamSummary",
    "AWS::KinesisFirehose::DeliveryStream":
        "firehose:~:deliverystream/{!DeliveryStreamName} | CreateDeliveryStream DescribeDeliveryStream | "
        "UpdateDestination DescribeDeliveryStream | DeleteDeliveryStream DescribeDeliveryStream",
    "AWS::Lambda::Alias": "lambda:~:function:{FunctionName} | CreateAlias | UpdateAlias | DeleteAlias",
    "AWS::Lambda::EventInvokeConfig":
        "lambda:~:function:{FunctionName} | PutFunctionEventInvokeConfig | UpdateFunctionEventInvokeConfig | "
        "DeleteFunctionEventInvokeConfig",
    "AWS::Lambda::EventSourceMapping":
        "lambda:~:event-source-mapping:{!} | CreateEventSourceMapping | UpdateEventSourceMapping | DeleteEventSourceMapping",
    "AWS::Lambda::Function":
        "lambda:~:function:{!FunctionName} | CreateFunction GetFunction | UpdateFunctionConfiguration GetFunction | "
        "DeleteFunction GetFunction",
    "AWS::Lambda::LayerVersion": "lambda:~:layer:{!LayerName} | PublishLayerVersion | - | DeleteLayerVersion",
    "AWS::Lambda::LayerVersionPermission":
        "{LayerVersionArn} | AddLayerVersionPermission | - | RemoveLayerVersionPermission",
    "AWS::Lambda::Permission": "lambda:~:function:{FunctionName} | AddPermission | - | RemovePermission",
    "AWS::Lambda::Url":
        "lambda:~:function:{TargetFunctionArn} | CreateFunctionUrlConfig | UpdateFunctionUrlConfig | "
        "DeleteFunctionUrlConfig",
    "AWS::Lambda::Version": "lambda:~:function:{FunctionName} | PublishVersion | - | DeleteFunction",
    "AWS::Logs::LogGroup": "logs:~:log-group:{!LogGroupName}:log-stream: | CreateLogGroup | - | DeleteLogGroup",
    "AWS::Logs::LogStream":
        "logs:~:log-group:{LogGroupName}:log-stream:{!LogStreamName} | CreateLogStream | - | DeleteLogStream",
    "AWS::Logs::MetricFilter":
        "logs:~:log-group:{LogGroupName}:log-stream: | PutMetricFilter | PutMetricFilter | DeleteMetricFilter",
    "AWS::Logs::ResourcePolicy": "* | PutResourcePolicy | PutResourcePolicy | DeleteResourcePolicy",
    "AWS::Logs::SubscriptionFilter":
        "logs:~:log-group:{LogGroupName}:log-stream: | PutSubscriptionFilter | PutSubscriptionFilter | "
        "DeleteSubscriptionFilter",
    "AWS::Pipes::Pipe": "pipes:~:pipe/{!Name} | CreatePipe DescribePipe | UpdatePipe DescribePipe | DeletePipe DescribePipe",
    "AWS::Route53::HostedZone":
        "route53:::hostedzone/{!} | CreateHostedZone | UpdateHostedZoneComment | DeleteHostedZone",
    "AWS::Route53::RecordSet":
        "route53:::hostedzone/{HostedZoneId} | ChangeResourceRecordSets | ChangeResourceRecordSets | "
        "ChangeResourceRecordSets",
    "AWS::S3::AccessPoint": "s3:~:accesspoint/{!Name} | CreateAccessPoint | - | DeleteAccessPoint",
    "AWS::S3::Bucket": "s3:::{!BucketName} | CreateBucket | - | DeleteBucket",
    "AWS::S3::BucketPolicy": "s3:::{Bucket} | PutBucketPolicy | PutBucketPolicy | DeleteBucketPolicy",
    "AWS::SNS::Subscription": "sns:~:{TopicArn} | Subscribe | SetSubscriptionAttributes | Unsubscribe",
    "AWS::SNS::Topic":
        "sns:~:{!TopicName} | CreateTopic GetTopicAttributes | SetTopicAttributes GetTopicAttributes | "
        "DeleteTopic GetTopicAttributes",
    "AWS::SNS::TopicPolicy": "- | - | - | -",
    "AWS::SQS::Queue":
        "sqs:~:{!QueueName} | CreateQueue GetQueueAttributes | SetQueueAttributes GetQueueAttributes | "
        "DeleteQueue GetQueueAttributes",
    "AWS::SQS::QueuePolicy": "- | - | - | -",
    "AWS::SSM::Parameter": "ssm:~:parameter/{!Name} | PutParameter | PutParameter | DeleteParameter",
    "AWS::Scheduler::Schedule":
        "scheduler:~:schedule/{GroupName}/{!Name} | CreateSchedule GetSchedule | UpdateSchedule GetSchedule | "
        "DeleteSchedule GetSchedule",
    "AWS::Scheduler::ScheduleGroup":
        "scheduler:~:schedule-group/{!Name} | CreateScheduleGroup | - | DeleteScheduleGroup",
    "AWS::SecretsManager::Secret": "secretsmanager:~:secret:{!Name} | CreateSecret | UpdateSecret | DeleteSecret",
    "AWS::SecretsManager::SecretTargetAttachment":
        "secretsmanager:~:secret:{SecretId} | PutSecretValue | PutSecretValue | PutSecretValue",
    "AWS::StepFunctions::StateMachine":
        "states:~:stateMachine:{!StateMachineName} | CreateStateMachine DescribeStateMachine | UpdateStateMachine | "
        "DeleteStateMachine DescribeStateMachine",
}

MORE = {
    "AWS::CloudWatch::Alarm": {"Tags": "TagResource TagResource UntagResource -"},
    "AWS::DynamoDB::Table": {
        "KinesisStreamSpecification":
            "EnableKinesisStreamingDestination EnableKinesisStreamingDestination DisableKinesisStreamingDestination -",
        "PointInTimeRecoverySpecification": "UpdateContinuousBackups UpdateContinuousBackups UpdateContinuousBackups -",
        "ResourcePolicy": "PutResourcePolicy PutResourcePolicy DeleteResourcePolicy -",
        "Tags": "TagResource TagResource UntagResource -",
        "TimeToLiveSpecification": "UpdateTimeToLive UpdateTimeToLive UpdateTimeToLive -",
    },
    "AWS::ECR::Repository": {
        "LifecyclePolicy": "PutLifecyclePolicy PutLifecyclePolicy DeleteLifecyclePolicy -",
        "RepositoryPolicyText": "SetRepositoryPolicy SetRepositoryPolicy DeleteRepositoryPolicy -",
        "Tags": "TagResource TagResource UntagResource -",
    },
    "AWS::Events::Rule": {
        "Tags": "TagResource TagResource UntagResource -",
        "Targets": "PutTargets PutTargets RemoveTargets RemoveTargets",
    },
    "AWS::IAM::InstanceProfile": {
        "Roles": "AddRoleToInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile "
                 "RemoveRoleFromInstanceProfile",
    },
    "AWS::IAM::Role": {
        "AssumeRolePolicyDocument": "- UpdateAssumeRolePolicy - -",
        "Description": "- UpdateRole UpdateRole -",
        "ManagedPolicyArns": "AttachRolePolicy AttachRolePolicy DetachRolePolicy DetachRolePolicy",
        "MaxSessionDuration": "- UpdateRole UpdateRole -",
        "PermissionsBoundary": "- PutRolePermissionsBoundary DeleteRolePermissionsBoundary -",
        "Policies": "PutRolePolicy PutRolePolicy DeleteRolePolicy DeleteRolePolicy",
        "Tags": "TagRole TagRole UntagRole -",
    },
    "AWS::IAM::User": {
        "ManagedPolicyArns": "AttachUserPolicy AttachUserPolicy DetachUserPolicy DetachUserPolicy",
        "PermissionsBoundary": "- PutUserPermissionsBoundary DeleteUserPermissionsBoundary -",
        "Policies": "PutUserPolicy PutUserPolicy DeleteUserPolicy DeleteUserPolicy",
        "Tags": "TagUser TagUser UntagUser -",
    },
    "AWS::KMS::Key": {
        "EnableKeyRotation": "EnableKeyRotation EnableKeyRotation DisableKeyRotation -",
        "KeyPolicy": "- PutKeyPolicy - -",
        "Tags": "TagResource TagResource UntagResource -",
    },
    "AWS::Lambda::Alias": {
        "ProvisionedConcurrencyConfig":
            "PutProvisionedConcurrencyConfig PutProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig -",
    },
    "AWS::Lambda::EventSourceMapping": {"Tags": "TagResource TagResource UntagResource -"},
    "AWS::Lambda::Function": {
        "Code": "- UpdateFunctionCode - -",
        "RecursiveLoop": "PutFunctionRecursionConfig PutFunctionRecursionConfig PutFunctionRecursionConfig -",
        "ReservedConcurrentExecutions": "PutFunctionConcurrency PutFunctionConcurrency DeleteFunctionConcurrency -",
        "RuntimeManagementConfig": "PutRuntimeManagementConfig PutRuntimeManagementConfig PutRuntimeManagementConfig -",
        "Tags": "TagResource TagResource UntagResource -",
    },
    "AWS::Logs::LogGroup": {
        "DataProtectionPolicy": "PutDataProtectionPolicy PutDataProtectionPolicy - DeleteDataProtectionPolicy",
        "KmsKeyId": "- AssociateKmsKey DisassociateKmsKey -",
        "RetentionInDays": "PutRetentionPolicy PutRetentionPolicy DeleteRetentionPolicy -",
        "Tags": "TagResource TagResource UntagResource -",
    },
    "AWS::Pipes::Pipe": {"Tags": "TagResource TagResource UntagResource -"},
    "AWS::S3::Bucket": {
        "BucketEncryption": "PutEncryptionConfiguration PutEncryptionConfiguration PutEncryptionConfiguration -",
        "CorsConfiguration": "PutBucketCORS PutBucketCORS PutBucketCORS -",
        "LifecycleConfiguration": "PutLifecycleConfiguration PutLifecycleConfiguration PutLifecycleConfiguration -",
        "LoggingConfiguration": "PutBucketLogging PutBucketLogging PutBucketLogging -",
        "NotificationConfiguration": "PutBucketNotification PutBucketNotification PutBucketNotification -",
        "ObjectLockConfiguration":
            "PutBucketObjectLockConfiguration PutBucketObjectLockConfiguration - -",
        "OwnershipControls": "PutBucketOwnershipControls PutBucketOwnershipControls PutBucketOwnershipControls -",
        "PublicAccessBlockConfiguration":
            "PutBucketPublicAccessBlock PutBucketPublicAccessBlock PutBucketPublicAccessBlock -",
        "ReplicationConfiguration": "PutReplicationConfiguration PutReplicationConfiguration PutReplicationConfiguration -",
        "Tags": "PutBucketTagging PutBucketTagging PutBucketTagging -",
        "VersioningConfiguration": "PutBucketVersioning PutBucketVersioning PutBucketVersioning -",
        "WebsiteConfiguration": "PutBucketWebsite PutBucketWebsite DeleteBucketWebsite -",
    },
    "AWS::SNS::Topic": {
        "Subscription": "Subscribe Subscribe Unsubscribe -",
        "Tags": "TagResource TagResource UntagResource -",
    },
    "AWS::SQS::Queue": {"Tags": "TagQueue TagQueue UntagQueue -"},
    "AWS::SSM::Parameter": {"Tags": "AddTagsToResource AddTagsToResource RemoveTagsFromResource -"},
    "AWS::SecretsManager::Secret": {"Tags": "TagResource TagResource UntagResource -"},
    "AWS::StepFunctions::StateMachine": {"Tags": "TagResource TagResource UntagResource -"},
}

# What an action is about besides, at the end of the type's ARN.
ENDS = {
    "lambda:DeleteLayerVersion": ":{!}",
    "lambda:DeleteProvisionedConcurrencyConfig": ":{Name}",
    "lambda:PutProvisionedConcurrencyConfig": ":{Name}",
}

# Properties of which a change replaces the resource, by its type's schema (`createOnlyProperties`): those that MiniStack's
# own table lacks, of types that its handlers do not replace by themselves.
CREATE_ONLY = {
    "AWS::ApiGateway::ApiKey": ("GenerateDistinctId", "Name", "Value"),
    "AWS::ApiGateway::Authorizer": ("RestApiId",),
    "AWS::ApiGateway::BasePathMapping": ("BasePath", "DomainName"),
    "AWS::ApiGateway::Deployment": ("DeploymentCanarySettings", "RestApiId"),
    "AWS::ApiGateway::DocumentationPart": ("Location", "RestApiId"),
    "AWS::ApiGateway::DocumentationVersion": ("DocumentationVersion", "RestApiId"),
    "AWS::ApiGateway::DomainName": ("DomainName",),
    "AWS::ApiGateway::GatewayResponse": ("ResponseType", "RestApiId"),
    "AWS::ApiGateway::Method": ("HttpMethod", "ResourceId", "RestApiId"),
    "AWS::ApiGateway::Model": ("ContentType", "Name", "RestApiId"),
    "AWS::ApiGateway::RequestValidator": ("Name", "RestApiId"),
    "AWS::ApiGateway::Resource": ("ParentId", "PathPart", "RestApiId"),
    "AWS::ApiGateway::Stage": ("RestApiId", "StageName"),
    "AWS::ApiGateway::UsagePlanKey": ("KeyId", "KeyType", "UsagePlanId"),
    "AWS::ApiGatewayV2::Authorizer": ("ApiId",),
    "AWS::AppSync::FunctionConfiguration": ("ApiId",),
    "AWS::CloudWatch::Dashboard": ("DashboardName",),
    "AWS::CodeBuild::Project": ("Name",),
    "AWS::DynamoDB::GlobalTable": ("TableName",),
    "AWS::Events::EventBus": ("Name",),
    "AWS::Kinesis::Stream": ("Name",),
    "AWS::KinesisFirehose::DeliveryStream": ("DeliveryStreamName", "DeliveryStreamType", "KinesisStreamSourceConfiguration"),
    "AWS::Lambda::EventInvokeConfig": ("FunctionName", "Qualifier"),
    "AWS::Lambda::EventSourceMapping": (
        "EventSourceArn", "SelfManagedEventSource", "StartingPosition", "StartingPositionTimestamp"),
    "AWS::Lambda::LayerVersionPermission": ("Action", "LayerVersionArn", "OrganizationId", "Principal"),
    "AWS::Logs::ResourcePolicy": ("PolicyName",),
    "AWS::Route53::RecordSet": ("HostedZoneId", "HostedZoneName"),
    "AWS::S3::Bucket": ("BucketName", "BucketNamePrefix", "BucketNamespace"),
    "AWS::S3::BucketPolicy": ("Bucket",),
    "AWS::Scheduler::Schedule": ("Name",),
}

# A property that lists names of other resources, each of which needs the action.
OF_EACH = {
    ("AWS::IAM::ManagedPolicy", "Groups"): ("group", "AttachGroupPolicy", "DetachGroupPolicy"),
    ("AWS::IAM::ManagedPolicy", "Roles"): ("role", "AttachRolePolicy", "DetachRolePolicy"),
    ("AWS::IAM::ManagedPolicy", "Users"): ("user", "AttachUserPolicy", "DetachUserPolicy"),
    ("AWS::IAM::Policy", "Groups"): ("group", "PutGroupPolicy", "DeleteGroupPolicy"),
    ("AWS::IAM::Policy", "Roles"): ("role", "PutRolePolicy", "DeleteRolePolicy"),
    ("AWS::IAM::Policy", "Users"): ("user", "PutUserPolicy", "DeleteUserPolicy"),
    ("AWS::SNS::TopicPolicy", "Topics"): ("sns", "SetTopicAttributes", "SetTopicAttributes"),
    ("AWS::SQS::QueuePolicy", "Queues"): ("sqs", "SetQueueAttributes", "SetQueueAttributes"),
}

# Who gets the roles that stand in a resource's properties. Functions and state machines have patches of their own.
PASSED_TO = {
    "AWS::ApiGateway::Account": "apigateway",
    "AWS::ApiGateway::Authorizer": "apigateway",
    "AWS::ApiGateway::Method": "apigateway",
    "AWS::ApiGatewayV2::Authorizer": "apigateway",
    "AWS::ApiGatewayV2::Integration": "apigateway",
    "AWS::AppSync::DataSource": "appsync",
    "AWS::AppSync::GraphQLApi": "appsync",
    "AWS::CodeBuild::Project": "codebuild",
    "AWS::Cognito::IdentityPoolRoleAttachment": "cognito-identity",
    "AWS::Cognito::UserPool": "cognito-idp",
    "AWS::ECS::TaskDefinition": "ecs-tasks",
    "AWS::Events::Rule": "events",
    "AWS::IoT::TopicRule": "iot",
    "AWS::KinesisFirehose::DeliveryStream": "firehose",
    "AWS::Logs::SubscriptionFilter": "logs",
    "AWS::Pipes::Pipe": "pipes",
    "AWS::S3::Bucket": "s3",
    "AWS::SNS::Subscription": "sns",
    "AWS::Scheduler::Schedule": "scheduler",
}

DEFAULTS = {"Path": "/", "GroupName": "default", "Cluster": "default"}
LONGEST = {
    "AWS::Events::Rule": 64, "AWS::IAM::Role": 64, "AWS::IAM::User": 64, "AWS::Lambda::Function": 64,
    "AWS::S3::Bucket": 63, "AWS::SQS::Queue": 80, "AWS::Scheduler::Schedule": 64, "AWS::StepFunctions::StateMachine": 80,
}

# Actions that take no resources: they are judged on all of them.
ON_ALL = frozenset((
    "acm:RequestCertificate", "appconfig:CreateApplication", "appconfig:CreateDeploymentStrategy",
    "appsync:CreateApiKey", "appsync:CreateDataSource", "appsync:CreateFunction", "appsync:CreateGraphqlApi",
    "appsync:CreateResolver", "appsync:DeleteApiKey", "appsync:DeleteDataSource", "appsync:DeleteFunction",
    "appsync:DeleteResolver", "appsync:StartSchemaCreation", "appsync:UpdateApiKey", "appsync:UpdateDataSource",
    "appsync:UpdateFunction", "appsync:UpdateResolver", "cloudfront:CreateCachePolicy",
    "cloudfront:CreateDistribution", "cloudfront:CreateFunction", "cloudfront:CreateOriginAccessControl",
    "cognito-identity:CreateIdentityPool", "cognito-identity:SetIdentityPoolRoles", "cognito-idp:CreateUserPool",
    "ecs:DeregisterTaskDefinition", "kms:CreateKey", "lambda:CreateEventSourceMapping", "logs:DeleteResourcePolicy",
    "logs:PutResourcePolicy", "route53:CreateHostedZone",
))


class Right(NamedTuple):
    """A right that a call needs. `context`: condition keys of the call besides those that every call has."""

    action: str
    resource: str
    context: dict


class Place(NamedTuple):
    """Where a stack is. Of an IAM entity of a kind, such as `role`, and its name, `path_of` gives the path and the name, and
    `boundary_of` the ARN of its permissions boundary, or None.
    """

    region: str
    account: str
    path_of: object
    boundary_of: object


def calls_of(kind, place, name_of, old, new, physical_id=None):
    """What CloudFormation needs for a resource: created without `old`, deleted without `new`, else updated.

    `name_of`: makes up the name of a resource, given its greatest length; `physical_id`: that of one that there is.
    """
    if kind not in CALLS:
        return invoked(new or old) if is_custom(kind) else []
    arn, *verbs = (part.strip() for part in CALLS[kind].split(" | "))
    service = service_of(arn, kind)
    properties = new or old
    verb = 0 if old is None else 2 if new is None else 1
    more = dict(more_of(kind, old, new))
    changed = {name for name in {**(old or {}), **(new or {})} if (old or {}).get(name) != (new or {}).get(name)}
    actions = verbs[verb].replace("-", "").split() if verb != 1 or changed - set(MORE.get(kind, ())) else []
    context = context_of(kind, properties)

    def right(action, keys):
        name = f"{service}:{action}"
        if name in ON_ALL:
            return Right(name, "*", {**context, **keys})
        about = resource_of(kind, arn + ENDS.get(name, ""), place, name_of, properties, physical_id)
        return Right(name, about.rpartition("/")[0] if action == "POST" else about, {**context, **keys})

    found = [right(action, tags_of(new if verb < 2 else None)) for action in actions]
    for action, (name, items) in more.items():
        found += [right(action, keys) for keys in keys_of(name, items)]
    found += of_each(kind, place, old, new)
    if new is not None and kind in PASSED_TO:
        passed = {"iam:PassedToService": f"{PASSED_TO[kind]}.amazonaws.com"}
        found += [Right("iam:PassRole", role, passed) for role in roles_in(new)]
    return found


def service_of(arn, kind):
    if arn[0] in "-*{":
        return {"AWS::Logs": "logs", "AWS::Lambda": "lambda"}.get(kind.rpartition("::")[0], "")
    return arn.partition(":")[0]


def resource_of(kind, template, place, name_of, properties, physical_id):
    """The ARN that a template stands for. A value that is an ARN itself is that of the resource, or ends in its name."""
    service = template.partition(":")[0]
    text, filled = template.replace("~", f"{place.region}:{place.account}"), []
    for part in text.split("{")[1:]:
        name = part.partition("}")[0]
        if name == "region":
            value = place.region
        elif name == "account":
            value = place.account
        elif not name.startswith("!"):
            value = properties.get(name) or DEFAULTS.get(name, "*")
        elif physical_id:
            value = physical_id.replace("|", "/") if kind == "AWS::Events::Rule" else physical_id
        elif name == "!":
            value = "*"
        else:
            value = properties.get(name[1:]) or name_of(LONGEST.get(kind, 128))
        value = str(value)
        if value.startswith("arn:aws:") and (value.split(":")[2] == service or template.startswith("{")):
            return value
        filled.append((part.partition("}")[0], last_of(value) if value.startswith(("arn:", "http")) else value))
    for name, value in filled:
        value = value.lstrip("/") if service == "ssm" else value.removeprefix("alias/") if service == "kms" else value
        text = text.replace("{" + name + "}", value, 1)
    return text if text == "*" else f"arn:aws:{text}"


def last_of(value):
    return value.rstrip("/").rpartition("/")[2] if "/" in value else value.rpartition(":")[2]


def as_list(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def more_of(kind, old, new):
    """Actions that properties need, each with the property's name and what of it is made, changed or removed."""
    for name, actions in MORE.get(kind, {}).items():
        create, change, remove, delete = actions.split()
        before, after = ((each or {}).get(name) for each in (old, new))
        if name.endswith("Tags"):
            before, after = own_tags(before), own_tags(after)
        if old is None or new is None:
            action, items = (create, after) if old is None else (delete, before)
            if action != "-" and items not in (None, [], {}):
                yield action, (name, items)
            continue
        if before == after:
            continue
        lists = isinstance(before or after, list)
        added = [each for each in as_list(after) if not lists or each not in as_list(before)]
        kept = [identity(each) for each in as_list(after)] if lists else as_list(after)
        removed = [each for each in as_list(before) if (identity(each) not in kept if lists else not kept)]
        if added and change != "-":
            yield change, (name, added)
        if removed and remove != "-":
            yield remove, (name, removed)


def identity(item):
    """What an item of a list keeps when it changes."""
    if isinstance(item, dict):
        return next((item[key] for key in ("Key", "PolicyName", "Id") if key in item), str(item))
    return item


def own_tags(tags):
    """Tags without those that CloudFormation gives, for which nobody needs a right."""
    pairs = tags.items() if isinstance(tags, dict) else [(tag["Key"], tag.get("Value", "")) for tag in tags or []]
    return [{"Key": key, "Value": value} for key, value in pairs if not key.startswith("aws:")]


def tags_of(properties):
    """The condition keys of the tags with which something is made."""
    tags = own_tags((properties or {}).get("Tags"))
    if not tags:
        return {}
    return {"aws:TagKeys": [tag["Key"] for tag in tags], **{f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags}}


def keys_of(name, items):
    """The condition keys of each call that a property needs."""
    if name == "ManagedPolicyArns":
        return [{"iam:PolicyARN": arn} for arn in as_list(items)]
    if name.endswith("Tags"):
        return [tags_of({"Tags": items})]
    return [{}]


def context_of(kind, properties):
    """The condition keys of a type's own calls."""
    given = {
        "iam:PermissionsBoundary": kind.startswith("AWS::IAM::") and properties.get("PermissionsBoundary"),
        "lambda:FunctionArn": kind == "AWS::Lambda::EventSourceMapping" and properties.get("FunctionName"),
        "lambda:Principal": kind == "AWS::Lambda::Permission" and properties.get("Principal"),
        "lambda:FunctionUrlAuthType":
            properties.get("AuthType") if kind == "AWS::Lambda::Url"
            else kind == "AWS::Lambda::Permission" and properties.get("FunctionUrlAuthType"),
        "lambda:Layer": kind == "AWS::Lambda::Function" and properties.get("Layers"),
        "sns:Protocol": kind == "AWS::SNS::Subscription" and properties.get("Protocol"),
        "sns:Endpoint": kind == "AWS::SNS::Subscription" and properties.get("Endpoint"),
    }
    return {name: value for name, value in given.items() if value}


def of_each(kind, place, old, new):
    found = []
    for (of, name), (what, change, remove) in OF_EACH.items():
        if of != kind:
            continue
        before, after = (as_list((each or {}).get(name)) for each in (old, new))
        # A policy that changes is put to all again; one that is attached stays so.
        added = after if not change.startswith("Attach") else [each for each in after if each not in before]
        removed = [each for each in before if each not in after]
        for action, each in [*((change, each) for each in added), *((remove, each) for each in removed)]:
            if what in ("sns", "sqs"):
                arn = each if each.startswith("arn:") else f"arn:aws:{what}:{place.region}:{place.account}:{last_of(each)}"
                found.append(Right(f"{what}:{action}", arn, {}))
            else:
                about = f"arn:aws:iam::{place.account}:{what}{place.path_of(what, each)}"
                boundary = place.boundary_of(what, each)
                found.append(Right(f"iam:{action}", about, {"iam:PermissionsBoundary": boundary} if boundary else {}))
    return found


# What a resource says to its own code, or of itself: a role that is named there is not passed.
NOT_PASSED = frozenset(("Environment", "EnvironmentVariables", "Tags"))


def roles_in(value):
    """The roles that stand in properties for the service to assume."""
    if isinstance(value, dict):
        return sorted({role for name, each in value.items() if name not in NOT_PASSED for role in roles_in(each)})
    if isinstance(value, list):
        return sorted({role for each in value for role in roles_in(each)})
    is_role = isinstance(value, str) and value.startswith("arn:aws:iam::") and ":role/" in value and " " not in value
    return [value] if is_role else []


def is_custom(kind):
    return kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource"


def invoked(properties):
    """What a custom resource calls."""
    token = str(properties.get("ServiceToken", ""))
    action = {"lambda": "lambda:InvokeFunction", "sns": "sns:Publish"}.get(token.split(":")[2] if token.count(":") > 4 else "")
    return [Right(action, token, {})] if action else []
