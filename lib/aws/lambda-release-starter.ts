import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { isErrorCode, ReleaseError } from '../core/errors';
import { StartReleaseOutput } from '../core/payloads';
import type { ReleaseStarter } from '../ports/release-starter';

/** What Lambda answers for a function that threw: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
const Thrown = z.object({ errorType: z.string(), errorMessage: z.string() });

/**
 * The port ReleaseStarter over the worker that starts releases.
 * @param functionName the platform stack's output `StartRelease`
 */
export function lambdaReleaseStarter(client: LambdaClient, functionName: string): ReleaseStarter {
  return {
    async start(input) {
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(input) }),
      );
      const answer: unknown = JSON.parse(Payload?.transformToString() || 'null');
      if (FunctionError === undefined) return StartReleaseOutput.parse(answer);
      const { errorType, errorMessage } = Thrown.parse(answer);
      if (isErrorCode(errorType)) throw new ReleaseError(errorType, errorMessage);
      throw new Error(`${functionName} stopped with ${errorType}: ${errorMessage}`);
    },
  };
}
