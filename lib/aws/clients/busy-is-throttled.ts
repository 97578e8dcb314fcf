import { ReleaseError } from '../../core/contracts/errors';

/** Services name the same error differently: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const THROTTLING = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'TooManyUpdates',
  'ProvisionedThroughputExceededException',
]);

/**
 * What is left of throttling after the SDK's retries becomes the error that the state machine retries.
 * @param service who is busy, for the message
 */
export async function busyIsThrottled<T>(service: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && THROTTLING.has(error.name)) {
      throw new ReleaseError('Throttled', `${service} is busy: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
