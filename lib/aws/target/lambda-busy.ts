import { type LambdaClient, ResourceConflictException, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { ReleaseError } from '../../core/contracts/errors';

/**
 * Why Lambda did nothing with a control call: `throttled`, its pool was empty; `in-progress`, an earlier update of the
 * function is (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html). Made of the SDK's errors so that
 * the SDK does not try again by itself: another attempt is another call of the pool, and needs another turn.
 */
export class LambdaBusy extends Error {
  constructor(
    readonly why: 'throttled' | 'in-progress',
    cause: Error,
  ) {
    super(cause.message, { cause });
    this.name = 'LambdaBusy';
  }
}

/** GetFunction has a rate of its own, and no reservations: the SDK tries it again. */
const READS = 'GetFunctionCommand';

/**
 * Makes a Lambda client throw {@link LambdaBusy} where Lambda is, at the first attempt of any control call.
 * @param conflicts whether a conflict means an update in progress; of what is deleted it means that it is in use
 * @returns the client
 */
export function busyAtOnce(client: LambdaClient, { conflicts }: { readonly conflicts: boolean }): LambdaClient {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (commandName === READS) throw error;
          if (error instanceof TooManyRequestsException) throw new LambdaBusy('throttled', error);
          if (conflicts && error instanceof ResourceConflictException) throw new LambdaBusy('in-progress', error);
          throw error;
        }
      },
    // After the retry middleware, which belongs to the step before, and before the error reaches it.
    { step: 'deserialize', priority: 'high', name: 'busyAtOnce' },
  );
  return client;
}

/** If Lambda is still busy after all attempts, throws the error that the state machine tries again. */
export async function throttledIfBusy<T>(name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (
      error instanceof LambdaBusy ||
      error instanceof TooManyRequestsException ||
      error instanceof ResourceConflictException
    ) {
      throw new ReleaseError('Throttled', `Lambda is busy with function "${name}": ${error.message}`, { cause: error });
    }
    throw error;
  }
}
