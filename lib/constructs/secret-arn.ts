import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** @returns the ARN, for a policy, of a secret of the stack's own account and region, by its name. */
export const secretArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    // Secrets Manager ends the ARN of a secret with six characters of its own.
    resourceName: `${name}-??????`,
  });
