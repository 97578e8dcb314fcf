import type { ReleaseRecord, ServiceRecord } from '../../../lib/core/contracts/state';
import { summarise } from '../../../lib/core/notices/summary';
import { aRelease } from '../../builders';

const aRecord = (more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release: aRelease(),
  status: 'succeeded',
  finishedAt: '2026-01-02T03:04:46.678Z',
  ...more,
});
const aService = (path: string, more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path,
  status: 'deployed',
  planned: [],
  functions: [],
  outputs: {},
  durations: {},
  ...more,
});
const decision = (kind: 'full' | 'incremental') => ({ decision: { kind, reasons: [], changedFunctions: [] } });
const plan = { phases: [], skip: ['a', 'b', 'c'].map((path) => ({ path, reasons: [] })) };

describe('the summary of a release', () => {
  it.each<[string, Partial<ReleaseRecord>, ServiceRecord[]]>([
    [
      '2 deployed (1 direct), 3 unchanged, 41.0 s',
      { plan },
      [aService('orders', decision('incremental')), aService('web', decision('full'))],
    ],
    [
      '1 deployed, 1 held, 2 unchanged, 41.0 s',
      { plan: { phases: [], skip: [...plan.skip.slice(1), { path: 'a', reasons: [{ code: 'held', message: '' }] }] } },
      [aService('orders')],
    ],
    [
      '1 deployed, 1 not in this commit, 2 unchanged, 41.0 s',
      {
        plan: {
          phases: [],
          skip: [...plan.skip.slice(1), { path: 'a', reasons: [{ code: 'not-in-commit', message: '' }] }],
        },
      },
      [aService('orders')],
    ],
    ['nothing to do, 41.0 s', {}, []],
    ['releasing…', { status: 'running' }, []],
    ['waits for the release that runs now', { status: 'waiting' }, []],
    [
      '1 of 2 failed: ServiceFailed: service "web": no',
      { status: 'failed', error: { code: 'ServiceFailed', message: 'service "web": no' } },
      [aService('orders'), aService('web', { status: 'failed' })],
    ],
    ['cancelled by ada; 1 deployed', { status: 'aborted', cancel: { by: 'ada', at: '' } }, [aService('orders')]],
    [
      'stage removed, 2 removed, 41.0 s',
      { release: aRelease({ remove: { emptyBuckets: true } }) },
      [aService('a', { status: 'removed' }), aService('b', { status: 'removed' })],
    ],
  ])('%s', (text, record, services) => {
    expect(summarise(aRecord(record), services)).toBe(text);
  });

  it('is one line of at most 140 characters, whatever went wrong', () => {
    const error = { code: 'BuildFailed', message: `first\nsecond\u001b[31m${'😀'.repeat(200)}` };
    const text = summarise(aRecord({ status: 'failed', error }), []);
    expect(text.length).toBeLessThanOrEqual(140);
    expect(text).toMatch(/^BuildFailed: first second \[31m/);
    expect(text).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });
});
