import { AwsError } from '../calls/aws-error';

/** How a service says that calls come too fast, and that it is its own fault; by signing name. */
const ANSWERS: Readonly<Record<string, readonly [throttle: readonly [string, number], error: string]>> = {
  dynamodb: [['ProvisionedThroughputExceededException', 400], 'InternalServerError'],
  lambda: [['TooManyRequestsException', 429], 'ServiceException'],
  s3: [['SlowDown', 503], 'InternalError'],
  // The services of the query protocol have no exceptions of their own for it.
  cloudformation: [['Throttling', 400], 'InternalFailure'],
  sts: [['Throttling', 400], 'InternalFailure'],
};
const OTHERS = [['ThrottlingException', 400], 'InternalFailure'] as const;

/** @returns the error of a service, by its signing name, to which calls come too fast. */
export function throttlingError(service: string): AwsError {
  const [[code, status]] = ANSWERS[service] ?? OTHERS;
  return new AwsError(code, 'Rate exceeded', status);
}

/** @returns the error of a service, by its signing name, in which something is broken. */
export function internalError(service: string): AwsError {
  const [, code] = ANSWERS[service] ?? OTHERS;
  return new AwsError(code, 'We encountered an internal error. Please try again.', 500);
}
