import type { LambdaClient } from '@aws-sdk/client-lambda';
import { CancelOutput } from '../../core/contracts/payloads';
import type { ReleaseCanceller } from '../../ports/release-canceller';
import { invokeWorker } from './invoke-worker';

/**
 * The port ReleaseCanceller over the worker that cancels releases.
 * @param functionName the platform stack's output `CancelRelease`
 */
export const lambdaReleaseCanceller = (client: LambdaClient, functionName: string): ReleaseCanceller => ({
  cancel: (input) => invokeWorker(client, { functionName, output: CancelOutput }, input),
});
