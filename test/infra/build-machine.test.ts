import { Match, Template } from 'aws-cdk-lib/assertions';
import { aPlatform } from './synthesise';

const { apps } = aPlatform({
  text: `
apps:
  shop:
    repository: { codecommit: shop }
    stages:
      dev: {}
      arm: { build: { architecture: arm64, compute: large, docker: true } }
      quick: { build: { compute: lambda } }
      fleet:
        build: { compute: reserved, fleet: 'arn:aws:codebuild:eu-central-1:111122223333:fleet/ours:1' }
      own: { build: { image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/builds:1' } }
      inside:
        build:
          vpc: { id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-1a1b2c3d], securityGroups: [sg-0a1b2c3d] }
`,
});
const template = Template.fromStack(apps);
const project = (stage: string): Record<string, unknown> & { readonly Environment: Record<string, unknown> } =>
  Object.values(
    template.findResources('AWS::CodeBuild::Project', { Properties: { Name: `seedbed-shop_${stage}` } }),
  )[0]!.Properties;

describe('the project of a stage', () => {
  it('has a machine with the processor of functions that do not say', () => {
    expect(project('dev')).toMatchObject({
      Environment: {
        Type: 'LINUX_CONTAINER',
        ComputeType: 'BUILD_GENERAL1_MEDIUM',
        Image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
        ImagePullCredentialsType: 'CODEBUILD',
        PrivilegedMode: false,
      },
      TimeoutInMinutes: 60,
      QueuedTimeoutInMinutes: 480,
    });
    expect(project('dev')).not.toHaveProperty('VpcConfig');
  });

  it('has the machine that the stage asks for', () => {
    expect(project('arm').Environment).toMatchObject({
      Type: 'ARM_CONTAINER',
      ComputeType: 'BUILD_GENERAL1_LARGE',
      Image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
      PrivilegedMode: true,
    });
  });

  it('tells builds for other functions that its architecture was written, and only then', () => {
    const written = { Name: 'SEEDBED_BUILD_ARCHITECTURE', Type: 'PLAINTEXT', Value: 'arm64' };
    expect(project('arm').Environment.EnvironmentVariables).toContainEqual(written);
    expect(JSON.stringify(project('dev').Environment)).not.toContain('SEEDBED_BUILD_ARCHITECTURE');
  });

  it('is on EC2 where builds start in a fleet, for those that cannot, and names the fleet', () => {
    expect(project('fleet').Environment).toMatchObject({
      Type: 'LINUX_CONTAINER',
      ComputeType: 'BUILD_GENERAL1_MEDIUM',
      EnvironmentVariables: expect.arrayContaining([
        expect.objectContaining({ Name: 'SEEDBED_BUILD_FLEET', Value: expect.stringContaining(':fleet/ours:1') }),
      ]),
    });
    expect(project('fleet').Environment).not.toHaveProperty('Fleet');
  });

  it('has nothing on Lambda that CodeBuild refuses there', () => {
    const onLambda = project('quick');
    expect(onLambda.Environment).toMatchObject({
      Type: 'LINUX_LAMBDA_CONTAINER',
      ComputeType: 'BUILD_LAMBDA_4GB',
      Image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22',
    });
    for (const key of ['TimeoutInMinutes', 'QueuedTimeoutInMinutes']) expect(onLambda).not.toHaveProperty(key);
    expect(onLambda.Cache).toEqual({ Type: 'NO_CACHE' });
    expect(JSON.stringify(onLambda.Source)).not.toContain('runtime-versions');
  });

  it('fetches an image of the owner’s with the rights of the build, which has those over that repository', () => {
    expect(project('own').Environment).toMatchObject({ ImagePullCredentialsType: 'SERVICE_ROLE' });
    expect(JSON.stringify(project('own').Source)).not.toContain('buildspec.yml');
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'seedbed-codebuild-shop_own',
      Policies: [
        {
          PolicyDocument: {
            Statement: Match.arrayWith([Match.objectLike({ Action: 'ecr:GetAuthorizationToken', Resource: '*' })]),
          },
        },
      ],
    });
    expect(JSON.stringify(template.toJSON())).toContain(':ecr:eu-central-1:111122223333:repository/builds');
  });

  it('is in the network that the stage names, and may open interfaces there for CodeBuild alone', () => {
    expect(project('inside').VpcConfig).toEqual({
      VpcId: 'vpc-0a1b2c3d',
      Subnets: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'],
      SecurityGroupIds: ['sg-0a1b2c3d'],
    });
    // https://docs.aws.amazon.com/codebuild/latest/userguide/caching-local.html
    expect(project('inside').Cache).toEqual({ Type: 'NO_CACHE' });
    expect(project('dev').Cache).toMatchObject({ Type: 'LOCAL' });
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'seedbed-codebuild-shop_inside',
      Policies: [
        {
          PolicyDocument: {
            Statement: Match.arrayWith([
              Match.objectLike({
                Action: 'ec2:CreateNetworkInterfacePermission',
                Condition: Match.objectLike({ StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' } }),
              }),
            ]),
          },
        },
      ],
    });
  });
});
