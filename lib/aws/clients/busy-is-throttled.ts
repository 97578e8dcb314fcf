import { ReleaseError } from '../../core/contracts/errors';

/**
 * Services have different names for the same error:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
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

/** @returns whether an error of the SDK says that there were too many calls. */
export const isThrottling = (error: unknown): boolean => error instanceof Error && THROTTLING.has(error.name);

/**
 * Calls a service. If it still throttles after the SDK's retries, throws the error that the state machine tries again.
 * @param service its name, for the message
 * @throws ReleaseError `Throttled`
 */
export async function busyIsThrottled<T>(service: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isThrottling(error)) throw error;
    throw new ReleaseError('Throttled', `${service} is busy: ${(error as Error).message}`, { cause: error });
  }
}
