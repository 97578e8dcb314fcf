import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LIMITS } from '../../lib/core/contracts/limits';
import { inlinePolicy, managedPolicy, roleOf } from './documents';
import { mayDo } from './may-do';
import { aPlatform } from './synthesise';

/** What CloudFormation may not do for stacks of services, nor the roles that they make, whatever their policies say. */
const [OTHER, NARROW] = ['444455556666', '777788889999'];
const { platform, target, otherTargets } = aPlatform({
  text: `
github: { secret: acme/gh }
notifications: [{ webhook: acme/hook }]
targets:
  other: { account: '${OTHER}' }
  narrow:
    account: '${NARROW}'
    executionPolicies: ['arn:aws:iam::aws:policy/PowerUserAccess', 'arn:aws:iam::${NARROW}:policy/team/roles']
    permissionsBoundary: team/edge
apps:
  shop:
    repository: { codecommit: shop }
    stages: { dev: {}, prod: { target: other }, test: { target: narrow } }
`,
});
const at = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const iam = (rest: string, account = '111122223333') => `arn:aws:iam::${account}:${rest}`;
const BOUNDARY = iam('policy/seedbed-boundary');
const guard = inlinePolicy(target, 'seedbed-cloudformation', 'Guard');
const [boundaryId, boundary] = managedPolicy(target, 'StackBoundary');
type Call = [action: string, resource: string, context?: Record<string, string>];
const cloudFormation = (...call: Call) =>
  mayDo(
    { principal: 'arn:aws:sts::111122223333:assumed-role/seedbed-cloudformation/AWSCloudFormation', denials: [guard] },
    ...call,
  );
const roleOfStack = (...call: Call) =>
  mayDo({ principal: 'arn:aws:sts::111122223333:assumed-role/shop-dev-api/api', boundary }, ...call);

/** Without the boundary a role could not be made for that reason alone. */
const boundedIf = (action: string): Record<string, string> =>
  action === 'iam:CreateRole' ? { 'iam:PermissionsBoundary': BOUNDARY } : {};

