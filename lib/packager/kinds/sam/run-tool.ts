import type { LocalCode } from '../../../core/sam/local-code';
import { type Command, requireCommand } from '../../run-command';
import type { Workspace } from '../../workspace';

/** Where code is built. */
export interface CodeSurroundings {
  readonly workspace: Workspace;
  /** Path of the template in the repository, as messages name it. */
  readonly file: string;
  /** Where the paths in the template start. */
  readonly directory: string;
  /** Empty directory for what is built. */
  readonly out: string;
}

/** @throws ReleaseError `PackageFailed` naming the function or layer, with the last lines of the program */
export function runTool(
  command: Command,
  { logicalId }: Pick<LocalCode, 'logicalId'>,
  { log }: Workspace,
): Promise<void> {
  return requireCommand(command, log, { code: 'PackageFailed', message: `cannot build ${logicalId}` });
}
