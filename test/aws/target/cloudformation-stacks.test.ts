import {
  AlreadyExistsException,
  CloudFormationClient,
  CloudFormationServiceException,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  TokenAlreadyExistsException,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudFormationStacks } from '../../../lib/aws/target/cloudformation-stacks';

const client = mockClient(CloudFormationClient);
const stacks = (region = 'eu-central-1') =>
  cloudFormationStacks(new CloudFormationClient({ region }), { bucket: 'art.ifacts', region });
const request = {
  name: 'orders-dev',
  template: 'packages/shop/_/01H/rendered.json',
  executionRoleArn: 'arn:aws:iam::123456789012:role/cloudformation',
  tags: { 'seedbed:app': 'shop' },
  token: '01H-update',
};
const refusal = (message: string, name = 'ValidationError') =>
  new CloudFormationServiceException({ name, message, $fault: 'client', $metadata: {} });
const known = { message: 'known', $metadata: {} };
const event = (id: string, token: string, more: object = {}) => ({
  EventId: id,
  ClientRequestToken: token,
  Timestamp: new Date(0),
  LogicalResourceId: 'Queue',
  PhysicalResourceId: 'queue',
  ResourceType: 'AWS::SQS::Queue',
  ResourceStatus: 'CREATE_COMPLETE' as const,
  StackId: 'stack-id',
  StackName: 'orders-dev',
  ...more,
});

