// The only place where AWS clients are born: a file for each, so that a worker loads only those it names.
import type { LambdaClient } from '@aws-sdk/client-lambda';

/** Where a client works and as whom; for what is left out, as the environment says. */
export type ClientOptions = Pick<
  ConstructorParameters<typeof LambdaClient>[0] & object,
  'endpoint' | 'region' | 'credentials' | 'maxAttempts'
>;

/**
 * What all clients have in common. "standard" retries back off exponentially with jitter and keep a retry quota, so that
 * an outage is not made worse. The endpoint of the local cloud arrives by AWS_ENDPOINT_URL, which the SDK reads.
 */
export const settings = ({ maxAttempts = 5, ...given }: ClientOptions) => ({
  retryMode: 'standard',
  maxAttempts,
  ...given,
});
