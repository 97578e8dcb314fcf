import type { ReleaseRecord, ServiceRecord } from '../contracts/state';
import { isHeld, isNotInCommit, type ServiceOutcome, serviceOutcomes } from '../record/service-outcomes';
import { cancelledError } from '../record/step-error';
import { renderSeconds } from '../text/seconds';
import { plainText } from './plain-text';

/** GitHub's limit for the description of a status: https://docs.github.com/en/rest/commits/statuses */
const LONGEST_SUMMARY = 140;

/** @returns the progress or outcome of a release, in one short line: `2 deployed (1 direct), 3 unchanged, 41.0 s`. */
export function summarise(record: ReleaseRecord, services: readonly ServiceRecord[]): string {
  return plainText(wordsOf(record, serviceOutcomes(record, services)), LONGEST_SUMMARY);
}

function wordsOf(record: ReleaseRecord, outcomes: readonly ServiceOutcome[]): string {
  const { release, status, error, cancel, supersededBy } = record;
  switch (status) {
    case 'waiting':
      return 'waits for the release that runs now';
    case 'running':
      return cancel ? 'is being cancelled' : `${begun(release)}…`;
    case 'superseded':
      return `not released: release ${supersededBy ?? 'after it'} took its place`;
    case 'aborted':
      return `${(cancel ? cancelledError(cancel) : error)?.message ?? 'stopped'}${tally(outcomes)}`;
    case 'failed':
      return `${failedOnes(outcomes)}${error?.code ?? 'Failed'}: ${error?.message ?? 'see the execution'}`;
    case 'succeeded':
      return [ended(release), ...counts(outcomes), ...took(record)].filter((part) => part !== '').join(', ');
  }
}

const begun = ({ remove, rollback }: ReleaseRecord['release']): string => {
  if (remove) return 'removing the stage';
  return rollback ? `rolling back to release ${rollback.to}` : 'releasing';
};

const ended = ({ remove, rollback }: ReleaseRecord['release']): string => {
  if (remove) return 'stage removed';
  return rollback ? 'rolled back' : '';
};

/** @returns how many services had which outcome. */
export function counts(outcomes: readonly ServiceOutcome[]): readonly string[] {
  const held = outcomes.filter(isHeld);
  const gone = outcomes.filter(isNotInCommit);
  const having = (...wanted: ServiceOutcome['status'][]) =>
    outcomes.filter((one) => wanted.includes(one.status) && !held.includes(one) && !gone.includes(one));
  const deployed = having('deployed');
  const direct = deployed.filter(({ decision }) => decision?.kind === 'incremental').length;
  const parts = [
    { count: having('failed').length, word: 'failed' },
    { count: deployed.length, word: direct > 0 ? `deployed (${direct} direct)` : 'deployed' },
    { count: having('removed').length, word: 'removed' },
    { count: held.length, word: 'held' },
    { count: gone.length, word: 'not in this commit' },
    { count: having('skipped', 'left-out').length, word: 'unchanged' },
    { count: having('not-run').length, word: 'not run' },
  ];
  const told = parts.filter(({ count }) => count > 0).map(({ count, word }) => `${count} ${word}`);
  return told.length > 0 ? told : ['nothing to do'];
}

const tally = (outcomes: readonly ServiceOutcome[]): string =>
  outcomes.length === 0 ? '' : `; ${counts(outcomes).join(', ')}`;

function failedOnes(outcomes: readonly ServiceOutcome[]): string {
  const failed = outcomes.filter(({ status }) => status === 'failed').length;
  return failed === 0 ? '' : `${failed} of ${outcomes.length} failed: `;
}

/** @returns how long a release took, once it has ended. */
export function took({ release, finishedAt }: ReleaseRecord): readonly string[] {
  return finishedAt ? [renderSeconds(Date.parse(finishedAt) - Date.parse(release.requestedAt))] : [];
}
