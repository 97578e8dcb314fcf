import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ReleaseId } from '../../core/contracts/release';
import { NO_NOTICE, Notice } from '../../core/notices/notice';
import type { Notices } from '../../ports/notices';
import { parseItem } from './state-items';
import { noticeKey, noticeTurnKey } from './state-keys';
import { updateParts } from './update-expression';

/** Releases left to whoever has the turn; DynamoDB has no empty sets, so an absent one is empty. */
const Left = z.object({ left: z.set(ReleaseId).optional() });

/** The port Notices over the state table. */
export function dynamoNotices(client: DynamoDBDocumentClient, tableName: string): Notices {
  /** @returns the attributes before the change, or undefined if the condition does not hold */
  async function change(parts: Omit<UpdateCommand['input'], 'TableName'>): Promise<object | undefined> {
    try {
      const update = new UpdateCommand({ TableName: tableName, ReturnValues: 'ALL_OLD', ...parts });
      return (await client.send(update)).Attributes ?? {};
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  return {
    async begin(release, { by, now, until }) {
      const Key = noticeTurnKey(release);
      const taken = await change({
        Key,
        ConditionExpression: 'attribute_not_exists(#by) OR #by = :by OR #until <= :now',
        ...updateParts({ by, until }, { values: { ':now': now } }),
      });
      if (taken) return true;
      const left = await change({
        Key,
        ConditionExpression: 'attribute_exists(#by)',
        UpdateExpression: 'ADD #left :ids',
        ExpressionAttributeNames: { '#by': 'by', '#left': 'left' },
        ExpressionAttributeValues: { ':ids': new Set([release.id]) },
      });
      // The turn has just ended.
      return left ? false : this.begin(release, { by, now, until });
    },

    async end(stage, { by }, failed) {
      const Key = noticeTurnKey(stage);
      const ended = await change({
        Key,
        ConditionExpression: '#by = :me AND attribute_not_exists(#left)',
        ...updateParts(
          { left: failed.length > 0 ? new Set(failed) : undefined },
          { remove: ['by', 'until'], names: { '#left': 'left' }, values: { ':me': by } },
        ),
      });
      if (ended) return [];
      const before = await change({
        Key,
        ConditionExpression: '#by = :me',
        ...updateParts({}, { remove: ['left'], names: { '#by': 'by' }, values: { ':me': by } }),
      });
      return before ? [...(Left.parse(before).left ?? [])].sort() : [];
    },

    async find(release) {
      const read = new GetCommand({ TableName: tableName, Key: noticeKey(release), ConsistentRead: true });
      const { Item } = await client.send(read);
      return Item ? parseItem(Notice, Item) : NO_NOTICE;
    },

    async record(release, values) {
      await client.send(new UpdateCommand({ TableName: tableName, Key: noticeKey(release), ...updateParts(values) }));
    },
  };
}