/** What is the platform's: nobody but the platform and its owner does any of it. */
const OWN: [action: string, resource: string][] = [
  ['iam:UpdateAssumeRolePolicy', iam('role/seedbed-deploy')],
  ['iam:PutRolePolicy', iam('role/seedbed/Seedbed-PlanWorkersPlanRole-X')],
  ['iam:CreateRole', iam('role/seedbed/Seedbed-Mine')],
  ['iam:CreateRole', iam('role/seedbed/any')],
  ['iam:PassRole', iam('role/seedbed/Seedbed-PlanWorkersPlanRole-X')],
  ['iam:PassRole', iam('role/seedbed-cloudformation')],
  ['iam:PassRole', iam('role/seedbed-codebuild-shop_prod')],
  ['iam:PassRole', iam('role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-central-1')],
  ['iam:CreatePolicyVersion', BOUNDARY],
  ['iam:CreatePolicyVersion', iam('policy/SeedbedTarget-BuildsBoundary-X')],
  ['ssm:PutParameter', at('ssm', 'parameter/seedbed/apps/shop')],
  ['ssm:GetParameters', at('ssm', 'parameter/seedbed/env/shop/prod/KEY')],
  ['ssm:PutParameter', at('ssm', 'parameter/cdk-bootstrap/hnb659fds/version')],
  ['secretsmanager:GetSecretValue', at('secretsmanager', 'secret:seedbed/github-aB3dE6')],
  ['secretsmanager:PutResourcePolicy', at('secretsmanager', 'secret:acme/gh-aB3dE6')],
  ['secretsmanager:DeleteSecret', at('secretsmanager', 'secret:acme/hook-aB3dE6')],
  ['s3:PutObject', 'arn:aws:s3:::seedbed-artifacts82dd59a1-x/bundles/shop/x.zip'],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::seedbed-artifacts82dd59a1-x'],
  ['s3:PutObject', 'arn:aws:s3:::cdk-hnb659fds-assets-111122223333-eu-central-1/x.json'],
  ['s3:CreateAccessPoint', at('s3', 'accesspoint/mine')],
  ['dynamodb:PutItem', at('dynamodb', 'table/Seedbed-State1C20CC9A')],
  ['dynamodb:PutResourcePolicy', at('dynamodb', 'table/seedbed-hooks')],
  ['lambda:UpdateFunctionCode', at('lambda', 'function:Seedbed-TriggerWorkersPushFunction')],
  ['lambda:AddPermission', at('lambda', 'function:Seedbed-TriggerWorkersStartFunction')],
  ['lambda:InvokeFunction', at('lambda', 'function:Seedbed-TriggerWorkersStartFunction')],
  ['lambda:UpdateFunctionConfiguration', at('lambda', 'function:CodeDeployHook_SeedbedBeforeTraffic')],
  ['states:UpdateStateMachine', at('states', 'stateMachine:Seedbed-Release')],
  ['states:StartExecution', at('states', 'stateMachine:Seedbed-Release')],
  ['codebuild:UpdateProject', at('codebuild', 'project/seedbed-shop_prod')],
  ['codedeploy:UpdateDeploymentGroup', at('codedeploy', 'deploymentgroup:seedbed-shop-prod/x')],
  ['cloudformation:UpdateStack', at('cloudformation', 'stack/SeedbedTarget/1')],
  ['cloudformation:SetStackPolicy', at('cloudformation', 'stack/Seedbed/1')],
  ['cloudformation:DeleteStack', at('cloudformation', 'stack/CDKToolkit/1')],
  ['events:PutRule', at('events', 'rule/Seedbed-Mine')],
  ['logs:PutSubscriptionFilter', at('logs', 'log-group:Seedbed-Builds:log-stream:x')],
  ['logs:PutAccountPolicy', '*'],
  ['sns:Subscribe', at('sns', 'Seedbed-NotificationsReleases')],
  ['sqs:SetQueueAttributes', at('sqs', 'Seedbed-NotificationsUntold')],
  ['cloudwatch:DeleteAlarms', at('cloudwatch', 'alarm:Seedbed-VersionPruningStorageAlarm')],
  ['organizations:LeaveOrganization', '*'],
];

