import { Template } from 'aws-cdk-lib/assertions';
import { buildRoleName, projectRoleName } from '../../lib/core/contracts/stage-build';
import { managedPolicy } from './documents';
import { mayDo } from './may-do';
import { Policies } from './policies';
import { aPlatform } from './synthesise';

const OTHER = '444455556666';
const text = `
targets:
  production: { account: '${OTHER}' }
  own-role: { account: '777788889999', deployRoleArn: 'arn:aws:iam::777788889999:role/team-deploys' }
apps:
  shop:
    repository: { codecommit: shop }
    stages:
      dev:
        build:
          reads: ['ssm:/shop/dev/*', 'secretsmanager:shop/database']
          policies: ['arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess']
      prod: { target: production }
      else: { target: own-role }
  blog: { repository: { codecommit: blog }, stages: { dev: {} } }
`;
const { apps, target, otherTargets } = aPlatform({ text });
const other = otherTargets[OTHER]!;
// What AWS's own policies allow is not read here.
const without = aPlatform({ text: text.replace(/\n.*policies:.*/, '') });
const policies = new Policies([without.platform, without.apps, without.target, without.otherTargets[OTHER]!]);
const BUILDS = [
  { app: 'shop', stage: 'dev', account: '111122223333', stack: target },
  { app: 'shop', stage: 'prod', account: OTHER, stack: other },
  { app: 'blog', stage: 'dev', account: '111122223333', stack: target },
];
const roleArn = ({ app, stage, account }: (typeof BUILDS)[number]) =>
  `arn:aws:iam::${account}:role/${buildRoleName(app, stage)}`;

interface RoleProperties {
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly unknown[] };
  readonly ManagedPolicyArns?: readonly unknown[];
  readonly PermissionsBoundary: unknown;
  readonly Policies?: readonly unknown[];
}
const propertiesOf = ({ app, stage, stack }: (typeof BUILDS)[number]): RoleProperties => {
  const found = Template.fromStack(stack).findResources('AWS::IAM::Role', {
    Properties: { RoleName: buildRoleName(app, stage) },
  });
  return Object.values(found)[0]!.Properties;
};

describe('the role of a build', () => {
  it('is in the account of its stage, and assumed by that stage’s CodeBuild role, by its exact name', () => {
    for (const build of BUILDS) {
      const { Statement } = propertiesOf(build).AssumeRolePolicyDocument;
      expect(Statement).toHaveLength(1);
      expect(JSON.stringify(Statement)).toContain(
        `:iam::111122223333:role/${projectRoleName(build.app, build.stage)}"`,
      );
      expect(Statement[0]).toMatchObject({ Action: 'sts:AssumeRole', Condition: { ArnEquals: {} } });
    }
    Template.fromStack(apps).hasResourceProperties('AWS::IAM::Role', { RoleName: projectRoleName('shop', 'prod') });
  });

  it('is in the reach of no build of another stage or app', () => {
    for (const own of BUILDS)
      for (const one of BUILDS) {
        const project = `SeedbedApps/Builds/Role-seedbed-${own.app}_${own.stage}`;
        const can = policies.can(project, { action: 'sts:AssumeRole', resource: roleArn(one) });
        expect([own.app, own.stage, one.app, one.stage, can]).toEqual([
          own.app,
          own.stage,
          one.app,
          one.stage,
          own === one,
        ]);
      }
  });

  it('may do nothing unless seedbed.yml says so', () => {
    expect(propertiesOf(BUILDS[1]!)).not.toHaveProperty('Policies');
    expect(propertiesOf(BUILDS[1]!)).not.toHaveProperty('ManagedPolicyArns');
    expect(propertiesOf(BUILDS[0]!)).toMatchObject({
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess'],
      Policies: [{ PolicyName: 'Reads' }],
    });
    const can = (action: string, resource: string) =>
      policies.can('SeedbedTarget/Builds/shop_dev', { action, resource });
    const parameter = (name: string) => `arn:aws:ssm:eu-central-1:111122223333:parameter${name}`;
    expect(can('ssm:GetParameter', parameter('/shop/dev/key'))).toBe(true);
    expect(can('ssm:GetParameter', parameter('/shop/prod/key'))).toBe(false);
    expect(can('ssm:PutParameter', parameter('/shop/dev/key'))).toBe(false);
  });

  it('has a boundary in every account, of a size that IAM takes', () => {
    for (const build of BUILDS) {
      const [id, boundary] = managedPolicy(build.stack, 'BuildsBoundary');
      expect(propertiesOf(build).PermissionsBoundary).toEqual({ Ref: id });
      // IAM's limit for a managed policy: docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      expect(JSON.stringify(boundary).length).toBeLessThan(6144);
    }
  });

  it('is none where the owner of the account has made its roles', () => {
    Template.fromStack(apps).hasResourceProperties('AWS::CodeBuild::Project', {
      Name: 'seedbed-shop_prod',
      Environment: { EnvironmentVariables: [{ Name: 'SEEDBED_BUILD_ROLE', Value: roleArn(BUILDS[1]!) }] },
    });
    const projects = Template.fromStack(apps).findResources('AWS::CodeBuild::Project', {
      Properties: { Name: 'seedbed-shop_else' },
    });
    expect(JSON.stringify(projects)).not.toContain('SEEDBED_BUILD_ROLE');
  });
});

