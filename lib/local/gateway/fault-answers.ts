import { AwsError } from '../calls/aws-error';

/** What services answer when calls come too fast, and when they themselves are broken; by signing name. */
const ANSWERS: Readonly<Record<string, readonly [throttle: readonly [string, number], error: string]>> = {
  dynamodb: [['ProvisionedThroughputExceededException', 400], 'InternalServerError'],
  lambda: [['TooManyRequestsException', 429], 'ServiceException'],
  s3: [['SlowDown', 503], 'InternalError'],
  // Services of the query protocol have no exceptions of their own for this.
  cloudformation: [['Throttling', 400], 'InternalFailure'],
  sts: [['Throttling', 400], 'InternalFailure'],
};
const OTHERS = [['ThrottlingException', 400], 'InternalFailure'] as const;

/** @param service signing name @returns the error with which the service refuses calls that come too fast. */
export function throttlingError(service: string): AwsError {
  const [[code, status]] = ANSWERS[service] ?? OTHERS;
  return new AwsError(code, 'Rate exceeded', status);
}

/** @param service signing name @returns the error that the service answers when it is broken. */
export function internalError(service: string): AwsError {
  const [, code] = ANSWERS[service] ?? OTHERS;
  return new AwsError(code, 'We encountered an internal error. Please try again.', 500);
}
