import type { ReleaseRecord } from '../../../lib/core/contracts/state';
import { commitSummary } from '../../../lib/core/notices/commit-summary';
import { aRelease } from '../../builders';

const record = (stage: string, status: ReleaseRecord['status']): ReleaseRecord => ({
  release: aRelease({ stage }),
  status,
});

it.each([
  [[], 'success', 'nothing to release: no stage has this commit'],
  [[record('dev', 'waiting'), record('prod', 'succeeded')], 'pending', 'releasing to dev'],
  [[record('prod', 'running'), record('dev', 'waiting')], 'pending', 'releasing to dev, prod'],
  [[record('dev', 'failed'), record('prod', 'running')], 'failure', 'not released to dev'],
  [[record('dev', 'aborted')], 'failure', 'not released to dev'],
  [[record('dev', 'succeeded'), record('prod', 'superseded')], 'success', 'released to dev'],
  [[record('dev', 'superseded')], 'success', 'nothing to release: a newer release to dev took its place'],
] as const)(
  'the one status of a commit is made of what became of it in all stages: %#',
  (records, state, description) => {
    expect(commitSummary(records)).toEqual({ state, description });
  },
);

it('says why a commit is ignored, in 140 characters', () => {
  expect(commitSummary([], 'the message of commit 1 has [skip ci]').description).toBe(
    'nothing to release: the message of commit 1 has [skip ci]',
  );
  expect(commitSummary([], 'x'.repeat(500)).description).toHaveLength(140);
});

it('of a commit that is ignored, and yet released, tells of the release', () => {
  expect(commitSummary([record('dev', 'running')], 'no stage deploys branch "topic"').state).toBe('pending');
});
