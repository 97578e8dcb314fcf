import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AClone } from '../local/a-github';
import type { AHistory } from './source-contract';

/** What tests write with git. */
export const historyOf = (clone: AClone): Pick<AHistory, 'commit' | 'commitOn' | 'branch' | 'tag' | 'annotate'> => {
  const push = (...refs: string[]) => clone.git('push', '--quiet', '--force', 'origin', ...refs);
  return {
    async commit(files, message = 'a commit', links = {}) {
      await clone.git('checkout', '--quiet', '--orphan', `made-${Math.random().toString(36).slice(2)}`);
      await clone.git('rm', '-rf', '--quiet', '--ignore-unmatch', '.');
      for (const [path, target] of Object.entries(links)) {
        await mkdir(dirname(join(clone.directory, path)), { recursive: true });
        await symlink(target, join(clone.directory, path));
      }
      return clone.commit(message, files);
    },
    async commitOn(parent, files) {
      await clone.git('checkout', '--quiet', '--detach', parent);
      return clone.commit('another commit', files);
    },
    async branch(branch, commit) {
      await push(`${commit ?? ''}:refs/heads/${branch}`);
    },
    async tag(tag, commit) {
      await push(`${commit}:refs/tags/${tag}`);
    },
    async annotate(tag, commit) {
      await clone.git('tag', '--force', '--annotate', '--message', 'a tag', tag, commit);
      await push(`refs/tags/${tag}`);
    },
  };
};