describe('CloudFormation’s role, as administrator', () => {
  it.each(OWN)('is refused %s on %s', async (action, resource) => {
    expect(await cloudFormation(action, resource, boundedIf(action))).toBe(false);
  });

  it.each([
    ['iam:CreateRole', iam('role/shop-dev')],
    ['iam:CreateUser', iam('user/shop-dev')],
    ['iam:PutRolePolicy', iam('role/Admin')],
    ['iam:AttachRolePolicy', iam('role/shop-dev')],
    ['iam:PutUserPolicy', iam('user/somebody')],
    ['iam:PutRolePermissionsBoundary', iam('role/shop-dev')],
    ['iam:UpdateAssumeRolePolicy', iam('role/Admin')],
  ])('is refused %s without the boundary, or with another, and allowed it with it', async (action, resource) => {
    const wide = { 'iam:PermissionsBoundary': iam('policy/anything') };
    expect(await cloudFormation(action, resource)).toBe(false);
    expect(await cloudFormation(action, resource, wide)).toBe(false);
    expect(await cloudFormation(action, resource, { 'iam:PermissionsBoundary': BOUNDARY })).toBe(true);
  });

  it.each([
    ['iam:DeleteRolePermissionsBoundary', iam('role/shop-dev')],
    ['iam:AddUserToGroup', iam('group/administrators')],
    ['iam:PutGroupPolicy', iam('group/developers')],
    ['iam:CreateAccessKey', iam('user/administrator')],
    ['iam:UpdateLoginProfile', iam('user/administrator')],
    ['cloudformation:CreateStackSet', '*'],
  ])('is refused %s, which gives rights that no boundary holds', async (action, resource) => {
    expect(await cloudFormation(action, resource, { 'iam:PermissionsBoundary': BOUNDARY })).toBe(false);
  });

  it.each([
    ['s3:GetObject', 'arn:aws:s3:::seedbed-artifacts82dd59a1-x/bundles/shop/x.zip'],
    ['ssm:GetParameters', at('ssm', 'parameter/cdk-bootstrap/hnb659fds/version')],
    ['iam:PassRole', iam('role/shop-dev')],
    ['iam:CreatePolicy', iam('policy/shop-dev')],
    ['lambda:CreateFunction', at('lambda', 'function:shop-dev-api')],
    ['lambda:CreateFunction', at('lambda', 'function:seedbed-shop-api')],
    ['dynamodb:CreateTable', at('dynamodb', 'table/shop')],
    ['cloudformation:CreateStack', at('cloudformation', 'stack/shop-dev-Nested-1/x')],
    ['ssm:PutParameter', at('ssm', 'parameter/shop/dev/url')],
    ['apigateway:POST', 'arn:aws:apigateway:eu-central-1::/restapis'],
  ])('is allowed %s on %s', async (action, resource) => {
    expect(await cloudFormation(action, resource)).toBe(true);
  });

  it('has its limits from its first moment on, and reads bundles whatever its policies are', () => {
    const inline = (roleOf(target, 'seedbed-cloudformation').Policies as object[]).map((one) => Object.values(one)[1]);
    expect(inline).toEqual(['Guard', 'Bundles']);
    expect(JSON.stringify(guard).length).toBeLessThan(LIMITS.rolePolicies.most);
    const [role] = Object.values(
      Template.fromStack(target).findResources('AWS::IAM::Role', {
        Properties: { RoleName: 'seedbed-cloudformation' },
      }),
    );
    expect(role!.DependsOn).toEqual([boundaryId]);
  });
});

describe('a role of a stack, as administrator', () => {
  it.each(OWN)('is refused %s on %s', async (action, resource) => {
    expect(await roleOfStack(action, resource, boundedIf(action))).toBe(false);
  });

  it.each([
    ['sts:AssumeRole', iam('role/seedbed-deploy', OTHER)],
    ['sts:AssumeRole', iam('role/cdk-hnb659fds-deploy-role-111122223333-eu-central-1')],
    ['iam:CreateRole', iam('role/x')],
    ['iam:UpdateAssumeRolePolicy', iam('role/Admin')],
    ['iam:CreateAccessKey', iam('user/administrator')],
    ['iam:DeleteRolePermissionsBoundary', iam('role/shop-dev-api')],
    ['cloudformation:UpdateStack', at('cloudformation', 'stack/network/1')],
    ['cloudformation:CreateStack', at('cloudformation', 'stack/mine/1')],
    ['s3:GetObject', 'arn:aws:s3:::seedbed-artifacts82dd59a1-x/bundles/blog/x.zip'],
    ['codedeploy:StopDeployment', '*'],
  ])('is refused %s on %s', async (action, resource) => {
    expect(await roleOfStack(action, resource, { 'iam:PermissionsBoundary': BOUNDARY })).toBe(false);
  });

  it.each([
    ['sts:AssumeRole', iam('role/partner', OTHER)],
    ['iam:PassRole', iam('role/shop-dev-task')],
    ['dynamodb:PutItem', at('dynamodb', 'table/shop')],
    ['s3:PutBucketNotification', 'arn:aws:s3:::shop-uploads'],
    ['lambda:AddPermission', at('lambda', 'function:shop-dev-api')],
    ['codedeploy:PutLifecycleEventHookExecutionStatus', '*'],
    ['secretsmanager:GetSecretValue', at('secretsmanager', 'secret:shop/database-aB3dE6')],
    ['cloudformation:DescribeStacks', at('cloudformation', 'stack/shop-dev/1')],
  ])('is allowed %s on %s', async (action, resource) => {
    expect(await roleOfStack(action, resource)).toBe(true);
  });

  it('tells of no releases, and has a boundary of a size that IAM takes', async () => {
    const bus = at('events', 'event-bus/default');
    expect(await roleOfStack('events:PutEvents', bus, { 'events:source': 'seedbed' })).toBe(false);
    expect(await roleOfStack('events:PutEvents', bus, { 'events:source': 'shop' })).toBe(true);
    expect(JSON.stringify(boundary).length).toBeLessThan(LIMITS.managedPolicy.most);
  });
});

