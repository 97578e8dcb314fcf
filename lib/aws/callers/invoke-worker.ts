import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { isErrorCode, ReleaseError } from '../../core/contracts/errors';

/** What Lambda answers for a function that threw: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
const Thrown = z.object({ errorType: z.string(), errorMessage: z.string() });

/**
 * Calls one of the platform's workers and waits for its answer.
 * @throws ReleaseError as the worker threw it
 */
export async function invokeWorker<T>(
  client: LambdaClient,
  { functionName, output }: { readonly functionName: string; readonly output: z.ZodType<T> },
  input: unknown,
): Promise<T> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(input) }),
  );
  const answer: unknown = JSON.parse(Payload?.transformToString() || 'null');
  if (FunctionError === undefined) return output.parse(answer);
  const { errorType, errorMessage } = Thrown.parse(answer);
  if (isErrorCode(errorType)) throw new ReleaseError(errorType, errorMessage);
  throw new Error(`${functionName} stopped with ${errorType}: ${errorMessage}`);
}
