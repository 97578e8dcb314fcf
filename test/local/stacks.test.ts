import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListExportsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { type ACloud, aCloud, eventually, ROLE } from './a-cloud';

describe('stacks of the local cloud', () => {
  let at: ACloud;
  let cloudFormation: CloudFormationClient;

  beforeAll(async () => {
    at = await aCloud('stacks');
    cloudFormation = new CloudFormationClient({ ...at.client, maxAttempts: 12 }); // it throttles
  });
  afterAll(() => at.cloud.stop());

  const describeStack = async (StackName: string) =>
    (await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks![0]!;
  const settled = (StackName: string) =>
    eventually(async () => {
      const stack = await describeStack(StackName);
      return /_IN_PROGRESS$/.test(stack.StackStatus!) ? undefined : stack;
    });
  const create = async (StackName: string, template: object) => {
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
    return settled(StackName);
  };
  const update = async (StackName: string, template: object) => {
    await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
    return settled(StackName);
  };
  const eventsOf = async (StackName: string) =>
    (await cloudFormation.send(new DescribeStackEventsCommand({ StackName }))).StackEvents ?? [];

  it('has no function URL whose names of an alias contradict each other', async () => {
    const code = { ZipFile: 'exports.handler = async () => 1;' };
    const fn = { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE, Code: code };
    const alias = (Name: string) => ({
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: { Ref: 'Fn' }, FunctionVersion: { 'Fn::GetAtt': ['One', 'Version'] }, Name },
    });
    const url = (Qualifier: string) => ({
      Resources: {
        Fn: { Type: 'AWS::Lambda::Function', Properties: fn },
        One: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
        Live: alias('live'),
        Prod: alias('prod'),
        Url: {
          Type: 'AWS::Lambda::Url',
          DependsOn: 'Prod',
          Properties: { TargetFunctionArn: { Ref: 'Live' }, Qualifier, AuthType: 'NONE' },
        },
      },
    });
    expect(await create('url-of-one', url('live'))).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    await create('url-of-two', url('prod'));
    const failed = (await eventsOf('url-of-two')).find(
      ({ LogicalResourceId: id, ResourceStatusReason: why }) => id === 'Url' && why,
    );
    expect(failed?.ResourceStatusReason).toContain(
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  });

  it('describes a state machine as its API does, and keeps versions of functions that templates name no more', async () => {
    const template = (number: number) => ({
      Resources: {
        Fn: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            ...{ FunctionName: 'versioned', Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE },
            Code: { ZipFile: `exports.handler = async () => ${number};` },
          },
        },
        [`Version${number}`]: {
          Type: 'AWS::Lambda::Version',
          DeletionPolicy: 'RetainExceptOnCreate',
          UpdateReplacePolicy: 'Retain',
          Properties: { FunctionName: { Ref: 'Fn' } },
        },
        Logs: { Type: 'AWS::Logs::LogGroup', Properties: {} },
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: {
            StateMachineName: 'logging',
            RoleArn: ROLE,
            LoggingConfiguration: {
              Level: 'ALL',
              IncludeExecutionData: true,
              Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': ['Logs', 'Arn'] } } }],
            },
            DefinitionString: {
              'Fn::Sub': `{"StartAt":"One","States":{"One":{"Type":"Task","Resource":"\${Version${number}}","End":true}}}`,
            },
          },
        },
      },
    });
    const described = async () => {
      const client = new SFNClient(at.client);
      const stateMachineArn = `arn:aws:states:${at.cloud.region}:${at.cloud.accountId}:stateMachine:logging`;
      return client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    };
    expect(await create('logging', template(1))).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    expect((await described()).definition).toContain(':function:versioned:1"');
    expect(await update('logging', template(2))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    const { definition, loggingConfiguration } = await described();
    expect(definition).toContain(':function:versioned:2"');
    expect(loggingConfiguration).toMatchObject({
      level: 'ALL',
      includeExecutionData: true,
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: expect.stringContaining(':log-group:') } }],
    });
    const { Versions } = await new LambdaClient(at.client).send(
      new ListVersionsByFunctionCommand({ FunctionName: 'versioned' }),
    );
    expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  });

  describe('an export', () => {
    const queue = (QueueName: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
    const exporting = (name: string, from: string, more: object = {}) => ({
      Resources: { Jobs: queue(`${name}-jobs`), Other: queue(`${name}-other`) },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': [from, 'Arn'] }, Export: { Name: `${name}-arn` } }, ...more },
    });
    const importing = (name: string) => ({
      Resources: {
        Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { 'Fn::ImportValue': name } } },
      },
    });
    const without = (name: string) => ({ Resources: exporting(name, 'Jobs').Resources });
    const listed = async (name: string) => {
      const { Exports = [] } = await cloudFormation.send(new ListExportsCommand({}));
      return Exports.some((found) => found.Name === name);
    };

    it('that is imported can be neither changed nor removed by an update', async () => {
      await create('kept', exporting('kept', 'Jobs'));
      await create('user', importing('kept-arn'));
      for (const [template, change] of [
        [exporting('kept', 'Other'), 'updated'],
        [without('kept'), 'deleted'],
      ] as const) {
        expect(await update('kept', template)).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
        const reason = `Export kept-arn cannot be ${change} as it is in use by user`;
        expect((await eventsOf('kept')).map(({ ResourceStatusReason }) => ResourceStatusReason)).toContain(reason);
        expect(await listed('kept-arn')).toBe(true);
      }
      const more = { Name: { Value: 'more' } };
      expect(await update('kept', exporting('kept', 'Jobs', more))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    });

    it('that is imported keeps its stack, whose status tells why', async () => {
      await create('held', exporting('held', 'Jobs'));
      await create('holder-a', importing('held-arn'));
      await create('holder-b', importing('held-arn'));
      await cloudFormation.send(new DeleteStackCommand({ StackName: 'held' }));
      expect(await settled('held')).toMatchObject({
        StackStatus: 'CREATE_COMPLETE',
        StackStatusReason: 'Export held-arn cannot be deleted as it is in use by holder-a and holder-b',
      });
      for (const StackName of ['holder-a', 'holder-b', 'held'])
        await cloudFormation.send(new DeleteStackCommand({ StackName }));
      await eventually(async () => ((await listed('held-arn')) ? undefined : true));
    });

    it('that was removed is listed no more', async () => {
      await create('forgotten', exporting('forgotten', 'Jobs'));
      expect(await listed('forgotten-arn')).toBe(true);
      await update('forgotten', without('forgotten'));
      expect(await listed('forgotten-arn')).toBe(false);
    });
  });

  describe('AWS::Lambda::Version', () => {
    const resources = (name: string, version: object, more: object = {}) => ({
      Resources: {
        Hello: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: name,
            Runtime: 'nodejs22.x',
            Handler: 'index.handler',
            Role: ROLE,
            Code: { ZipFile: 'exports.handler = async () => 1' },
          },
        },
        Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Hello' }, ...version } },
        ...more,
      },
    });

    it('fails where the code is not that of its CodeSha256', async () => {
      const stack = await create('other-code', resources('other-code', { CodeSha256: 'bm90IGl0' }));
      expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
      const failed = (await eventsOf('other-code')).find((event) => event.ResourceStatus === 'CREATE_FAILED');
      expect(failed).toMatchObject({
        LogicalResourceId: 'Version',
        ResourceStatusReason: expect.stringContaining('CodeSHA256 (bm90IGl0) is different from current CodeSHA256'),
      });
    });

    it('fails where nothing has changed since the last version, whatever its description', async () => {
      await create('unchanged', resources('unchanged', {}));
      const again = {
        Type: 'AWS::Lambda::Version',
        DependsOn: 'Version',
        Properties: { FunctionName: { Ref: 'Hello' }, Description: 'another' },
      };
      const stack = await update('unchanged', resources('unchanged', {}, { Again: again }));
      expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
      const failed = (await eventsOf('unchanged')).find(
        (event) => event.LogicalResourceId === 'Again' && event.ResourceStatusReason,
      );
      expect(failed).toMatchObject({
        LogicalResourceId: 'Again',
        ResourceStatusReason: expect.stringContaining('A version for this Lambda function exists ( 1 )'),
      });
    });
  });

  it('gives a function another URL where its qualifier changes', async () => {
    const template = (Qualifier: string) => {
      const alias = (Name: string) => ({
        Type: 'AWS::Lambda::Alias',
        Properties: { FunctionName: { Ref: 'Hello' }, Name, FunctionVersion: '$LATEST' },
      });
      const Properties = { TargetFunctionArn: { Ref: 'Hello' }, AuthType: 'NONE', Qualifier };
      return {
        Resources: {
          Hello: {
            Type: 'AWS::Lambda::Function',
            Properties: {
              Runtime: 'nodejs22.x',
              Handler: 'index.handler',
              Role: ROLE,
              Code: { ZipFile: 'exports.handler = async () => 1' },
            },
          },
          Live: alias('live'),
          Next: alias('next'),
          Url: { Type: 'AWS::Lambda::Url', DependsOn: ['Live', 'Next'], Properties },
        },
        Outputs: { Url: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } },
      };
    };
    const before = (await create('url', template('live'))).Outputs![0]!.OutputValue;
    const { StackStatus, Outputs } = await update('url', template('next'));
    expect(StackStatus).toBe('UPDATE_COMPLETE');
    expect(Outputs![0]!.OutputValue).not.toBe(before);
  });
});
