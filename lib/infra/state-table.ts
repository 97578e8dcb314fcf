import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { OPEN_RELEASES_INDEX } from '../core/contracts/open-releases-index';
import type { Lifetime } from './lifetime';

export interface StateTableProps extends Lifetime {
  /** Name of a table that was restored from a backup, to be used in place of the own one, which stays as it is. */
  readonly restoredTable?: string;
}

/** @returns the table of locks, queues, deployed states and history (keys: docs/architecture.md). */
export function stateTable(scope: Construct, { keep, restoredTable }: StateTableProps): ITableV2 {
  const own = ownTable(scope, { keep });
  return restoredTable === undefined ? own : TableV2.fromTableName(scope, 'RestoredState', restoredTable);
}

const ownTable = (scope: Construct, { keep }: Lifetime): TableV2 =>
  new TableV2(scope, 'State', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: 'expiresAt',
    deletionProtection: keep,
    removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    // Sparse: only releases that wait or run are in it; the sweep reads it.
    globalSecondaryIndexes: [
      {
        indexName: OPEN_RELEASES_INDEX.name,
        partitionKey: { name: OPEN_RELEASES_INDEX.partitionKey, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      },
    ],
  });
