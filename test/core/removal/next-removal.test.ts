import { nextRemoval } from '../../../lib/core/removal/next-removal';
import { aRelease } from '../../builders';

const ASKED = '2026-01-02T12:00:00.000Z';
const LATER = Date.parse('2026-01-02T12:31:00.000Z');
type Status = 'waiting' | 'running' | 'failed' | 'succeeded' | 'aborted';
const removal = (status: Status) => ({ status, release: aRelease({ remove: { emptyBuckets: true } }) });
const deployment = (status: Status) => ({ status, release: aRelease() });
const failed = (times: number) => Array.from({ length: times }, () => removal('failed'));

describe('nextRemoval', () => {
  it('waits for half an hour', () => {
    expect(nextRemoval(ASKED, failed(1), Date.parse('2026-01-02T12:29:00.000Z'))).toBe('wait');
    expect(nextRemoval(ASKED, failed(1), LATER)).toBe('ask');
  });

  it('asks three times for a removal that fails, and leaves it to a person then', () => {
    expect(nextRemoval(ASKED, [...failed(3), deployment('succeeded')], LATER)).toBe('ask');
    expect(nextRemoval(ASKED, failed(4), LATER)).toBe('wait');
  });

  it('counts only failures since something else happened', () => {
    expect(nextRemoval(ASKED, [removal('failed'), deployment('failed'), ...failed(2)], LATER)).toBe('ask');
  });

  it.each(['waiting', 'running', 'aborted'] as const)('leaves a removal alone that is %s', (status) => {
    expect(nextRemoval(ASKED, [removal(status)], LATER)).toBe('wait');
  });

  it('waits for a deployment, and asks for the removal after it', () => {
    expect(nextRemoval(ASKED, [deployment('running')], LATER)).toBe('wait');
    expect(nextRemoval(ASKED, [deployment('succeeded')], LATER)).toBe('ask');
  });

  it('forgets a stage that was removed, or to which nothing was ever released', () => {
    expect(nextRemoval(ASKED, [removal('succeeded')], LATER)).toBe('forget');
    expect(nextRemoval(ASKED, [], LATER)).toBe('forget');
  });
});
