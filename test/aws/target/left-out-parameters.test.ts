import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Every optional parameter of the calls that change something in a target, and what AWS does if it is left out. Sources
 * are the API references, which the SDK has as comments beside its types: of Lambda
 * (https://docs.aws.amazon.com/lambda/latest/api/), CloudFormation
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/) and CodeDeploy
 * (https://docs.aws.amazon.com/codedeploy/latest/APIReference/).
 *
 * - `given`: the platform always gives it
 * - `kept`: the platform reads what there is and gives that, since left out it would be reset
 * - `unchanged`: AWS leaves what there is
 * - `call`: it is about this one call, and nothing that lasts
 * - `new`: the call makes something of the platform's own
 * - `other`: for other kinds of code, computing platforms or resources
 */
type LeftOut = 'given' | 'kept' | 'unchanged' | 'call' | 'new' | 'other';

const CALLS: Readonly<Record<string, Readonly<Record<string, LeftOut>>>> = {
  'client-lambda UpdateFunctionCodeRequest': {
    ZipFile: 'other',
    S3Bucket: 'given',
    S3Key: 'given',
    // Bundles are never overwritten: the newest version of an object is its only one.
    S3ObjectVersion: 'call',
    S3ObjectStorageMode: 'kept',
    // In place of bucket and key, for a function of an image.
    ImageUri: 'given',
    Architectures: 'kept',
    Publish: 'given',
    // Numbered versions are published. $LATEST.PUBLISHED of managed instances is CloudFormation's
    // (`PublishToLatestPublished`); it serves calls of the plain ARN.
    PublishTo: 'call',
    DryRun: 'call',
    RevisionId: 'given',
    SourceKMSKeyArn: 'kept',
  },
  'client-lambda PublishVersionRequest': {
    CodeSha256: 'given',
    // The version then has the function's own.
    Description: 'unchanged',
    RevisionId: 'call',
    PublishTo: 'call',
  },
  'client-lambda UpdateAliasRequest': {
    FunctionVersion: 'given',
    Description: 'unchanged',
    // Given as empty: left out, a weight would stay.
    RoutingConfig: 'given',
    RevisionId: 'call',
  },
  'client-lambda CreateAliasRequest': { Description: 'new', RoutingConfig: 'given' },
  'client-lambda DeleteFunctionRequest': { Qualifier: 'given' },
  'client-cloudformation CreateStackInput': {
    TemplateBody: 'other',
    TemplateURL: 'given',
    Parameters: 'new',
    DisableRollback: 'call',
    RollbackConfiguration: 'new',
    TimeoutInMinutes: 'call',
    NotificationARNs: 'new',
    Capabilities: 'given',
    ResourceTypes: 'call',
    RoleARN: 'given',
    OnFailure: 'call',
    StackPolicyBody: 'new',
    StackPolicyURL: 'new',
    Tags: 'given',
    ClientRequestToken: 'given',
    EnableTerminationProtection: 'new',
    RetainExceptOnCreate: 'call',
    DeploymentConfig: 'call',
    DisableValidation: 'call',
  },
  'client-cloudformation UpdateStackInput': {
    TemplateBody: 'other',
    TemplateURL: 'given',
    UsePreviousTemplate: 'other',
    StackPolicyDuringUpdateBody: 'call',
    StackPolicyDuringUpdateURL: 'call',
    // Left out, a parameter has the template's default again.
    Parameters: 'kept',
    Capabilities: 'given',
    ResourceTypes: 'call',
    // From then on the stack's role: the platform's.
    RoleARN: 'given',
    // "CloudFormation saves the rollback triggers … and applies them to any subsequent update operations":
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html
    RollbackConfiguration: 'unchanged',
    StackPolicyBody: 'unchanged',
    StackPolicyURL: 'unchanged',
    NotificationARNs: 'unchanged',
    // Ours are given, and with them what the stack has besides: the list takes the place of the stack's.
    Tags: 'kept',
    DisableRollback: 'call',
    ClientRequestToken: 'given',
    RetainExceptOnCreate: 'call',
    DeploymentConfig: 'call',
    DisableValidation: 'call',
  },
  'client-codedeploy CreateDeploymentGroupInput': {
    deploymentConfigName: 'given',
    ec2TagFilters: 'other',
    onPremisesInstanceTagFilters: 'other',
    autoScalingGroups: 'other',
    triggerConfigurations: 'given',
    alarmConfiguration: 'given',
    autoRollbackConfiguration: 'given',
    outdatedInstancesStrategy: 'other',
    deploymentStyle: 'given',
    blueGreenDeploymentConfiguration: 'other',
    loadBalancerInfo: 'other',
    ec2TagSet: 'other',
    ecsServices: 'other',
    onPremisesTagSet: 'other',
    tags: 'new',
    terminationHookEnabled: 'other',
  },
  'client-codedeploy UpdateDeploymentGroupInput': {
    newDeploymentGroupName: 'unchanged',
    deploymentConfigName: 'given',
    ec2TagFilters: 'other',
    onPremisesInstanceTagFilters: 'other',
    autoScalingGroups: 'other',
    serviceRoleArn: 'given',
    triggerConfigurations: 'given',
    alarmConfiguration: 'given',
    autoRollbackConfiguration: 'given',
    outdatedInstancesStrategy: 'other',
    deploymentStyle: 'given',
    blueGreenDeploymentConfiguration: 'other',
    loadBalancerInfo: 'other',
    ec2TagSet: 'other',
    ecsServices: 'other',
    onPremisesTagSet: 'other',
    terminationHookEnabled: 'other',
  },
  'client-codedeploy CreateDeploymentInput': {
    deploymentGroupName: 'given',
    revision: 'given',
    // The group's own counts.
    deploymentConfigName: 'unchanged',
    description: 'given',
    ignoreApplicationStopFailures: 'other',
    targetInstances: 'other',
    autoRollbackConfiguration: 'unchanged',
    updateOutdatedInstancesOnly: 'other',
    fileExistsBehavior: 'other',
    overrideAlarmConfiguration: 'unchanged',
    deploymentMode: 'call',
  },
  'client-codedeploy StopDeploymentInput': { autoRollbackEnabled: 'given' },
};

/** @returns the names of an input's parameters that may be left out, as the SDK's types have them. */
function optionalParameters(client: string, type: string): readonly string[] {
  const models = join(dirname(require.resolve(`@aws-sdk/${client}/package.json`)), 'dist-types/models');
  const text = readdirSync(models)
    .filter((file) => /^models_\d+\.d\.ts$/.test(file))
    .map((file) => readFileSync(join(models, file), 'utf8'))
    .join('\n');
  const body = new RegExp(`export interface ${type} \\{([\\s\\S]*?)\\n\\}`).exec(text)?.[1] ?? '';
  return [...body.matchAll(/^ {4}(\w+)\?:/gm)].map(([, name]) => name!);
}

it.each(Object.keys(CALLS))('%s: it is known of every parameter what AWS does if it is left out', (call) => {
  const [client = '', type = ''] = call.split(' ');
  expect(optionalParameters(client, type).toSorted()).toEqual(Object.keys(CALLS[call]!).toSorted());
});
