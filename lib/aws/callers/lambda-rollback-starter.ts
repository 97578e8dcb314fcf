import type { LambdaClient } from '@aws-sdk/client-lambda';
import { StartRollbackOutput } from '../../core/contracts/payloads';
import type { RollbackStarter } from '../../ports/rollback-starter';
import { invokeWorker } from './invoke-worker';

/**
 * The port RollbackStarter over the worker that starts rollbacks.
 * @param functionName the platform stack's output `StartRollback`
 */
export const lambdaRollbackStarter = (client: LambdaClient, functionName: string): RollbackStarter => ({
  start: (input) => invokeWorker(client, { functionName, output: StartRollbackOutput }, input),
});
