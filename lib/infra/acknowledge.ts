import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Accepts a finding of cdk-nag (https://github.com/cdklabs/cdk-nag) for a construct and all below it.
 * @param reason why it is right here; for whoever reviews the platform
 */
export const acknowledge = (construct: IConstruct, id: `AwsSolutions-${string}`, reason: string): void =>
  Validations.of(construct).acknowledge({ id, reason });
