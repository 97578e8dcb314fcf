import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { aPlatform } from './synthesise';

jest.setTimeout(120_000);

const { platform, target } = aPlatform();
const template = Template.fromStack(platform);

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}
/** @returns the statements of the policies of roles whose logical id matches. */
const statements = (of: Template, role: RegExp): Statement[] =>
  Object.values(of.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => role.test(Ref)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
const actions = (of: Template, role: RegExp): string[] =>
  [...new Set(statements(of, role).flatMap(({ Action }) => Action))].sort();

describe('what holds state', () => {
  it('keeps its logical ids, or an update would replace it', () => {
    expect(Object.keys(template.findResources('AWS::DynamoDB::GlobalTable'))).toEqual(['State1C20CC9A']);
    expect(Object.keys(template.findResources('AWS::S3::Bucket'))).toEqual(['Artifacts82DD59A1']);
  });

  it('outlives its stack', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Retain' });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ],
    });
  });

  it('goes with its stack on the local cloud', () => {
    const local = Template.fromStack(aPlatform({ keep: false }).platform);
    local.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    local.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })],
    });
  });

  it('is versioned, encrypted, private and asks for TLS', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });
});

describe('a build', () => {
  it('can clone, and write artifacts, logs and reports; it never holds the power to deploy', () => {
    const allowed = actions(template, /^BuildProjectRole/);
    expect(allowed.map((action) => action.split(':')[0])).toEqual(
      expect.arrayContaining(['codebuild', 'codecommit', 'logs', 's3']),
    );
    expect(allowed.filter((action) => /^(?!codebuild:|codecommit:GitPull|logs:|s3:)/.test(action))).toEqual([]);
    expect(allowed.filter((action) => action.startsWith('s3:') && /Delete|Policy|\*$/.test(action))).toEqual([
      's3:GetBucket*',
      's3:GetObject*',
      's3:List*',
    ]);
  });

  it('clones connected repositories only', () => {
    const [pull] = statements(template, /^BuildProjectRole/).filter(({ Action }) => Action === 'codecommit:GitPull');
    expect(JSON.stringify(pull!.Resource)).toMatch(/:shop.*:blog/);
  });
});

describe('the workers', () => {
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));

  it('have a role each', () => {
    const roles = functions.map(({ Properties }) => JSON.stringify(Properties.Role));
    expect(new Set(roles).size).toBe(functions.length);
  });

  it('run on arm64, are traced and keep logs for three months', () => {
    template.allResourcesProperties('AWS::Lambda::Function', {
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: Match.anyValue(),
    });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  it('hold no right over everything but to send traces', () => {
    const everything = statements(template, /Workers/).filter(({ Resource }) => Resource === '*');
    expect(new Set(everything.flatMap(({ Action }) => Action))).toEqual(
      new Set(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']),
    );
  });

  it('reach a target through its deploy role only', () => {
    const direct = actions(template, /Workers/).filter((action) => /^(lambda|cloudformation|iam):/.test(action));
    expect(direct).toEqual([]);
    expect(statements(template, /DecideRole/).find(({ Action }) => Action === 'sts:AssumeRole')!.Resource).toEqual(
      'arn:aws:iam::111122223333:role/seedbed-deploy',
    );
  });

  it('leave bundles to builds', () => {
    const writes = statements(template, /Workers/).filter(({ Action }) => [Action].flat().includes('s3:PutObject'));
    expect(writes.length).toBeGreaterThan(0);
    for (const { Resource } of writes) expect(JSON.stringify(Resource)).toMatch(/\/packages\/\*/);
  });
});

describe('events', () => {
  it('bring pushes to each connected repository, and to no other', () => {
    const rules = Object.values(template.findResources('AWS::Events::Rule'))
      .map(({ Properties }) => Properties.EventPattern)
      .filter((pattern) => pattern?.source[0] === 'aws.codecommit');
    expect(rules.map(({ resources }) => JSON.stringify(resources))).toEqual([
      expect.stringMatching(/:shop"/),
      expect.stringMatching(/:blog"/),
    ]);
  });

  it('tell finish of every end of a release', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        detail: { status: ['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT'] },
      },
    });
  });
});

describe('the target', () => {
  const targetTemplate = Template.fromStack(target);

  it('lets only the platform’s workers assume its deploy role, with the external id', () => {
    targetTemplate.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'seedbed-deploy',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: {
              StringEquals: { 'sts:ExternalId': 'seedbed' },
              ArnLike: { 'aws:PrincipalArn': Match.objectLike({}) },
            },
          }),
        ],
      },
    });
  });

  it.each([
    ['cloudformation', 'cloudformation-stacks.ts', ['cloudformation:TagResource']],
    ['lambda', 'lambda-functions.ts', []],
  ])('lets the deploy role make the calls of %s that its adapter makes, and no others', (service, adapter, more) => {
    const source = readFileSync(join(__dirname, '../../lib/aws', adapter), 'utf8');
    const calls = [...source.matchAll(/new (\w+)Command\(/g)].map(([, call]) => `${service}:${call}`);
    expect(calls.length).toBeGreaterThan(0);
    const allowed = actions(targetTemplate, /Deploy/).filter((action) => action.startsWith(`${service}:`));
    expect(allowed).toEqual([...new Set([...calls, ...more])].sort());
  });

  it('lets the deploy role pass on the CloudFormation role and no other', () => {
    const passing = statements(targetTemplate, /Deploy/).filter(({ Action }) => Action === 'iam:PassRole');
    expect(passing).toEqual([
      expect.objectContaining({ Resource: { 'Fn::GetAtt': [expect.stringMatching(/CloudFormation/), 'Arn'] } }),
    ]);
  });
});
