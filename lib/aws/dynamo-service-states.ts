import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { releaseSuperseded } from '../core/fencing';
import type { ReleaseKey } from '../core/release';
import { ServiceRecord, ServiceState } from '../core/state';
import type { ServiceChange, ServiceMark, ServiceStates } from '../ports/service-states';
import { parseItem, queryItems } from './state-items';
import { SERVICES, serviceKey, serviceRecordKey, serviceRecords, stagePartition } from './state-keys';
import { retryConflicts, transact } from './transaction';
import { updateParts } from './update-expression';

/** The port ServiceStates over the state table. */
export function dynamoServiceStates(client: DynamoDBDocumentClient, tableName: string): ServiceStates {
  const fencedUpdate = (release: ReleaseKey, path: string, change: ServiceChange & ServiceMark) => ({
    TableName: tableName,
    Key: serviceKey(release, path),
    // The same release may write again: workers are repeated.
    ConditionExpression: 'attribute_not_exists(releaseId) OR releaseId <= :releaseId',
    ...updateParts({ ...change, path, releaseId: release.id }),
  });

  return {
    list: (stage) => queryItems(client, ServiceState, { tableName, pk: stagePartition(stage), prefix: SERVICES }),

    async find(stage, path) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: serviceKey(stage, path), ConsistentRead: true }),
      );
      return Item && parseItem(ServiceState, Item);
    },

    async beginService(release, path, mark) {
      const update = fencedUpdate(release, path, { status: 'deploying', ...mark });
      try {
        await retryConflicts(() => client.send(new UpdateCommand(update)));
      } catch (error) {
        throw error instanceof ConditionalCheckFailedException ? releaseSuperseded(release, path) : error;
      }
    },

    async endService(release, change, record) {
      const [isNewest] = await transact(client, [
        { Update: fencedUpdate(release, record.path, change) },
        { Put: { TableName: tableName, Item: { ...serviceRecordKey(release, record.path), ...record } } },
      ]);
      if (!isNewest) throw releaseSuperseded(release, record.path);
    },

    records: (release) =>
      queryItems(client, ServiceRecord, { tableName, pk: stagePartition(release), prefix: serviceRecords(release) }),
  };
}
