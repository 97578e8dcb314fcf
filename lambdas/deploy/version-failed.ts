import { ReleaseError } from '../../lib/core/contracts/errors';
import type { FunctionReading } from '../../lib/ports/functions';
import type { NamedFunction } from '../../lib/release/packages/changed-by-hand';

/**
 * Lambda could not make a version, say because its code fails as SnapStart initializes it. Publishing again what has
 * not changed gives the failed version once more.
 */
export const versionFailed = (
  { logicalId, name, version }: NamedFunction & { readonly version: string },
  { failure }: Pick<FunctionReading, 'failure'>,
): ReleaseError =>
  new ReleaseError(
    'FunctionUpdateFailed',
    `version ${version} of function ${logicalId} ("${name}") failed: ${failure ?? 'Lambda gives no reason'}; ` +
      'change its code or configuration, or delete that version if the cause lay elsewhere, then release again',
  );
