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
 * @param tell called with what was chosen because nobody named it
 * @returns what the options say, or else the head of the branch that deploys to the stage
 * @throws UsageError if they contradict each other, or if there is not exactly one such branch
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
    tell(`branch "${branches[0]}", which deploys to stage "${stage}"`);
    return { branch: branches[0] };
  }
  const why =
    branches.length > 1
      ? `several branches deploy to stage "${stage}": ${branches.join(', ')}`
      : `no single branch deploys to stage "${stage}"`;
  throw new UsageError(`${why}; say what to release with --branch, --tag or --commit`);
}

function checkCommit(commit: string): void {
  if (/^[0-9a-f]{40}$/.test(commit)) return;
  throw new UsageError(
    `--commit: "${commit}" is not the hash of a commit: write all 40 digits of it (git rev-parse HEAD)`,
  );
}