const PLATFORMS_SECRETS = `
github: { secret: acme/gh }
notifications: [{ webhook: acme/hook }]
`;
describe('the boundary, with all rights of an administrator', () => {
  const { target: judged } = aPlatform({ text: `${PLATFORMS_SECRETS}${text}` });
  const [, boundary] = managedPolicy(judged, 'BuildsBoundary');
  const principal = 'arn:aws:sts::111122223333:assumed-role/seedbed-build-shop_dev/build';
  const may = (...call: [action: string, resource: string, context?: Record<string, string[]>]) =>
    mayDo({ principal, boundary }, ...call);
  const at = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;

  it.each([
    ['iam:CreateUser', 'arn:aws:iam::111122223333:user/x'],
    ['iam:PassRole', 'arn:aws:iam::111122223333:role/x'],
    ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/seedbed-deploy'],
    ['sts:AssumeRole', 'arn:aws:iam::444455556666:role/administrator'],
    ['organizations:LeaveOrganization', '*'],
    ['account:CloseAccount', 'arn:aws:account::111122223333:account'],
    ['sso:CreateInstance', 'arn:aws:sso:::instance/*'],
    ['identitystore:CreateUser', 'arn:aws:identitystore::111122223333:identitystore/d-1'],
    ['ssm:GetParameter', at('ssm', 'parameter/seedbed/env/shop/prod/KEY')],
    ['ssm:PutParameter', at('ssm', 'parameter/seedbed')],
    ['ssm:GetParametersByPath', at('ssm', 'parameter/seedbed')],
    ['ssm:GetParametersByPath', at('ssm', 'parameter/seedbed/env')],
    ['secretsmanager:GetSecretValue', at('secretsmanager', 'secret:seedbed/github-aB3dE6')],
    ['secretsmanager:GetSecretValue', at('secretsmanager', 'secret:acme/gh-aB3dE6')],
    ['secretsmanager:PutSecretValue', at('secretsmanager', 'secret:acme/hook-aB3dE6')],
    ['s3:GetObject', 'arn:aws:s3:::seedbed-artifacts82dd59a1-x/packages/shop'],
    ['s3:CreateAccessPoint', at('s3', 'accesspoint/mine')],
    ['dynamodb:GetItem', at('dynamodb', 'table/Seedbed-State1C20CC9A')],
    ['dynamodb:GetRecords', at('dynamodb', 'table/seedbed-hooks/stream/2026')],
    ['lambda:UpdateFunctionCode', at('lambda', 'function:Seedbed-TriggerWorkersPushFunction')],
    ['lambda:InvokeFunction', at('lambda', 'function:CodeDeployHook_SeedbedBeforeTraffic:1')],
    ['codebuild:StartBuild', at('codebuild', 'project/seedbed-blog_dev')],
    ['codebuild:UpdateProject', at('codebuild', 'project/seedbed-shop_prod')],
    ['states:StartExecution', at('states', 'stateMachine:Seedbed-Release')],
    ['states:StopExecution', at('states', 'execution:Seedbed-Release:x')],
    ['codedeploy:CreateDeployment', at('codedeploy', 'deploymentgroup:seedbed-shop-dev/x')],
    ['codedeploy:StopDeployment', '*'],
    ['codedeploy:PutLifecycleEventHookExecutionStatus', '*'],
    ['events:PutTargets', at('events', 'rule/Seedbed-PushEvents')],
    ['logs:GetLogEvents', at('logs', 'log-group:Seedbed-TriggerWorkersPushLogs:log-stream:x')],
    ['logs:FilterLogEvents', at('logs', 'log-group:/aws/vendedlogs/states/Seedbed-Release')],
    ['logs:PutAccountPolicy', '*'],
    ['sqs:PurgeQueue', at('sqs', 'Seedbed-NotificationsUntold')],
    ['sns:Publish', at('sns', 'Seedbed-NotificationsReleases')],
    ['cloudwatch:DeleteAlarms', at('cloudwatch', 'alarm:Seedbed-VersionPruningStorageAlarm')],
    ['cloudwatch:PutDashboard', 'arn:aws:cloudwatch::111122223333:dashboard/Seedbed'],
    ['apigateway:PATCH', 'arn:aws:apigateway:eu-central-1::/restapis/x'],
    ['cloudformation:UpdateStack', at('cloudformation', 'stack/shop-api-dev/1')],
    ['cloudformation:DescribeStacks', at('cloudformation', 'stack/SeedbedApps/1')],
    ['cloudformation:CreateResource', '*'],
    ['cloudformation:RegisterType', '*'],
  ])('forbids %s on %s', async (action, resource) => {
    expect(await may(action, resource)).toBe(false);
  });

  // The judge knows no parameter without a name.
  it('forbids a list of all parameters', () => {
    expect(boundary.Statement).toContainEqual({
      Effect: 'Deny',
      Action: 'ssm:GetParametersByPath',
      Resource: ['arn:aws:ssm:*:*:parameter', 'arn:aws:ssm:*:*:parameter/'],
    });
  });

  // The judge asks for the key's own policy.
  it('forbids whatever could be done to the key of the platform’s alarms', async () => {
    expect(boundary.Statement).toContainEqual({
      Effect: 'Deny',
      Action: 'kms:*',
      Resource: '*',
      Condition: { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/Seedbed*' } },
    });
    expect(JSON.stringify(boundary.Statement)).toContain(':kms:*:*:alias/Seedbed*');
  });

  it('forbids events that look like the platform’s, and no others', async () => {
    const bus = at('events', 'event-bus/default');
    expect(await may('events:PutEvents', bus, { 'events:source': ['seedbed'] })).toBe(false);
    expect(await may('events:PutEvents', bus, { 'events:source': ['shop'] })).toBe(true);
  });

  it.each([
    ['sts:GetCallerIdentity', '*'],
    ['ssm:GetParametersByPath', at('ssm', 'parameter/shop')],
    ['ssm:PutParameter', at('ssm', 'parameter/shop/key')],
    ['secretsmanager:GetSecretValue', at('secretsmanager', 'secret:acme/hook2-aB3dE6')],
    ['s3:PutObject', 'arn:aws:s3:::shop-settings/x'],
    ['dynamodb:PutItem', at('dynamodb', 'table/shop')],
    ['lambda:InvokeFunction', at('lambda', 'function:shop-dev-migrate')],
    ['cloudformation:DescribeStacks', at('cloudformation', 'stack/shop-api-dev/1')],
    ['cloudformation:ListExports', '*'],
    ['apigateway:GET', 'arn:aws:apigateway:eu-central-1::/restapis/x'],
    ['logs:GetLogEvents', at('logs', 'log-group:/aws/lambda/shop-dev-api:log-stream:x')],
  ])('leaves %s on %s', async (action, resource) => {
    expect(await may(action, resource)).toBe(true);
  });
});

describe('names of roles', () => {
  it('fit into IAM’s 64 characters, and are different for every stage of every app', () => {
    const long = 'a-name-of-thirty-two-characters-';
    const names = [`${long.slice(0, 31)}x`, `${long.slice(0, 31)}y`, 'a', 'a-b'].flatMap((app) =>
      [`${long.slice(0, 31)}x`, `${long.slice(0, 31)}y`, 'c', 'b-c'].flatMap((stage) => [
        buildRoleName(app, stage),
        projectRoleName(app, stage),
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[\w-]{1,64}$/);
  });

  it('are not where those of workers are, which deploy roles trust', () => {
    expect(JSON.stringify(Template.fromStack(apps).findResources('AWS::IAM::Role'))).not.toContain('"Path"');
  });
});
