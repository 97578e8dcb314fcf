import type { LambdaClient } from '@aws-sdk/client-lambda';

/**
 * Makes a Lambda client retry 409 ResourceConflictException like a throttling error: with exponential backoff and
 * jitter, out of the same retry quota. Lambda answers it while an earlier update of the function is in progress
 * (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html), which the SDK does not retry by itself.
 *
 * @returns the client
 */
export function retryingConflicts(client: LambdaClient): LambdaClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceConflictException') {
          Object.assign(error, { $retryable: { throttling: true } });
        }
        throw error;
      }
    },
    // After the retry middleware, which belongs to the step before, and before the error reaches it.
    { step: 'deserialize', priority: 'high', name: 'retryingConflicts' },
  );
  return client;
}
