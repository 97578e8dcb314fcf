import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/**
 * @returns the table in which calls are reserved that all releases share: an item for each account and Region, of worth
 * for seconds. It goes with the stack, and without it workers pace themselves
 */
export const callsTable = (scope: Construct): TableV2 =>
  new TableV2(scope, 'Calls', {
    partitionKey: { name: 'pool', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    removalPolicy: RemovalPolicy.DESTROY,
  });
