import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { OPEN_RELEASES_INDEX } from '../core/contracts/open-releases-index';
import type { Lifetime } from './lifetime';

/** @returns the table of locks, queues, deployed states and history (keys: docs/architecture.md). */
export const stateTable = (scope: Construct, { keep }: Lifetime): TableV2 =>
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
