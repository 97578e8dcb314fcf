import type { LambdaClient } from '@aws-sdk/client-lambda';
import { StartReleaseOutput } from '../../core/contracts/payloads';
import type { ReleaseStarter } from '../../ports/release-starter';
import { invokeWorker } from './invoke-worker';

/**
 * The port ReleaseStarter over the worker that starts releases.
 * @param functionName the platform stack's output `StartRelease`
 */
export const lambdaReleaseStarter = (client: LambdaClient, functionName: string): ReleaseStarter => ({
  start: (input) => invokeWorker(client, { functionName, output: StartReleaseOutput }, input),
});
