import { CloudFormationServiceException } from '@aws-sdk/client-cloudformation';

/**
 * CloudFormation has no error of its own for these answers: all are `ValidationError`, and only the message tells them
 * apart. They are the one place where a message text is matched.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
 */
const says = (error: unknown, text: RegExp): boolean =>
  error instanceof CloudFormationServiceException && error.name === 'ValidationError' && text.test(error.message);

/** @returns whether an update was refused because the stack already is as asked. */
export const saysNoUpdates = (error: unknown): boolean => says(error, NO_UPDATES);

const NO_UPDATES = /No updates are to be performed|The submitted information didn't contain changes/;

/** @returns whether a change set failed for this reason because there was nothing to change. */
export const isNoChange = (reason: string): boolean => NO_UPDATES.test(reason);

/** @returns whether an update cannot be given up because none is under way. */
export const saysNotUpdating = (error: unknown): boolean =>
  says(error, /^CancelUpdateStack cannot be called from current stack status/);

/** @returns whether the stack that was asked for is not there. */
export const saysNoSuchStack = (error: unknown): boolean =>
  // DescribeStacks: "Stack with id x does not exist"; others: "Stack [x] does not exist".
  says(error, /^Stack (with id |\[|:).*does not exist/);

/** @returns whether no stack imports the export that was asked for. */
export const saysNotImported = (error: unknown): boolean => says(error, /is not imported by any stack/);

/** @returns whether a stack was not deleted because its termination protection is on. */
export const saysProtected = (error: unknown): boolean => says(error, /TerminationProtection is enabled/);
