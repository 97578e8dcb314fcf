import type { LambdaClient } from '@aws-sdk/client-lambda';
import { StartReleaseOutput } from '../../core/contracts/payloads';
import type { StageRemover } from '../../ports/stage-remover';
import { invokeWorker } from './invoke-worker';

/**
 * The port StageRemover over the worker that starts removals.
 * @param functionName the platform stack's output `RemoveStage`
 */
export const lambdaStageRemover = (client: LambdaClient, functionName: string): StageRemover => ({
  start: (input) => invokeWorker(client, { functionName, output: StartReleaseOutput }, input),
});
