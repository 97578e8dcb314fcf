import { fail, ok } from '../../core/contracts/diagnosis';
import { ReleaseError } from '../../core/contracts/errors';
import { diagnoseBranches } from '../../core/trigger/diagnose-branches';
import type { Diagnose } from '../../ports/diagnose';
import type { Source } from '../../ports/source';

/** Looks at an app's repository on CodeCommit. Its pushes come by EventBridge, which the stack sets up. */
export const codeCommitDiagnose =
  (source: Pick<Source, 'branches'>): Diagnose =>
  async (config) => {
    try {
      const branches = await source.branches(config.repository);
      const found = ok('repository', `"${config.repository.name}" can be read`);
      return [found, ...diagnoseBranches(config, new Set(branches.keys()))];
    } catch (error) {
      if (error instanceof ReleaseError) return [fail('repository', error.message)];
      throw error;
    }
  };
