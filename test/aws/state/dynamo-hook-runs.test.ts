import { ConditionalCheckFailedException, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { dynamoDbClient } from '../../../lib/aws/clients/dynamodb';
import { dynamoHookRuns } from '../../../lib/aws/state/dynamo-hook-runs';
import { aHookRun } from '../../builders';
import { HastyClock } from '../../test-clock';

const client = mockClient(DynamoDBDocumentClient);
const hookRuns = dynamoHookRuns(dynamoDbClient({ region: 'eu-central-1' }), 'seedbed-hooks', new HastyClock());
const runs = Array.from({ length: 30 }, (_, index) => aHookRun({ group: `F${index}` }));
const put = (group: string) => ({ PutRequest: { Item: { group } } });
const outcome = { deploymentId: 'd-1', executionId: 'e-1', at: '2026-01-02T03:04:05.678Z' };

describe('dynamoHookRuns', () => {
  beforeEach(() => client.reset());

  it('writes 25 runs a call, and those again that DynamoDB left for later', async () => {
    client
      .on(BatchWriteCommand)
      .resolvesOnce({ UnprocessedItems: { 'seedbed-hooks': [put('F3'), put('F7')] } })
      .resolvesOnce({})
      .resolves({ UnprocessedItems: {} });
    await hookRuns.prepare(runs);
    const batches = client
      .commandCalls(BatchWriteCommand)
      .map(({ args }) => args[0].input.RequestItems!['seedbed-hooks']!);
    expect(batches.map((batch) => batch.length)).toEqual([25, 5, 2]);
    expect(batches[2]).toEqual([put('F3'), put('F7')]);
  });

  it('gives up with an error that is tried again if DynamoDB takes no more', async () => {
    client.on(BatchWriteCommand).resolves({ UnprocessedItems: { 'seedbed-hooks': [put('F0')] } });
    await expect(hookRuns.prepare([aHookRun()])).rejects.toMatchObject({ code: 'Throttled' });
  });

  it('reads all pages of an application, as they are now', async () => {
    client
      .on(QueryCommand)
      .resolvesOnce({ Items: [runs[0]!], LastEvaluatedKey: { application: 'a', group: 'F0' } })
      .resolves({ Items: [runs[1]!] });
    expect(await hookRuns.list('a')).toEqual([runs[0], runs[1]]);
    const inputs = client.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(inputs.map(({ ConsistentRead }) => ConsistentRead)).toEqual([true, true]);
    expect(inputs[1]!.ExclusiveStartKey).toEqual({ application: 'a', group: 'F0' });
  });

  it('begins an execution under the condition that it is new, and ends it without', async () => {
    client.on(UpdateCommand).resolves({});
    const run = aHookRun();
    await hookRuns.record(run, 'BeforeAllowTraffic', { ...outcome, status: 'running' });
    await hookRuns.record(run, 'BeforeAllowTraffic', { ...outcome, status: 'passed' });
    const [begin, end] = client.commandCalls(UpdateCommand).map(({ args }) => args[0].input.ConditionExpression);
    expect(begin).toContain('moments.#moment.executionId <> :executionId');
    expect(end).toBe('releaseId = :releaseId');
  });

  it('tells a run of another release from a failure', async () => {
    const refusal = { message: 'refused', $metadata: {} };
    client
      .on(UpdateCommand)
      .rejectsOnce(new ConditionalCheckFailedException(refusal))
      .rejects(new DynamoDBServiceException({ name: 'AccessDeniedException', $fault: 'client', ...refusal }));
    const record = () => hookRuns.record(aHookRun(), 'AfterAllowTraffic', { ...outcome, status: 'passed' });
    expect(await record()).toBe(false);
    await expect(record()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
