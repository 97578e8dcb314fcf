import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { PlannedAt } from '../../core/contracts/state';
import type { PlannedBases } from '../../ports/planned-bases';
import { leftOut, parseItem } from './state-items';
import { plannedKey } from './state-keys';

/** The port PlannedBases over the state table. */
export const dynamoPlannedBases = (client: DynamoDBDocumentClient, tableName: string): PlannedBases => ({
  async find(stage) {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: plannedKey(stage) }));
    // Without it the services' own commits are the bases.
    return Item && parseItem(PlannedAt, Item, leftOut);
  },
  async keep(stage, planned) {
    await client.send(new PutCommand({ TableName: tableName, Item: { ...plannedKey(stage), ...planned } }));
  },
});
