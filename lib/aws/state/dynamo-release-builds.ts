import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { BuildRecord } from '../../core/contracts/state';
import type { ReleaseBuilds } from '../../ports/release-builds';
import { leftOut, queryItems } from './state-items';
import { buildKey, buildRecords, stagePartition } from './state-keys';

/** The port ReleaseBuilds over the state table. */
export const dynamoReleaseBuilds = (client: DynamoDBDocumentClient, tableName: string): ReleaseBuilds => ({
  async record(release, build) {
    const Item = { ...buildKey(release, build), ...build };
    await client.send(new PutCommand({ TableName: tableName, Item }));
  },
  async list(release) {
    const query = { tableName, pk: stagePartition(release), prefix: buildRecords(release), orElse: leftOut };
    const builds = await queryItems(client, BuildRecord, query);
    return builds.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  },
});
