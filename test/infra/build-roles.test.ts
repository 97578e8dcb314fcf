import { Template } from 'aws-cdk-lib/assertions';
import { resolveConfig } from '../../lib/config/resolve-config';
import { buildRoleName, projectRoleName } from '../../lib/core/contracts/stage-build';
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

  it('has a boundary in every account, which denies IAM, the platform’s own, and changes of stacks', () => {
    for (const build of BUILDS) {
      const boundaries = Template.fromStack(build.stack).findResources('AWS::IAM::ManagedPolicy');
      const [[id, boundary]] = Object.entries(boundaries) as [[string, { Properties: { PolicyDocument: object } }]];
      expect(propertiesOf(build).PermissionsBoundary).toEqual({ Ref: id });
      const [, iam, roles, own, stacks] = (boundary.Properties.PolicyDocument as { Statement: readonly object[] })
        .Statement;
      expect(iam).toMatchObject({ Effect: 'Deny', Action: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' });
      expect(roles).toMatchObject({ Effect: 'Deny', Action: 'sts:AssumeRole' });
      expect(own).toMatchObject({ Effect: 'Deny', Action: '*' });
      for (const name of [':parameter/seedbed/*', ':secret:seedbed/*', ':s3:::seedbed-artifacts*', ':table/Seedbed-*'])
        expect(JSON.stringify(own)).toContain(name);
      expect(stacks).toMatchObject({
        Effect: 'Deny',
        NotAction: ['cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*'],
      });
      // IAM's limit for a managed policy.
      expect(JSON.stringify(boundary.Properties.PolicyDocument).length).toBeLessThan(6144);
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

  it('never begin as those of workers do, which deploy roles trust', () => {
    const { builds } = resolveConfig(text, { account: '111122223333', region: 'eu-central-1' });
    for (const { app, stage } of builds) expect(projectRoleName(app, stage)).not.toMatch(/^Seedbed-/);
  });
});