describe('cloudFormationStacks', () => {
  beforeEach(() => client.reset());

  it('gives CloudFormation the template, the role, tags, a token and every capability', async () => {
    client.on(UpdateStackCommand).resolves({});
    expect(await stacks().update(request)).toBe('started');
    expect(client.commandCalls(UpdateStackCommand)[0]!.args[0].input).toEqual({
      StackName: 'orders-dev',
      TemplateURL: 'https://s3.eu-central-1.amazonaws.com/art.ifacts/packages/shop/_/01H/rendered.json',
      RoleARN: request.executionRoleArn,
      Capabilities: ['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      Tags: [{ Key: 'seedbed:app', Value: 'shop' }],
      ClientRequestToken: '01H-update',
    });
  });

  describe('asked what an update would do to nested stacks', () => {
    const storage = (more: object = {}) => ({
      ResourceChange: {
        Action: 'Modify' as const,
        LogicalResourceId: 'Storage',
        PhysicalResourceId: 'arn:storage',
        ResourceType: 'AWS::CloudFormation::Stack',
        Replacement: 'False' as const,
        ...more,
      },
    });
    const set = (Changes: object[]) => ({ Status: 'CREATE_COMPLETE' as const, Changes });
    const nested = { ...request, nested: true };
    const answersInside = (inside: object) => {
      client.on(DescribeChangeSetCommand).resolves(set([storage({ ChangeSetId: 'arn:inside' })]));
      client.on(DescribeChangeSetCommand, { ChangeSetName: 'arn:inside' }).resolves(inside);
      return stacks().foreseen(nested);
    };
    const own = { logicalId: 'Storage', type: 'AWS::CloudFormation::Stack', physicalId: 'arn:storage', removed: false };

    it('has CloudFormation look into them only if it is asked to', async () => {
      client.on(CreateChangeSetCommand).resolves({});
      await stacks().foresee(request);
      await stacks().foresee(nested);
      const asked = client.commandCalls(CreateChangeSetCommand).map(({ args }) => args[0].input.IncludeNestedStacks);
      expect(asked).toEqual([undefined, true]);
    });

    it('tells what becomes of what they hold, and what is retained', async () => {
      const gone = { Action: 'Remove', LogicalResourceId: 'Orders', ResourceType: 'T', PolicyAction: 'Retain' };
      const caused = {
        Target: { RequiresRecreation: 'Always' },
        ChangeSource: 'ResourceAttribute',
        CausingEntity: 'List.Arn',
      };
      const maybe = { Action: 'Modify', LogicalResourceId: 'Url', ResourceType: 'T', Replacement: 'Conditional' };
      const inside = set([{ ResourceChange: gone }, { ResourceChange: { ...maybe, Details: [caused] } }]);
      expect(await answersInside(inside)).toEqual({
        status: 'foreseen',
        isUnchanged: false,
        changes: [
          { ...own, replaced: 'no' },
          { logicalId: 'Storage/Orders', type: 'T', removed: true, replaced: 'no', retained: true },
          { logicalId: 'Storage/Url', type: 'T', removed: false, replaced: 'maybe', causes: ['Storage/List.Arn'] },
        ],
      });
    });

    it('tells that one may take anything if CloudFormation has not looked into it, or could not', async () => {
      const unknown = { status: 'foreseen', changes: [{ ...own, replaced: 'maybe' }] };
      expect(await answersInside({ Status: 'FAILED', StatusReason: 'no value' })).toMatchObject(unknown);
      client.on(DescribeChangeSetCommand).resolves(set([storage()]));
      expect(await stacks().foreseen(nested)).toMatchObject(unknown);
    });

    it('waits for them, and takes what does not change for safe', async () => {
      expect(await answersInside({ Status: 'CREATE_IN_PROGRESS' })).toEqual({ status: 'pending' });
      const none = { Status: 'FAILED', StatusReason: "The submitted information didn't contain changes." };
      expect(await answersInside(none)).toMatchObject({ changes: [{ ...own, replaced: 'no' }] });
    });
  });

  it('tells alarms that roll an update back from alarms over alarms', async () => {
    client.on(UpdateStackCommand).resolves({});
    await stacks().update({ ...request, rollback: { alarms: ['arn:one'], compositeAlarms: ['arn:two'] } });
    expect(client.commandCalls(UpdateStackCommand)[0]!.args[0].input.RollbackConfiguration?.RollbackTriggers).toEqual([
      { Arn: 'arn:one', Type: 'AWS::CloudWatch::Alarm' },
      { Arn: 'arn:two', Type: 'AWS::CloudWatch::CompositeAlarm' },
    ]);
  });

  it('finds templates in China under its own domain', async () => {
    client.on(CreateStackCommand).resolves({});
    await stacks('cn-north-1').create(request);
    expect(client.commandCalls(CreateStackCommand)[0]!.args[0].input.TemplateURL).toMatch(
      /^https:\/\/s3\.cn-north-1\.amazonaws\.com\.cn\//,
    );
  });

  it.each(['No updates are to be performed.', "The submitted information didn't contain changes. Submit different."])(
    'takes "%s" for success without a change',
    async (message) => {
      client.on(UpdateStackCommand).rejects(refusal(message));
      expect(await stacks().update(request)).toBe('unchanged');
    },
  );

  it.each([
    ['another validation error', refusal('Template format error: unsupported structure.')],
    ['the same words in another error', refusal('No updates are to be performed.', 'ThrottlingException')],
  ])('does not take %s for success', async (_, error) => {
    client.on(UpdateStackCommand).rejects(error);
    await expect(stacks().update(request)).rejects.toBe(error);
  });

  it.each(['Stack with id orders-dev does not exist', 'Stack [orders-dev] does not exist'])(
    'knows from "%s" that there is no stack',
    async (message) => {
      client.on(DescribeStacksCommand).rejects(refusal(message));
      client.on(DescribeStackEventsCommand).rejects(refusal(message));
      client.on(GetTemplateCommand).rejects(refusal(message));
      expect(await stacks().template('orders-dev')).toBeUndefined();
      expect(await stacks().describe('orders-dev')).toBeUndefined();
      expect(await stacks().events('orders-dev', 'token')).toBeUndefined();
    },
  );

  it('never takes an access denied for a missing stack', async () => {
    client.on(DescribeStacksCommand).rejects(refusal('Stack [orders-dev] does not exist for you', 'AccessDenied'));
    await expect(stacks().describe('orders-dev')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('takes an operation that it started before for started', async () => {
    client.on(CreateStackCommand).rejects(new TokenAlreadyExistsException(known));
    client.on(UpdateStackCommand).rejects(new TokenAlreadyExistsException(known));
    client.on(DeleteStackCommand).rejects(new TokenAlreadyExistsException(known));
    expect(await stacks().create(request)).toBe('started');
    expect(await stacks().update(request)).toBe('started');
    expect(await stacks().delete('orders-dev', request)).toBe('started');
  });

  it('tells that somebody protects a stack from deletion', async () => {
    const message = 'Stack [orders-dev] cannot be deleted while TerminationProtection is enabled';
    client.on(DeleteStackCommand).rejects(refusal(message));
    expect(await stacks().delete('orders-dev', request)).toBe('protected');
  });

  it('tells when somebody else has created the stack', async () => {
    client.on(CreateStackCommand).rejects(new AlreadyExistsException(known));
    expect(await stacks().create(request)).toBe('exists');
  });

  it("reads an operation's events over pages, oldest first, and no page beyond", async () => {
    const newer = event('9', 'someone-else');
    const own = ['3', '2', '1'].map((id) => event(id, 'ours'));
    const ofStack = event('0', 'ours', { PhysicalResourceId: 'stack-id' });
    client
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [newer, ...own], NextToken: 'more' })
      .resolvesOnce({ StackEvents: [ofStack, event('older', 'before')], NextToken: 'even more' })
      .rejects(new Error('a page too many'));
    const events = await stacks().events('orders-dev', 'ours');
    expect(events!.map(({ id, ofStack }) => [id, ofStack])).toEqual([
      ['0', true],
      ['1', false],
      ['2', false],
      ['3', false],
    ]);
  });

  it('stops at the event that was seen last', async () => {
    client
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: ['3', '2', '1'].map((id) => event(id, 'ours')), NextToken: 'more' })
      .rejects(new Error('a page too many'));
    expect((await stacks().events('orders-dev', 'ours', '2'))!.map(({ id }) => id)).toEqual(['3']);
  });

  it('reads the template as it was given, before any transform', async () => {
    const template = { Transform: 'AWS::LanguageExtensions', Resources: { Queue: { Type: 'AWS::SQS::Queue' } } };
    client.on(GetTemplateCommand).resolves({ TemplateBody: JSON.stringify(template) });
    expect(await stacks().template('orders-dev')).toEqual(template);
    expect(client.commandCalls(GetTemplateCommand)[0]!.args[0].input).toEqual({
      StackName: 'orders-dev',
      TemplateStage: 'Original',
    });
  });

  it.each([
    ['is YAML', 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n'],
    ['loops over resources', '{"Resources":{"Fn::ForEach::Queues":["Name",["A"],{"Queue${Name}":{}}]}}'],
    ['is empty', ''],
  ])('does without the template of a stack that something else made if it %s', async (_, TemplateBody) => {
    client.on(GetTemplateCommand).resolves({ TemplateBody });
    expect(await stacks().template('orders-dev')).toBeUndefined();
  });

  it('names the stacks of all pages that import an export', async () => {
    client
      .on(ListImportsCommand, { ExportName: 'arn' })
      .resolvesOnce({ Imports: ['api', 'web'], NextToken: 'more' })
      .resolvesOnce({ Imports: ['jobs'] });
    expect(await stacks().importers('arn')).toEqual(['api', 'web', 'jobs']);
  });

  it('names the stacks of all pages that are at work; one that only cleans up is not', async () => {
    const summary = (StackName: string) => ({ StackName, CreationTime: new Date(0), StackStatus: undefined });
    client
      .on(ListStacksCommand)
      .resolvesOnce({ StackSummaries: [summary('api'), summary('web')], NextToken: 'more' })
      .resolvesOnce({ StackSummaries: [summary('jobs')] });
    expect(await stacks().inProgress()).toEqual(new Set(['api', 'web', 'jobs']));
    const [call] = client.commandCalls(ListStacksCommand);
    expect([...call!.args[0].input.StackStatusFilter!].sort()).toEqual([
      ...['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'UPDATE_IN_PROGRESS'],
      'UPDATE_ROLLBACK_IN_PROGRESS',
    ]);
  });

  it('takes the refusal of an export that nobody imports for none, and no other', async () => {
    client.on(ListImportsCommand).rejects(refusal("Export 'arn' is not imported by any stack."));
    expect(await stacks().importers('arn')).toEqual([]);
    client.on(ListImportsCommand).rejects(refusal('Rate exceeded', 'Throttling'));
    await expect(stacks().importers('arn')).rejects.toThrow('Rate exceeded');
  });

  it('names the functions of all pages and nothing else', async () => {
    const resource = (LogicalResourceId: string, more: object = {}) => ({
      LogicalResourceId,
      PhysicalResourceId: `orders-dev-${LogicalResourceId}`,
      ResourceType: 'AWS::Lambda::Function',
      ResourceStatus: 'CREATE_COMPLETE' as const,
      LastUpdatedTimestamp: new Date(0),
      ...more,
    });
    client
      .on(ListStackResourcesCommand)
      .resolvesOnce({
        StackResourceSummaries: [resource('List'), resource('Role', { ResourceType: 'AWS::IAM::Role' })],
        NextToken: 'more',
      })
      .resolvesOnce({
        StackResourceSummaries: [resource('Create'), resource('Old', { ResourceStatus: 'DELETE_COMPLETE' })],
      });
    expect(await stacks().functionNames('orders-dev')).toEqual({
      List: 'orders-dev-List',
      Create: 'orders-dev-Create',
    });
  });

  it('tells what a failed deletion left, and why', async () => {
    const bucket = {
      LogicalResourceId: 'Uploads',
      ResourceType: 'AWS::S3::Bucket',
      PhysicalResourceId: 'uploads-dev',
      ResourceStatus: 'DELETE_FAILED' as const,
      ResourceStatusReason: 'not empty',
      LastUpdatedTimestamp: undefined,
    };
    const gone = { ...bucket, LogicalResourceId: 'Queue', ResourceStatus: 'DELETE_COMPLETE' as const };
    client.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [bucket, gone] });
    expect(await stacks().resources('orders-dev')).toEqual([
      {
        logicalId: 'Uploads',
        type: 'AWS::S3::Bucket',
        physicalId: 'uploads-dev',
        status: 'DELETE_FAILED',
        reason: 'not empty',
      },
    ]);
  });
});
