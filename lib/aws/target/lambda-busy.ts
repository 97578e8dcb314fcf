import { ResourceConflictException, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { ReleaseError } from '../../core/contracts/errors';

/** If Lambda still throttles, or reports a conflict, after the SDK's retries, throws the error that is tried again. */
export async function throttledIfBusy<T>(name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof TooManyRequestsException || error instanceof ResourceConflictException) {
      throw new ReleaseError('Throttled', `Lambda is busy with function "${name}": ${error.message}`, { cause: error });
    }
    throw error;
  }
}
