import { createHash } from 'node:crypto';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { canonicalJson, type Json } from '../../core/text/canonical-json';

/**
 * What differs between `$LATEST` and a version of it that is configured alike:
 * https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html. What is not known here counts as
 * configuration: then a version is published that need not be, and never one left out.
 */
const NOT_CONFIGURATION: readonly string[] = [
  ...['CodeSha256', 'CodeSize', 'FunctionArn', 'LastModified', 'MasterArn', 'RevisionId', 'Version'],
  ...['LastUpdateStatus', 'LastUpdateStatusReason', 'LastUpdateStatusReasonCode'],
  ...['State', 'StateReason', 'StateReasonCode'],
];

/** @returns a digest of what a version of a function keeps besides its code. */
export function configurationDigest({ SnapStart, ...others }: FunctionConfiguration): string {
  const kept = Object.entries(others).filter(([key]) => !NOT_CONFIGURATION.includes(key));
  // Of SnapStart the other member says how a version is being made ready.
  const configuration = { ...Object.fromEntries(kept), SnapStart: SnapStart?.ApplyOn };
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(configuration)) as Json))
    .digest('hex');
}
