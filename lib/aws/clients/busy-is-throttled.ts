import { ReleaseError } from '../../core/contracts/errors';
import { classifyError } from './classify-error';

/**
 * Calls a service. If it still throttles after the SDK's retries, throws the error that the state machine tries again.
 * @param service its name, for the message
 * @throws ReleaseError `Throttled`
 */
export async function busyIsThrottled<T>(service: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (classifyError(error) !== 'throttled') throw error;
    throw new ReleaseError('Throttled', `${service} is busy: ${(error as Error).message}`, { cause: error });
  }
}
