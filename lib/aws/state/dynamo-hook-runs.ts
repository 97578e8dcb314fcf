import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { ReleaseError } from '../../core/contracts/errors';
import { HookRun } from '../../core/contracts/hook-run';
import type { Clock } from '../../ports/clock';
import type { HookRuns } from '../../ports/hook-runs';
import { busyIsThrottled } from '../clients/busy-is-throttled';
import { chunks } from '../clients/chunks';
import { SYSTEM_CLOCK } from '../system-clock';

/**
 * The most that BatchWriteItem takes:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
const ITEMS_PER_CALL = 25;
const TRIES = 8;
const PAUSE_MS = 50;

/** The port HookRuns over the target's table of hooks: `application` is its partition key, `group` its sort key. */
export function dynamoHookRuns(
  client: DynamoDBDocumentClient,
  tableName: string,
  clock: Clock = SYSTEM_CLOCK,
): HookRuns {
  const write = (some: Requests[string]) => writeAll(client, { [tableName]: some }, clock);
  return {
    prepare: async (runs) => {
      const requests = runs.map((run) => ({ PutRequest: { Item: run } }));
      await Promise.all(chunks(requests, ITEMS_PER_CALL).map(write));
    },

    async list(application) {
      const found: HookRun[] = [];
      const query = {
        TableName: tableName,
        KeyConditionExpression: 'application = :application',
        ExpressionAttributeValues: { ':application': application },
        ConsistentRead: true,
      };
      await busyIsThrottled('DynamoDB', async () => {
        for await (const page of paginateQuery({ client }, query)) {
          found.push(...(page.Items ?? []).map((item) => HookRun.parse(item)));
        }
      });
      return found;
    },

    async find(application, group) {
      const input = { TableName: tableName, Key: { application, group }, ConsistentRead: true };
      const { Item } = await busyIsThrottled('DynamoDB', () => client.send(new GetCommand(input)));
      return Item && HookRun.parse(Item);
    },

    async record({ application, group, releaseId }, moment, outcome) {
      const isBeginning = outcome.status === 'running';
      const once = ' AND (attribute_not_exists(moments.#moment) OR moments.#moment.executionId <> :executionId)';
      const input = {
        TableName: tableName,
        Key: { application, group },
        UpdateExpression: 'SET moments.#moment = :outcome',
        ConditionExpression: `releaseId = :releaseId${isBeginning ? once : ''}`,
        ExpressionAttributeNames: { '#moment': moment },
        ExpressionAttributeValues: {
          ':outcome': outcome,
          ':releaseId': releaseId,
          ...(isBeginning && { ':executionId': outcome.executionId }),
        },
      };
      try {
        await busyIsThrottled('DynamoDB', () => client.send(new UpdateCommand(input)));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

type Requests = NonNullable<BatchWriteCommandInput['RequestItems']>;

/** Writes all items, and those again that DynamoDB left out of a batch. */
async function writeAll(client: DynamoDBDocumentClient, requests: Requests, clock: Clock): Promise<void> {
  let left: Requests | undefined = requests;
  for (let attempt = 1; ; attempt += 1) {
    const input: BatchWriteCommandInput = { RequestItems: left };
    ({ UnprocessedItems: left } = await busyIsThrottled('DynamoDB', () => client.send(new BatchWriteCommand(input))));
    if (!left || Object.keys(left).length === 0) return;
    if (attempt === TRIES) throw new ReleaseError('Throttled', 'DynamoDB is busy: it did not store all hook runs');
    await clock.sleep(Math.random() * PAUSE_MS * 2 ** attempt);
  }
}
