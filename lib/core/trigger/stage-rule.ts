import type { AppConfig, BranchRule, PullRequestRule } from '../contracts/app-config';
import type { MadeStage, StageOrigin } from '../contracts/made-stage';
import { matchesRef } from './map-ref';

/**
 * @returns the rule of seedbed.yml that now gives pull requests, or a branch, a stage; the rule that made the stage
 *   may be gone
 */
function ruleOf(config: AppConfig, origin: StageOrigin): PullRequestRule | BranchRule | undefined {
  if (origin.kind === 'pull-request') return config.pullRequests;
  return config.branchStages.find(({ branches }) => branches.some((pattern) => matchesRef(pattern, origin.branch)));
}

/**
 * @returns whether the buckets of a made stage may be emptied when it is removed; never without a rule that says so.
 */
export const mayEmptyBuckets = (config: AppConfig, { origin }: Pick<MadeStage, 'origin'>): boolean =>
  ruleOf(config, origin)?.emptyBuckets ?? false;

/** @returns whether two stages belong to the same pull request or branch. */
export const isSameOrigin = (a: StageOrigin, b: StageOrigin): boolean =>
  a.kind === 'pull-request'
    ? b.kind === 'pull-request' && a.number === b.number
    : b.kind === 'branch' && a.branch === b.branch;
