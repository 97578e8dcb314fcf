// AWS clients are made only in this folder. Each has a file of its own, since code splitting goes by files: in one file
// with the others, every worker would load them all.
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';

/** Where a client works and as whom; the environment decides what is left out. */
export interface ClientOptions extends Pick<LambdaClientConfig, 'endpoint' | 'region' | 'credentials' | 'maxAttempts'> {
  /**
   * Milliseconds until an answer must have begun; 0 for calls that take as long as what they call, such as a
   * synchronous Invoke.
   */
  readonly answerWithin?: number;
}

/** No control call takes that long, and a worker's 30 seconds leave time for a second and a third attempt. */
const ANSWER_WITHIN = 10_000;
const CONNECT_WITHIN = 2_000;

/**
 * What all clients have in common. "standard" retries back off exponentially with jitter and keep a retry quota, so
 * that they do not make an outage worse. A call that gets no answer is given up and tried again: the SDK by itself
 * would wait until the worker's time is over. The SDK reads the local cloud's endpoint from AWS_ENDPOINT_URL.
 */
export const settings = ({ maxAttempts = 5, answerWithin = ANSWER_WITHIN, ...given }: ClientOptions) => ({
  retryMode: 'standard',
  maxAttempts,
  requestHandler: {
    connectionTimeout: CONNECT_WITHIN,
    requestTimeout: answerWithin,
    throwOnRequestTimeout: true, // otherwise it only writes a warning
  },
  ...given,
});
