import { isNativeError } from 'node:util/types';
import { isThrottlingError, isTransientError } from '@smithy/core/retry';

/**
 * What an error of a call says of the next attempt.
 *
 * - `throttled`: calls come too fast
 * - `unavailable`: the service is broken or cannot be reached, or its answer was cut off
 * - `refused`: another attempt would fare no better, as far as anybody knows
 */
export type ErrorClass = 'throttled' | 'unavailable' | 'refused';

/** What errors of the AWS SDK and of Node may have; each is there in some. */
interface CallError extends Error {
  readonly code?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
  /** Of attempts at all addresses of a name. */
  readonly errors?: readonly unknown[];
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

/**
 * Of the name that tells of throttling with some services and, with others, that there is enough of something: waiting
 * for that is in vain.
 */
const QUOTA = 'LimitExceededException';
/** Systems Manager's name for throttling, which the SDK does not know. */
const TOO_MANY = 'TooManyUpdates';

/**
 * Why DynamoDB has cancelled a transaction, where another attempt may do: it says so only in the reasons
 * (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors).
 */
const PASSING_REASONS = ['ThrottlingError', 'ProvisionedThroughputExceeded', 'TransactionConflict'];

/** Node's codes of connections that were not made or broke (nodejs.org/api/errors.html), beyond those of the SDK. */
const BROKEN = ['ECONNABORTED', 'EHOSTDOWN', 'ENETDOWN', 'ENETRESET', 'EPROTO', 'ERR_STREAM_PREMATURE_CLOSE'];
const TLS = /^ERR_SSL_/;

/**
 * Classifies an error by what it says beside its name, which services choose as they like: whose fault it is, the
 * status, the code of a connection that broke, the reasons of a cancelled transaction. What the SDK tries again by
 * itself is classified as the SDK does.
 * @param error whatever was thrown
 */
export function classifyError(error: unknown): ErrorClass {
  if (!isError(error)) return 'refused';
  const { name, code, $fault, $metadata, CancellationReasons, cause, errors } = error;
  if (CancellationReasons) return isPassing(CancellationReasons) ? 'throttled' : 'refused';
  if (name === QUOTA) return 'refused';
  if (name === TOO_MANY || isThrottlingError(error as never)) return 'throttled';
  if (isTransientError(error as never)) return 'unavailable';
  if ($fault === 'server' || ($metadata?.httpStatusCode ?? 0) >= 500) return 'unavailable';
  if (typeof code === 'string' && (BROKEN.includes(code) || TLS.test(code))) return 'unavailable';
  if ('$responseBodyText' in error) return 'unavailable'; // half an answer, which the SDK could not read
  return [...(errors ?? []), cause].map(classifyError).find((found) => found !== 'refused') ?? 'refused';
}

/** Errors of Node itself may be of another realm than ours, as in tests: there they are no instances of our Error. */
const isError = (error: unknown): error is CallError => error instanceof Error || isNativeError(error);

/** @returns whether everything that stood in a transaction's way may pass. */
function isPassing(reasons: readonly { readonly Code?: string }[]): boolean {
  const codes = reasons.flatMap(({ Code = 'None' }) => (Code === 'None' ? [] : [Code]));
  return codes.length > 0 && codes.every((code) => PASSING_REASONS.includes(code));
}
