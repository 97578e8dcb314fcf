import type { LambdaClient } from '@aws-sdk/client-lambda';
import { Diagnosis } from '../../core/contracts/diagnosis';
import type { Doctor } from '../../ports/doctor';
import { invokeWorker } from './invoke-worker';

/**
 * The port Doctor over the worker that examines apps.
 * @param functionName the platform stack's output `Doctor`
 */
export const lambdaDoctor = (client: LambdaClient, functionName: string): Doctor => ({
  examine: (app) => invokeWorker(client, { functionName, output: Diagnosis }, { app }),
});
