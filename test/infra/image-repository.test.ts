import { Template } from 'aws-cdk-lib/assertions';
import { aPlatform } from './synthesise';

const { apps, otherTargets } = aPlatform({
  text: `
targets:
  production: { account: '444455556666' }
apps:
  shop:
    repository: { codecommit: shop }
    stages:
      dev: { build: { docker: true } }
      prod: { target: production, build: { docker: true } }
      plain: {}
  other:
    repository: { codecommit: other }
    stages: { dev: {} }
`,
});
const template = Template.fromStack(apps);
const json = (value: unknown): string => JSON.stringify(value);

describe('the repository of images of an app', () => {
  const all = Object.entries(template.findResources('AWS::ECR::Repository'));
  const [id, repository] = all[0]!;
  const { Statement: statements } = repository.Properties.RepositoryPolicyText;

  it('is there once for the stages that build with Docker, and not without', () => {
    expect(all).toHaveLength(1);
  });

  it('scans what comes, takes no tag twice, and keeps what has one, also when the app goes', () => {
    expect(repository).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { ImageScanningConfiguration: { ScanOnPush: true }, ImageTagMutability: 'IMMUTABLE' },
    });
    const { rules } = JSON.parse(repository.Properties.LifecyclePolicy.LifecyclePolicyText);
    expect(rules).toEqual([expect.objectContaining({ selection: expect.objectContaining({ tagStatus: 'untagged' }) })]);
  });

  it('is read by Lambda, for functions of the accounts of the app’s stages alone', () => {
    const [lambda] = statements;
    expect(lambda).toMatchObject({
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    });
    const sources = lambda.Condition.StringLike['aws:sourceArn'];
    expect(sources).toHaveLength(2);
    expect(json(sources)).toContain(':444455556666:function:*');
  });

  it('is read by the roles that deploy to another account, and by nobody else there', () => {
    const [, foreign, ...more] = statements;
    expect(json(foreign.Principal)).toContain(':iam::444455556666:root');
    const roles = foreign.Condition.ArnEquals['aws:PrincipalArn'];
    expect(roles).toHaveLength(2);
    for (const role of roles) expect(json(role)).toMatch(/:iam::444455556666:role\/seedbed-/);
    expect(more).toEqual([]);
  });

  it('is read with rights that reach no image of the target’s own account', () => {
    const roles = Object.values(Template.fromStack(otherTargets['444455556666']!).findResources('AWS::IAM::Role'));
    const policies = Object.values(Template.fromStack(otherTargets['444455556666']!).findResources('AWS::IAM::Policy'));
    const reading = [
      ...roles.flatMap(({ Properties }) => Properties.Policies ?? []),
      ...policies.map((one) => one.Properties),
    ]
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Effect, Action }) => Effect === 'Allow' && json(Action).includes('ecr:'));
    expect(reading).toHaveLength(2);
    for (const one of reading)
      expect(one).toMatchObject({
        Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Condition: { StringNotEquals: { 'aws:ResourceAccount': '444455556666' } },
      });
  });

  it('is pushed to by builds of stages with Docker, which learn where it is', () => {
    const policyOf = (stage: string): string =>
      json(
        Object.values(template.findResources('AWS::IAM::Role')).find(
          ({ Properties }) => Properties.RoleName === `seedbed-codebuild-shop_${stage}`,
        )!.Properties.Policies,
      );
    const projectOf = (stage: string): string =>
      json(template.findResources('AWS::CodeBuild::Project', { Properties: { Name: `seedbed-shop_${stage}` } }));
    for (const stage of ['dev', 'prod']) {
      const [, resources] = /"ecr:PutImage".*?"Resource":(\{.*?\})/.exec(policyOf(stage))!;
      expect(JSON.parse(resources!)).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
      expect(projectOf(stage)).toContain('SEEDBED_IMAGE_REPOSITORY');
    }
    expect(policyOf('plain')).not.toContain('ecr:');
    expect(projectOf('plain')).not.toContain('SEEDBED_IMAGE_REPOSITORY');
  });
});
