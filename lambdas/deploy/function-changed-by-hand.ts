import { ReleaseError } from '../../lib/core/contracts/errors';

/** The error for a function that someone else changed after we had looked at it and before we changed it. */
export const functionChangedByHand = ({
  logicalId,
  name,
}: {
  readonly logicalId: string;
  readonly name: string;
}): ReleaseError =>
  new ReleaseError(
    'FunctionChangedByHand',
    `someone else changed function ${logicalId} ("${name}") while this release was running, so it was left alone; ` +
      'release again: the whole service is then deployed as its repository says',
  );
