import { ReleaseError } from '../../core/contracts/errors';
import type { Repository } from '../../core/contracts/release';
import type { Head, Ref, Source } from '../../ports/source';

/**
 * @returns what a branch or tag points at now
 * @throws ReleaseError `BranchNotFound`, `TagNotFound`
 */
export async function readHead(source: Source, repository: Repository, ref: Ref): Promise<Head> {
  const head = await source.head(repository, ref);
  if (head !== undefined) return head;
  throw 'branch' in ref
    ? new ReleaseError(
        'BranchNotFound',
        `repository "${repository.name}" has no branch "${ref.branch}"; push it, or release another branch or a commit`,
      )
    : new ReleaseError(
        'TagNotFound',
        `repository "${repository.name}" has no tag "${ref.tag}"; push it, or release another tag or a commit`,
      );
}
