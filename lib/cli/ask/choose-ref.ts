import type { PreviewInput } from '../../core/contracts/payloads';
import { isLiteralRef } from '../../core/trigger/map-ref';
import { UsageError } from '../platform/run-command';
import type { ChoiceWorld } from '../platform/world';
import type { ChosenStage } from './choose-stage';
import { type CommitPorts, wholeCommit } from './whole-commit';

/** What to release, as options say it. */
export interface RefOptions {
  readonly commit?: string;
  readonly branch?: string;
  readonly tag?: string;
}

/** What to release. */
export type ChosenRef = Pick<PreviewInput, 'commit' | 'branch' | 'tag'>;

/**
 * @returns what the options say, or else the head of the branch that deploys to the stage
 * @throws UsageError if they contradict each other, or if there is not exactly one such branch
 */
export async function chooseRef(
  { releases }: CommitPorts,
  { commit, branch, tag }: RefOptions,
  { config, stage, made }: ChosenStage,
  { directory, tell }: ChoiceWorld,
): Promise<ChosenRef> {
  if (tag !== undefined && (commit !== undefined || branch !== undefined)) {
    throw new UsageError('--tag names a commit already: leave --commit and --branch out');
  }
  if (commit !== undefined) {
    return { commit: await wholeCommit(commit, { config, stage }, { releases, directory }), branch };
  }
  if (branch !== undefined || tag !== undefined) return { branch, tag };

  const branches = made ? [made.origin.branch] : config.stages[stage]!.branches.filter(isLiteralRef);
  if (branches.length === 1) {
    tell(`branch "${branches[0]}", which deploys to stage "${stage}"`);
    return { branch: branches[0] };
  }
  const why =
    branches.length > 1
      ? `several branches deploy to stage "${stage}": ${branches.join(', ')}`
      : `no single branch deploys to stage "${stage}"`;
  throw new UsageError(`${why}; say what to release with --branch, --tag or --commit`);
}
