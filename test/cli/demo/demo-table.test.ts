import { demoTable } from '../../../lib/cli/demo/demo-table';
import type { ReleaseRecord, ServiceRecord } from '../../../lib/core/contracts/state';
import { aRelease } from '../../builders';

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
  path: 'catalog',
  status: 'deployed',
  planned: [],
  outputs: {},
  durations: { build: 5_000 },
  decision: { kind: 'incremental', reasons: [], changedFunctions: [] },
  functions: [
    { logicalId: 'List', name: 'list', updated: true, version: '2' },
    { logicalId: 'Get', name: 'get', updated: false, version: '1' },
  ],
};
const WIDE = 120;
const cells = (line = '') => line.split(/ {2,}/).filter(Boolean);

it('the table of the demo has a line for each release and each of its services', () => {
  const [header, , release, row, ...more] = demoTable([{ act: 'one handler', record, services: [service] }], WIDE);
  expect(cells(header).slice(0, 3)).toEqual(['act, its services', 'decision', 'updated']);
  expect(cells(release)).toEqual(['one handler', 'succeeded', '1 left alone', '0.0', '0.3', '5.0', '7.3']);
  expect(cells(row)).toEqual(['catalog', 'incremental', '1 of 2', '5.0']);
  expect(more).toEqual([]);
});

it('numbers the releases of an act', () => {
  const rows = [1, 2].map(() => ({ act: 'broken template', record, services: [] }));
  expect(
    demoTable(rows, WIDE)
      .slice(2)
      .map((line) => cells(line)[0]),
  ).toEqual(['broken template', 'broken template (2)']);
});

it('leaves out the short steps where the terminal is narrow', () => {
  const [wide, narrow] = [WIDE, 80].map((width) => demoTable([{ act: 'a', record, services: [service] }], width));
  expect(cells(wide![0])).toEqual(expect.arrayContaining(['trigger', 'plan', 'record']));
  expect(cells(narrow![0])).toEqual([
    'act, its services',
    'decision',
    'updated',
    'build',
    'deploy',
    'shift',
    'seconds',
  ]);
});

it('shows a service that came to no decision by its status', () => {
  const failed: ServiceRecord = { ...service, status: 'failed', decision: undefined, functions: [] };
  expect(cells(demoTable([{ act: 'a', record, services: [failed] }], WIDE).at(-1))).toEqual([
    'catalog',
    'failed',
    '0 of 0',
    '5.0',
  ]);
});
