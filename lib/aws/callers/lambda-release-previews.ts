import type { LambdaClient } from '@aws-sdk/client-lambda';
import { PreviewOutput } from '../../core/contracts/payloads';
import type { ReleasePreviews } from '../../ports/release-previews';
import { invokeWorker } from './invoke-worker';

/**
 * The port ReleasePreviews over the worker that plans without a release.
 * @param functionName the platform stack's output `PreviewRelease`
 */
export const lambdaReleasePreviews = (client: LambdaClient, functionName: string): ReleasePreviews => ({
  plan: (input) => invokeWorker(client, { functionName, output: PreviewOutput }, input),
});
