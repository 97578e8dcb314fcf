import picomatch from 'picomatch';
import type { AppConfig } from './app-config';

/** The stages a push to a branch deploys to, or why it deploys to none. */
export type BranchMapping = { readonly stages: readonly string[] } | { readonly ignored: string };

/**
 * @param pattern a branch name or a glob: `*` stands for anything but `/`, `**` for anything
 * @param branch without `refs/heads/`
 */
export const matchesBranch = (pattern: string, branch: string): boolean =>
  pattern === branch || picomatch.isMatch(branch, pattern, { dot: true });

/** @returns the stages of `config` that deploy `branch`, sorted, or why the push is ignored. */
export function stagesOfBranch(config: AppConfig, branch: string): BranchMapping {
  const stages = Object.entries(config.stages)
    .filter(([, { branches }]) => branches.some((pattern) => matchesBranch(pattern, branch)))
    .map(([stage]) => stage)
    .sort();
  if (stages.length > 0) return { stages };
  const rules = Object.entries(config.stages).map(([stage, { branches }]) => `${stage} (${branches.join(', ')})`);
  const has = rules.length === 0 ? 'it has no stages' : `its stages are ${rules.join(', ')}`;
  return { ignored: `no stage of app "${config.app}" deploys branch "${branch}"; ${has}` };
}
