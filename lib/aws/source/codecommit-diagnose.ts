import type { AppConfig } from '../../core/contracts/app-config';
import { type Finding, fail, ok } from '../../core/contracts/diagnosis';
import { ReleaseError } from '../../core/contracts/errors';
import { diagnoseBranches } from '../../core/trigger/diagnose-branches';
import type { Source } from '../../ports/source';

/** Checks an app's repository on CodeCommit, whose pushes come by EventBridge, which the stack sets up. */
export async function codeCommitDiagnose(
  source: Pick<Source, 'branches'>,
  config: AppConfig,
): Promise<readonly Finding[]> {
  try {
    const branches = await source.branches(config.repository);
    const found = ok('repository', `"${config.repository.name}" can be read`);
    return [found, ...diagnoseBranches(config, new Set(branches.keys()))];
  } catch (error) {
    if (error instanceof ReleaseError) return [fail('repository', error.message)];
    throw error;
  }
}
