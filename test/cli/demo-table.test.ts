import { demoTable } from '../../lib/cli/demo-table';
import type { ReleaseRecord, ServiceRecord } from '../../lib/core/state';
import { aRelease } from '../builders';

const record: ReleaseRecord = {
  release: aRelease({ requestedAt: '2026-01-01T00:00:00.000Z' }),
  status: 'succeeded',
  finishedAt: '2026-01-01T00:00:07.250Z',
  plan: {
    phases: [[{ path: 'catalog', reasons: [] }]],
    skip: [{ path: 'orders', reasons: [] }],
  },
  durations: { trigger: 20, plan: 300, build: 5_000 },
};
const service: ServiceRecord = {
  ...{ path: 'catalog', status: 'deployed', planned: [], outputs: {}, durations: { build: 5_000 } },
  decision: { kind: 'incremental', reasons: [], changedFunctions: [] },
  functions: [
    { logicalId: 'List', name: 'list', updated: true, version: '2' },
    { logicalId: 'Get', name: 'get', updated: false, version: '1' },
  ],
};
const cells = (line = '') => line.split(/ {2,}/).filter(Boolean);

it('the table of the demo has a line for each release and each of its services', () => {
  const [header, , release, row, ...more] = demoTable([{ act: 'one handler', record, services: [service] }]);
  expect(cells(header).slice(0, 4)).toEqual(['act', 'service', 'decision', 'functions updated']);
  expect(cells(release)).toEqual(['one handler', 'release, 1 left alone', 'succeeded', '0.0', '0.3', '5.0', '7.3']);
  expect(cells(row)).toEqual(['catalog', 'incremental', '1 of 2', '5.0']);
  expect(more).toEqual([]);
});

it('names an act once, however many pushes it has', () => {
  const lines = demoTable([
    { act: 'broken template', record, services: [] },
    { act: 'broken template', record, services: [] },
  ]);
  expect(lines.filter((line) => line.includes('broken template'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('succeeded'))).toHaveLength(2);
});

it('shows a service that came to no decision by its status', () => {
  const failed: ServiceRecord = { ...service, status: 'failed', decision: undefined, functions: [] };
  expect(cells(demoTable([{ act: 'a', record, services: [failed] }]).at(-1))).toEqual([
    'catalog',
    'failed',
    '0 of 0',
    '5.0',
  ]);
});
