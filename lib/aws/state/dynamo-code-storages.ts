import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { CodeStorage } from '../../core/contracts/state';
import type { CodeStorages } from '../../ports/code-storages';
import { leftOut, queryItems } from './state-items';
import { STORAGE_PARTITION, STORAGES, storageKey } from './state-keys';

/** The port CodeStorages over the state table. */
export const dynamoCodeStorages = (client: DynamoDBDocumentClient, tableName: string): CodeStorages => ({
  async keep(storage) {
    await client.send(new PutCommand({ TableName: tableName, Item: { ...storageKey(storage), ...storage } }));
  },
  list: () => queryItems(client, CodeStorage, { tableName, pk: STORAGE_PARTITION, prefix: STORAGES, orElse: leftOut }),
});
