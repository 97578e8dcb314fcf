import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { KnownRepository } from '../../core/contracts/state';
import { isSameName } from '../../core/trigger/same-repository';
import type { KnownRepositories } from '../../ports/known-repositories';
import { parseItem } from './state-items';
import { repositoryKey } from './state-keys';

/** The port KnownRepositories over the state table. */
export function dynamoKnownRepositories(client: DynamoDBDocumentClient, tableName: string): KnownRepositories {
  async function find(app: string): Promise<KnownRepository | undefined> {
    const read = new GetCommand({ TableName: tableName, Key: repositoryKey(app), ConsistentRead: true });
    const { Item } = await client.send(read);
    return Item && parseItem(KnownRepository, Item);
  }
  return {
    find,
    async learn(app, found) {
      const known = await find(app);
      if (known && isSameName(known.repository, found.repository)) return known;
      const condition = known
        ? { ConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': known.id } }
        : { ConditionExpression: 'attribute_not_exists(pk)' };
      try {
        const Item = { ...repositoryKey(app), ...found };
        await client.send(new PutCommand({ TableName: tableName, Item, ...condition }));
        return found;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // Another worker was faster.
        return (await find(app)) ?? found;
      }
    },
  };
}
