import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { SeenRefs } from '../../core/contracts/state';
import type { Reconciliations } from '../../ports/reconciliations';
import { leftOut, parseItem } from './state-items';
import { seenKey } from './state-keys';

/** The port Reconciliations over the state table. */
export const dynamoReconciliations = (client: DynamoDBDocumentClient, tableName: string): Reconciliations => ({
  async find(app) {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: seenKey(app) }));
    // Without it this look is the first.
    return Item && parseItem(SeenRefs, Item, leftOut);
  },
  async keep(app, seen) {
    await client.send(new PutCommand({ TableName: tableName, Item: { ...seenKey(app), ...seen } }));
  },
});
