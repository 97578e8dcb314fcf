import type { ReleaseRecord } from '../contracts/state';
import type { CommitState } from './host-states';
import { plainText } from './plain-text';

/** The status of a commit whose name is always the same, so that it can be required before a merge. */
export const COMMIT_CONTEXT = 'seedbed';

/** GitHub's limit: https://docs.github.com/en/rest/commits/statuses */
const LONGEST = 140;

/** What is shown of a commit in all stages together. */
export interface CommitSummary {
  readonly state: CommitState;
  readonly description: string;
}

/**
 * @param records of each stage the release that speaks for the commit there
 * @param ignored why nothing of it is released, as far as an event has told
 * @returns what a commit's one status shows: `success` also where there is nothing to release, so that whoever requires
 *   the status does not wait for ever
 */
export function commitSummary(records: readonly ReleaseRecord[], ignored?: string): CommitSummary {
  const stagesOf = (...wanted: ReleaseRecord['status'][]): string =>
    [...new Set(records.filter(({ status }) => wanted.includes(status)).map(({ release }) => release.stage))]
      .sort()
      .join(', ');
  const [open, bad, good, late] = [
    stagesOf('waiting', 'running'),
    stagesOf('failed', 'aborted'),
    stagesOf('succeeded'),
    stagesOf('superseded'),
  ];
  const as = (state: CommitState, text: string): CommitSummary => ({ state, description: plainText(text, LONGEST) });
  if (bad !== '') return as('failure', `not released to ${bad}`);
  if (open !== '') return as('pending', `releasing to ${open}`);
  if (good !== '') return as('success', `released to ${good}`);
  if (late !== '') return as('success', `nothing to release: a newer release to ${late} took its place`);
  return as('success', `nothing to release: ${ignored ?? 'no stage has this commit'}`);
}
