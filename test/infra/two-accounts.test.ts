import { Match, Template } from 'aws-cdk-lib/assertions';
import { aPlatform } from './synthesise';

const OTHER = '444455556666';
const ROLE = `arn:aws:iam::${OTHER}:role/seedbed-deploy`;
/** @returns the value with the partition filled in, and what is joined of texts alone as text. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Ref === 'AWS::Partition') return 'aws';
  const parts = join?.[1].map(plain);
  if (parts?.every((part) => typeof part === 'string')) return parts.join(join![0]);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const { platform, otherTargets } = aPlatform({
  text: `
targets:
  production: { account: '${OTHER}' }
  own-role: { account: '777788889999', deployRoleArn: 'arn:aws:iam::777788889999:role/team-deploys' }
apps:
  shop:
    repository: { codecommit: shop }
    stages:
      dev: { branches: [main] }
      prod: { branches: [release], target: production }
      else: { target: own-role }
`,
});

const inOther = () => Template.fromJSON(plain(Template.fromStack(otherTargets[OTHER]!).toJSON()) as object);
const inPlatform = () => Template.fromJSON(plain(Template.fromStack(platform).toJSON()) as object);

describe('a stage in another account', () => {
  it('gives that account a stack of its own, unless its owner has made a deploy role', () => {
    expect(Object.keys(otherTargets)).toEqual([OTHER]);
    expect(otherTargets[OTHER]).toMatchObject({ account: OTHER, region: 'eu-central-1' });
  });

  it('lets only the workers of the platform assume its deploy role', () => {
    inOther().hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'seedbed-deploy',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: root('111122223333'),
            Condition: {
              StringEquals: { 'sts:ExternalId': 'seedbed' },
              ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/seedbed/Seedbed-*' },
            },
          },
        ],
      },
    });
  });

  it('reads bundles from the bucket of the platform and templates of its own account, and nothing else from it', () => {
    const reads = { Action: ['s3:GetObject', 's3:GetObjectVersion'], Effect: 'Allow' };
    inOther().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            ...reads,
            Resource: [
              'arn:aws:s3:::seedbed-artifacts*/bundles/*',
              `arn:aws:s3:::seedbed-artifacts*/rendered/${OTHER}/*`,
            ],
            Condition: { StringEquals: { 'aws:ResourceAccount': '111122223333' } },
          },
        ]),
      },
    });
    // CloudFormation's role reads them when a stack makes a function.
    const readers = [
      `arn:aws:iam::${OTHER}:role/seedbed-cloudformation`,
      ROLE,
      'arn:aws:iam::777788889999:role/seedbed-cloudformation',
      'arn:aws:iam::777788889999:role/team-deploys',
    ];
    const allowed = Match.objectLike({
      ...reads,
      Principal: { AWS: [OTHER, '777788889999'].map((account) => `arn:aws:iam::${account}:root`) },
      Resource: ['/bundles/*', '/rendered/${aws:PrincipalAccount}/*'].map((keys) => ({
        'Fn::Join': ['', [Match.anyValue(), keys]],
      })),
      Condition: { ArnEquals: { 'aws:PrincipalArn': readers } },
    });
    inPlatform().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([allowed]) },
    });
  });

  it('has a bucket whose name begins as that account expects', () => {
    const [bucket] = Object.keys(
      Template.fromStack(platform).findResources('AWS::S3::Bucket', {
        Properties: { VersioningConfiguration: { Status: 'Enabled' } },
      }),
    );
    // CloudFormation names it <stack>-<logical id>-<letters>, in lower case.
    expect(`${platform.stackName}-${bucket}`.toLowerCase()).toMatch(/^seedbed-artifacts/);
  });

  it('is assumed by the workers of the platform', () => {
    inPlatform().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: 'sts:AssumeRole', Resource: Match.arrayWith([ROLE]) })]),
      },
    });
  });
});
