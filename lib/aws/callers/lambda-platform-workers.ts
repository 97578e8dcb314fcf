import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { Diagnosis } from '../../core/contracts/diagnosis';
import { isErrorCode, ReleaseError } from '../../core/contracts/errors';
import { CancelOutput, PreviewOutput, StartReleaseOutput, StartRollbackOutput } from '../../core/contracts/payloads';
import type { PlatformWorkers } from '../../ports/platform-workers';

/** Names of the workers' functions: outputs of the platform's stack. */
export interface WorkerFunctions {
  readonly StartRelease: string;
  readonly StartRollback: string;
  readonly CancelRelease: string;
  readonly PreviewRelease: string;
  readonly RemoveStage: string;
  readonly Doctor: string;
}

/** The port PlatformWorkers over Lambda. Every call waits for the worker's answer. */
export function lambdaPlatformWorkers(client: LambdaClient, functions: WorkerFunctions): PlatformWorkers {
  /** @throws ReleaseError as the worker threw it */
  async function call<Output>(functionName: string, input: object, output: z.ZodType<Output>): Promise<Output> {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(input) }),
    );
    const answer: unknown = JSON.parse(Payload?.transformToString() || 'null');
    if (FunctionError === undefined) return output.parse(answer);
    const { errorType, errorMessage } = Thrown.parse(answer);
    if (isErrorCode(errorType)) throw new ReleaseError(errorType, errorMessage);
    throw new Error(`${functionName} stopped with ${errorType}: ${errorMessage}`);
  }

  return {
    startRelease: (input) => call(functions.StartRelease, input, StartReleaseOutput),
    startRollback: (input) => call(functions.StartRollback, input, StartRollbackOutput),
    cancelRelease: (input) => call(functions.CancelRelease, input, CancelOutput),
    previewRelease: (input) => call(functions.PreviewRelease, input, PreviewOutput),
    removeStage: (input) => call(functions.RemoveStage, input, StartReleaseOutput),
    diagnose: (app) => call(functions.Doctor, { app }, Diagnosis),
  };
}

/**
 * What Lambda answers for a function that threw: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
const Thrown = z.object({ errorType: z.string(), errorMessage: z.string() });
