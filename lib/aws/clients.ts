import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Where a client works and as whom; for what is left out, as the environment says. */
export type ClientOptions = Pick<
  ConstructorParameters<typeof LambdaClient>[0] & object,
  'endpoint' | 'region' | 'credentials' | 'maxAttempts'
>;

/**
 * The only place where AWS clients are born. One function per client and no module state, so a bundler leaves out every
 * client that a worker does not name. "standard" retries back off exponentially with jitter and keep a retry quota, so
 * that an outage is not made worse. The endpoint of the local cloud arrives by AWS_ENDPOINT_URL, which the SDK reads.
 */
const settings = ({ maxAttempts = 5, ...given }: ClientOptions) => ({ retryMode: 'standard', maxAttempts, ...given });

/** @returns a CloudFormation client. */
export const cloudFormationClient = (options: ClientOptions = {}) => new CloudFormationClient(settings(options));

/** @returns a CloudWatch Logs client. */
export const cloudWatchLogsClient = (options: ClientOptions = {}) => new CloudWatchLogsClient(settings(options));

/** @returns a CodeBuild client. */
export const codeBuildClient = (options: ClientOptions = {}) => new CodeBuildClient(settings(options));

/** @returns a CodeCommit client. */
export const codeCommitClient = (options: ClientOptions = {}) => new CodeCommitClient(settings(options));

/** @returns a DynamoDB client that speaks plain values; fields that are `undefined` are left out of what it writes. */
export const dynamoDbClient = (options: ClientOptions = {}) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(settings(options)), {
    marshallOptions: { removeUndefinedValues: true },
  });

/** @returns an EventBridge client. */
export const eventBridgeClient = (options: ClientOptions = {}) => new EventBridgeClient(settings(options));

/** @returns a Lambda client. */
export const lambdaClient = (options: ClientOptions = {}) => new LambdaClient(settings(options));

/** @returns an S3 client. */
export const s3Client = (options: ClientOptions = {}) =>
  // A bucket's name cannot be made a host name under a loopback address.
  new S3Client({ ...settings(options), forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });

/** @returns a Step Functions client. */
export const stepFunctionsClient = (options: ClientOptions = {}) => new SFNClient(settings(options));

/** @returns a Systems Manager client. */
export const ssmClient = (options: ClientOptions = {}) => new SSMClient(settings(options));

/** @returns an STS client. */
export const stsClient = (options: ClientOptions = {}) => new STSClient(settings(options));