describe('in an account that is not the platform’s', () => {
  const executionRole = (account: string) => roleOf(otherTargets[account]!, 'seedbed-cloudformation');
  const guardIn = (account: string) => inlinePolicy(otherTargets[account]!, 'seedbed-cloudformation', 'Guard');

  it('roles need no boundary unless seedbed.yml names one, and what is the platform’s is out of reach all the same', () => {
    expect(executionRole(OTHER)).not.toHaveProperty('PermissionsBoundary');
    expect(JSON.stringify(guardIn(OTHER))).not.toContain('iam:PermissionsBoundary');
    expect(guardIn(OTHER).Statement[0]).toEqual(guard.Statement[0]);
  });

  it('CloudFormation has the policies and the boundary that seedbed.yml names, and makes no role without that', () => {
    expect(executionRole(NARROW)).toMatchObject({
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess', iam('policy/team/roles', NARROW)],
      PermissionsBoundary: iam('policy/team/edge', NARROW),
    });
    expect(JSON.stringify(guardIn(NARROW))).toContain(
      JSON.stringify({ StringNotEquals: { 'iam:PermissionsBoundary': iam('policy/team/edge', NARROW) } }),
    );
  });

  it('the platform’s own boundary is there to be named, and is not CloudFormation’s', () => {
    const text = `
targets: { other: { account: '${OTHER}', permissionsBoundary: seedbed-boundary } }
apps: { shop: { repository: { codecommit: shop }, stages: { prod: { target: other } } } }
`;
    const stack = aPlatform({ text }).otherTargets[OTHER]!;
    expect(managedPolicy(stack, 'StackBoundary')[1].Statement).toHaveLength(boundary.Statement.length);
    expect(roleOf(stack, 'seedbed-cloudformation')).not.toHaveProperty('PermissionsBoundary');
    expect(JSON.stringify(inlinePolicy(stack, 'seedbed-cloudformation', 'Guard'))).toContain(
      iam('policy/seedbed-boundary', OTHER),
    );
  });
});

it('the platform’s own roles of workers are below the path that deploy roles trust', () => {
  const roles = Template.fromStack(platform).findResources('AWS::IAM::Role', { Properties: { Path: '/seedbed/' } });
  expect(Object.keys(roles)).toEqual(expect.arrayContaining([expect.stringMatching(/^PlanWorkersPlanRole/)]));
});

describe('synthesis', () => {
  const warnings = (stages: string) => {
    const text = `
targets: { other: { account: '${OTHER}' } }
apps:
  shop: { repository: { github: acme/shop }, stages: ${stages}, pullRequests: { template: preview, into: [main] } }
`;
    return Annotations.fromStack(aPlatform({ text }).platform).findWarning('*', Match.anyValue());
  };

  it('warns of previews that share an account with the platform, and names the key', () => {
    expect(warnings('{ preview: {} }').map(({ entry }) => entry.data)).toEqual([
      expect.stringMatching(
        /^seedbed\.yml: "apps\.shop\.pullRequests": .* with the platform itself: .*another account/,
      ),
    ]);
  });

  it('warns of none that have an account of their own', () => {
    expect(warnings('{ preview: { target: other } }')).toEqual([]);
  });
});
