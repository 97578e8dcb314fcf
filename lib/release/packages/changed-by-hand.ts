import { ReleaseError } from '../../core/contracts/errors';

/** A function, for an error about it. */
export interface NamedFunction {
  readonly logicalId: string;
  /** Physical name. */
  readonly name: string;
}

/**
 * @returns the error for a function that someone deleted by hand. CloudFormation does not notice: in its eyes the
 * function is there and unchanged, so no ordinary update of the stack brings it back
 */
export const functionMissing = ({ logicalId, name }: NamedFunction): ReleaseError =>
  new ReleaseError(
    'FunctionMissing',
    `function ${logicalId} ("${name}") was deleted by hand, and CloudFormation does not create it again by itself; ` +
      'take it out of serverless.yml, release, put it back and release once more',
  );

/** @returns the error for a function that someone else changed after we had looked at it and before we changed it. */
export const functionChangedByHand = ({ logicalId, name }: NamedFunction): ReleaseError =>
  new ReleaseError(
    'FunctionChangedByHand',
    `someone else changed function ${logicalId} ("${name}") while this release was running, so it was left alone; ` +
      'release again: the whole service is then deployed as its repository says',
  );
