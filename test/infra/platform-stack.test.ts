import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HOOK_FUNCTIONS } from '../../lib/core/contracts/code-deploy-names';
import { HOOK_MOMENTS } from '../../lib/core/contracts/started-shift';
import { registeredFields } from '../local/event-registry';
import { aPlatform } from './synthesise';

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
  it('lets go of versions of artifacts that were written over, and of no current one', () => {
    const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
    expect(bucket!.Properties.LifecycleConfiguration.Rules).toEqual([
      {
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        ExpiredObjectDeleteMarker: true,
      },
    ]);
  });

  it('keeps its logical ids, or an update would replace it', () => {
    expect(Object.keys(template.findResources('AWS::DynamoDB::GlobalTable'))).toEqual([
      'State1C20CC9A',
      'Calls3682725C',
    ]);
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

const CALL_BACK = ['states:SendTaskFailure', 'states:SendTaskHeartbeat', 'states:SendTaskSuccess'];

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

  it('hold no right over everything but to send traces, and one each to read quotas and to call states back', () => {
    const everything = statements(template, /Workers/).filter(({ Resource }) => Resource === '*');
    const actions = everything.flatMap(({ Action }) => Action);
    // None of them takes resources.
    const ofOne = ['servicequotas:ListServiceQuotas', 'lambda:GetAccountSettings', ...CALL_BACK];
    expect(new Set(actions)).toEqual(new Set(['xray:PutTelemetryRecords', 'xray:PutTraceSegments', ...ofOne]));
    expect(actions.filter((action) => ofOne.includes(action)).sort()).toEqual([...ofOne].sort());
  });

  it('reach a target through its deploy role only', () => {
    const direct = actions(template, /Workers/).filter((action) => /^(lambda|cloudformation|iam):/.test(action));
    // Of the platform's own account: its quota, and the versions of its own workers.
    expect(direct).toEqual(['lambda:DeleteFunction', 'lambda:GetAccountSettings', 'lambda:ListVersionsByFunction']);
    const deletes = statements(template, /PruneRole/).find(({ Action }) => Action === 'lambda:DeleteFunction');
    // With a qualifier: never a worker itself.
    expect(JSON.stringify(deletes!.Resource)).toMatch(/:function:Seedbed-\*:\*"\]\]\}$/);
    expect(statements(template, /DecideRole/).find(({ Action }) => Action === 'sts:AssumeRole')!.Resource).toEqual(
      'arn:aws:iam::111122223333:role/seedbed-deploy',
    );
  });

  it('may stop releases to cancel them, and write nothing but state', () => {
    const allowed = actions(template, /WorkersCancel/).filter((action) => !/^(xray|logs|dynamodb):/.test(action));
    expect(allowed).toEqual([
      ...['events:PutEvents', 'ssm:GetParameter', 'ssm:GetParametersByPath'],
      ...['states:DescribeExecution', 'states:StartExecution', 'states:StopExecution'],
    ]);
  });

  it('may start and stop releases to roll back, and write nothing but state', () => {
    const allowed = actions(template, /RollbackRole/).filter((action) => !/^(xray|logs):/.test(action));
    expect(allowed).toEqual([
      ...['dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      ...[
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'events:PutEvents',
        's3:GetObject',
        's3:ListBucket',
        'ssm:GetParameter',
      ],
      ...[
        'ssm:GetParametersByPath',
        'states:DescribeExecution',
        'states:StartExecution',
        'states:StopExecution',
        'sts:AssumeRole',
      ],
    ]);
    const stop = statements(template, /RollbackRole/).find(({ Action }) =>
      [Action].flat().includes('states:StopExecution'),
    );
    expect(JSON.stringify(stop!.Resource)).toMatch(/:execution:Seedbed-Release:\*/);
  });

  it('leave bundles to builds', () => {
    const writes = statements(template, /Workers/).filter(({ Action }) => [Action].flat().includes('s3:PutObject'));
    expect(writes.length).toBeGreaterThan(0);
    for (const { Resource } of writes) expect(JSON.stringify(Resource)).toMatch(/\/(packages|rendered)\/\*/);
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

  it('are waited for by rules that name only what EventBridge’s registry has', () => {
    const patterns = Object.values(template.findResources('AWS::Events::Rule'))
      .map(({ Properties }) => Properties.EventPattern)
      .filter((pattern) => pattern?.source[0].startsWith('aws.'));
    expect(patterns.length).toBeGreaterThan(1);
    for (const { source, 'detail-type': detailTypes, detail } of patterns) {
      const registered = registeredFields(source[0], detailTypes[0]);
      expect([...registered.keys()]).toEqual(expect.arrayContaining(Object.keys(detail)));
    }
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

  /**
   * DynamoDB's document client names its commands otherwise than the calls; those of the hook functions are not here.
   */
  const CALLS: Readonly<Record<string, string>> = { BatchWrite: 'BatchWriteItem' };
  const HOOKS_ONLY = ['Get', 'Update'];

  it.each([
    ['cloudformation', ['target/cloudformation-stacks.ts'], ['cloudformation:TagResource']],
    ['lambda', ['target/lambda-functions.ts', 'target/lambda-invokers.ts', 'target/lambda-versions.ts'], []],
    [
      'codedeploy',
      ['target/codedeploy-groups.ts', 'target/codedeploy-shifts.ts'],
      // CreateDeployment asks for them.
      ['codedeploy:GetDeploymentConfig', 'codedeploy:RegisterApplicationRevision'],
    ],
    ['cloudwatch', ['target/cloudwatch-alarms.ts'], []],
    ['dynamodb', ['state/dynamo-hook-runs.ts'], []],
  ])('lets the deploy role make the calls of %s that its adapter makes, and no others', (service, adapters, more) => {
    const source = adapters.map((file) => readFileSync(join(__dirname, '../../lib/aws', file), 'utf8')).join('\n');
    const calls = [...source.matchAll(/new (\w+)Command\(|\bpaginate(\w+)\(/g)]
      .map(([, sent, paged]) => sent ?? paged!)
      .filter((call) => service !== 'dynamodb' || !HOOKS_ONLY.includes(call))
      .map((call) => `${service}:${CALLS[call] ?? call}`);
    expect(calls.length).toBeGreaterThan(0);
    const allowed = actions(targetTemplate, /RolesDeploy/).filter((action) => action.startsWith(`${service}:`));
    expect(allowed).toEqual([...new Set([...calls, ...more])].sort());
  });

  it('lets the deploy role do nothing else', () => {
    const services = actions(targetTemplate, /RolesDeploy/).map((action) => action.split(':')[0]);
    expect([...new Set(services)]).toEqual([
      'cloudformation',
      'cloudwatch',
      'codedeploy',
      'dynamodb',
      'ecr',
      'iam',
      'kms',
      'lambda',
      's3',
    ]);
  });

  it('lets the deploy role change CodeDeploy’s applications, groups and configurations of the platform only', () => {
    const changing = statements(targetTemplate, /RolesDeploy/).filter(({ Action }) =>
      [Action].flat().some((action) => /^codedeploy:(Create|Delete|Register|Update)/.test(action)),
    );
    const resources = changing.flatMap(({ Resource }) => [Resource].flat()).map((one) => JSON.stringify(one));
    expect(resources).toEqual([
      expect.stringMatching(/:application:seedbed-\*"/),
      expect.stringMatching(/:deploymentgroup:seedbed-\*\/\*"/),
      expect.stringMatching(/:deploymentconfig:Seedbed\.\*"/),
    ]);
  });

  it('lets the deploy role stop deployments and report on hooks, which AWS allows for all of an account or for none', () => {
    const onAll = statements(targetTemplate, /RolesDeploy/).filter(({ Resource }) => Resource === '*');
    expect(onAll.flatMap(({ Action }) => [Action].flat()).filter((action) => action.startsWith('codedeploy:'))).toEqual(
      [
        'codedeploy:BatchGetDeployments',
        'codedeploy:ListDeployments',
        'codedeploy:PutLifecycleEventHookExecutionStatus',
        'codedeploy:StopDeployment',
      ],
    );
  });

  it('lets the deploy role pass on the roles of CloudFormation and CodeDeploy and no other', () => {
    const passing = statements(targetTemplate, /RolesDeploy/).filter(({ Action }) => Action === 'iam:PassRole');
    expect(passing).toEqual([
      expect.objectContaining({ Resource: { 'Fn::GetAtt': [expect.stringMatching(/RolesCloudFormation/), 'Arn'] } }),
      expect.objectContaining({
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/RolesCodeDeploy/), 'Arn'] },
        Condition: { StringEquals: { 'iam:PassedToService': 'codedeploy.amazonaws.com' } },
      }),
    ]);
  });

  it('lets CodeDeploy move aliases, call the hook functions, watch alarms and tell topics, and nothing else', () => {
    targetTemplate.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'seedbed-codedeploy',
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Principal: { Service: 'codedeploy.amazonaws.com' } })],
      },
    });
    expect(actions(targetTemplate, /RolesCodeDeploy/)).toEqual([
      'cloudwatch:DescribeAlarms',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'lambda:GetAlias',
      'lambda:GetProvisionedConcurrencyConfig',
      'lambda:InvokeFunction',
      'lambda:UpdateAlias',
      'sns:Publish',
    ]);
    const [invoking] = statements(targetTemplate, /RolesCodeDeploy/).filter(
      ({ Action }) => Action === 'lambda:InvokeFunction',
    );
    expect([invoking!.Resource].flat().map((one) => JSON.stringify(one))).toEqual(
      ['Before', 'After'].map((when) => expect.stringMatching(`:function:CodeDeployHook_Seedbed${when}Traffic"`)),
    );
  });

  describe.each(HOOK_MOMENTS)('the hook function of %s', (moment) => {
    it('is called by its name, knows its moment, waits as long as a function may run, and is tried again if it dies', () => {
      targetTemplate.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: HOOK_FUNCTIONS[moment],
        Timeout: 900,
        Environment: { Variables: Match.objectLike({ MOMENT: moment }) },
      });
      expect(Object.values(targetTemplate.findResources('AWS::Lambda::EventInvokeConfig'))).toContainEqual(
        expect.objectContaining({
          Properties: expect.objectContaining({
            FunctionName: { Ref: expect.stringMatching(moment) },
            MaximumRetryAttempts: 2,
          }),
        }),
      );
    });

    it('may read a deployment and its run, leave an outcome, invoke hooks, and let rollbacks of the platform go on', () => {
      const role = new RegExp(`Hooks${moment}Role`);
      expect(actions(targetTemplate, role)).toEqual([
        'codedeploy:BatchGetDeployments',
        'codedeploy:PutLifecycleEventHookExecutionStatus',
        'dynamodb:GetItem',
        'dynamodb:UpdateItem',
        'lambda:InvokeFunction',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ]);
    });
  });

  it('keeps what became of hooks encrypted, for a while, and takes it along when it goes', () => {
    targetTemplate.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Delete',
      Properties: Match.objectLike({
        TableName: 'seedbed-hooks',
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        KeySchema: [
          { AttributeName: 'application', KeyType: 'HASH' },
          { AttributeName: 'group', KeyType: 'RANGE' },
        ],
      }),
    });
  });
});
