import { ReleaseError } from '../core/contracts/errors';
import { classifyError } from './clients/classify-error';

/** Why trying again may help, as errors of ours that the state machines try again. */
const CODES = { throttled: 'Throttled', unavailable: 'ServiceUnavailable' } as const;

/**
 * Makes a step the handler of a worker: an error of AWS or of the network that may pass becomes one of ours, so that
 * the state machine tries the step again whatever the service calls it. Errors that are ours, or nobody's fault but
 * ours, stay as they are.
 */
export const workerHandler =
  <Input extends readonly unknown[], Output>(step: (...input: Input) => Promise<Output>) =>
  async (...input: Input): Promise<Output> => {
    try {
      return await step(...input);
    } catch (error) {
      if (error instanceof ReleaseError) throw error;
      const found = classifyError(error);
      if (found === 'refused') throw error;
      const { name, message } = error as Error;
      throw new ReleaseError(CODES[found], `${name}: ${message || 'AWS gave no reason'}`, { cause: error });
    }
  };
