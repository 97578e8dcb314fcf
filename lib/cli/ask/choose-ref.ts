import type { PreviewInput } from '../../core/contracts/payloads';
import { isLiteralRef } from '../../core/trigger/map-ref';
import { UsageError } from '../platform/run-command';
import type { ChosenStage } from './choose-stage';

/** What to release, as options say it. */
export interface RefOptions {
  readonly commit?: string;
  readonly branch?: string;
  readonly tag?: string;
}

/** What to release. */
export type ChosenRef = Pick<PreviewInput, 'commit' | 'branch' | 'tag'>;

/**
 * @param tell called with what was taken that nobody named
 * @returns what the options say, or else the head of the branch that the stage deploys
 * @throws UsageError if they say too much, or there is no such one branch
 */
export function chooseRef(
  { commit, branch, tag }: RefOptions,
  { config, stage, made }: ChosenStage,
  tell: (line: string) => unknown,
): ChosenRef {
  if (commit !== undefined) checkCommit(commit);
  if (tag !== undefined && (commit !== undefined || branch !== undefined)) {
    throw new UsageError('--tag names a commit already: leave --commit and --branch out');
  }
  if (commit !== undefined || branch !== undefined || tag !== undefined) return { commit, branch, tag };

  const branches = made ? [made.origin.branch] : config.stages[stage]!.branches.filter(isLiteralRef);
  if (branches.length === 1) {
    tell(`branch "${branches[0]}", which stage "${stage}" deploys`);
    return { branch: branches[0] };
  }
  const why = branches.length > 1 ? `deploys several branches: ${branches.join(', ')}` : 'deploys no branch of its own';
  throw new UsageError(`stage "${stage}" ${why}; say which with --branch, --tag or --commit`);
}

function checkCommit(commit: string): void {
  if (/^[0-9a-f]{40}$/.test(commit)) return;
  throw new UsageError(`--commit: "${commit}" is no commit: write all 40 digits of its hash (git rev-parse HEAD)`);
}
