import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { ReleaseKey } from '../../core/contracts/release';
import { DeployedThen, ServiceRecord, ServiceState } from '../../core/contracts/state';
import { deployedThen } from '../../core/deploy/deployed-then';
import { releaseSuperseded } from '../../core/record/fencing';
import { unreadableRecord, unreadableState } from '../../core/record/read-stored';
import type { ServiceChange, ServiceMark, ServiceStates } from '../../ports/service-states';
import { parseItem, queryItems, refused } from './state-items';
import { deployedKey, SERVICES, serviceKey, serviceRecordKey, serviceRecords, stagePartition } from './state-keys';
import { retryConflicts, transact } from './transaction';
import { updateParts } from './update-expression';

/** The same release may write again, since workers are repeated, unless it has been closed. */
const NOT_NEWER = '(attribute_not_exists(releaseId) OR releaseId <= :releaseId)';
const NOT_CLOSED = '(attribute_not_exists(closedBy) OR closedBy <> :releaseId)';

/** The port ServiceStates over the state table. */
export function dynamoServiceStates(client: DynamoDBDocumentClient, tableName: string): ServiceStates {
  const update = (release: ReleaseKey, path: string, change: Partial<ServiceState>) => ({
    TableName: tableName,
    Key: serviceKey(release, path),
    ...updateParts({ ...change, path, releaseId: release.id }),
  });
  const fencedUpdate = (release: ReleaseKey, path: string, change: ServiceChange & ServiceMark) => ({
    ...update(release, path, change),
    ConditionExpression: `${NOT_NEWER} AND ${NOT_CLOSED}`,
  });
  /** @returns whether the condition held */
  const updateIf = async (input: UpdateCommandInput): Promise<boolean> => {
    try {
      await retryConflicts(() => client.send(new UpdateCommand(input)));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  const put = (Item: Record<string, unknown>) => ({ Put: { TableName: tableName, Item } });

  return {
    list: (stage) =>
      queryItems(client, ServiceState, {
        tableName,
        pk: stagePartition(stage),
        prefix: SERVICES,
        orElse: (item, why) => unreadableState(String(item.sk).slice(SERVICES.length), item, why),
      }),

    async find(stage, path) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: serviceKey(stage, path), ConsistentRead: true }),
      );
      return Item && parseItem(ServiceState, Item, (item, why) => unreadableState(path, item, why));
    },

    async beginService(release, path, mark) {
      const begun = fencedUpdate(release, path, { status: 'deploying', ...mark });
      try {
        await retryConflicts(() => client.send(new UpdateCommand(begun)));
      } catch (error) {
        throw error instanceof ConditionalCheckFailedException ? releaseSuperseded(release, path) : error;
      }
    },

    async endService(release, change, record) {
      const then = deployedThen(release, change, record.path);
      const [isNewest] = await transact(client, [
        { Update: fencedUpdate(release, record.path, change) },
        put({ ...serviceRecordKey(release, record.path), ...record }),
        ...(then ? [put({ ...deployedKey(release, record.path, release.id), ...then })] : []),
      ]);
      if (!isNewest) throw releaseSuperseded(release, record.path);
    },

    async closeService(release, record) {
      const closed = update(release, record.path, { status: 'failed', closedBy: release.id });
      const [isNewest] = await transact(client, [
        { Update: { ...closed, ConditionExpression: NOT_NEWER } },
        put({ ...serviceRecordKey(release, record.path), ...record }),
      ]);
      if (!isNewest) throw releaseSuperseded(release, record.path);
    },

    async deployedAt(stage, path, releaseId) {
      const { pk, sk } = deployedKey(stage, path, releaseId);
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: { ':pk': pk, ':first': deployedKey(stage, path, '').sk, ':last': sk },
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      return Items[0] && parseItem(DeployedThen, Items[0]);
    },

    lastDeployed: (stage, path, count) =>
      queryItems(client, DeployedThen, {
        tableName,
        pk: stagePartition(stage),
        orElse: refused,
        prefix: deployedKey(stage, path, '').sk,
        newestFirst: true,
        limit: count,
      }),

    async forgetService(release, record) {
      const [isNewest] = await transact(client, [
        {
          Delete: {
            TableName: tableName,
            Key: serviceKey(release, record.path),
            ConditionExpression: `${NOT_NEWER} AND ${NOT_CLOSED}`,
            ExpressionAttributeValues: { ':releaseId': release.id },
          },
        },
        put({ ...serviceRecordKey(release, record.path), ...record }),
      ]);
      if (!isNewest) throw releaseSuperseded(release, record.path);
    },

    async hold(stage, path, held) {
      const Key = serviceKey(stage, path);
      const ConditionExpression = 'attribute_exists(pk)';
      return updateIf({ TableName: tableName, Key, ...updateParts({ held }), ConditionExpression });
    },

    async endHold(stage, path, { at }) {
      const parts = updateParts({}, { remove: ['held'], names: { '#at': 'at' }, values: { ':at': at } });
      const Key = serviceKey(stage, path);
      await updateIf({ TableName: tableName, Key, ...parts, ConditionExpression: '#held.#at = :at' });
    },

    records: (release) =>
      queryItems(client, ServiceRecord, {
        tableName,
        pk: stagePartition(release),
        prefix: serviceRecords(release),
        orElse: ({ sk }, why) => unreadableRecord(String(sk).slice(serviceRecords(release).length), why),
      }),
  };
}
