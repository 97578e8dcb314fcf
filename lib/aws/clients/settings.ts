// The only place where AWS clients are born: a file for each, so that a worker loads only those it names.
import type { LambdaClient } from '@aws-sdk/client-lambda';

/** Where a client works and as whom; for what is left out, as the environment says. */
export interface ClientOptions
  extends Pick<
    ConstructorParameters<typeof LambdaClient>[0] & object,
    'endpoint' | 'region' | 'credentials' | 'maxAttempts'
  > {
  /** Milliseconds until an answer must have begun; 0 for calls that last as long as what they call, as a synchronous Invoke. */
  readonly answerWithin?: number;
}

/** No control call takes that long, and within a worker's 30 seconds there is time for another attempt, and a third. */
const ANSWER_WITHIN = 10_000;
const CONNECT_WITHIN = 2_000;

/**
 * What all clients have in common. "standard" retries back off exponentially with jitter and keep a retry quota, so that
 * an outage is not made worse. A call that nobody answers is given up and tried again: the SDK by itself would wait until
 * the worker's time is over. The endpoint of the local cloud arrives by AWS_ENDPOINT_URL, which the SDK reads.
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
