import { ReleaseError } from '../../core/contracts/errors';

/**
 * The error for a function that someone deleted by hand. CloudFormation does not notice: in its eyes the function is
 * there and unchanged, so no ordinary update of the stack brings it back.
 */
export const functionMissing = ({
  logicalId,
  name,
}: {
  readonly logicalId: string;
  readonly name: string;
}): ReleaseError =>
  new ReleaseError(
    'FunctionMissing',
    `function ${logicalId} ("${name}") was deleted by hand, and CloudFormation does not create it again by itself; ` +
      'take it out of serverless.yml, release, put it back and release once more',
  );
