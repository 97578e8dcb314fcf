import { renderShifts } from '../../../lib/cli/show/render-shifts';
import type { PlannedShift } from '../../../lib/core/contracts/shift-plan';
import type { ServiceRecord } from '../../../lib/core/contracts/state';

const CANARY = { kind: 'canary', percent: 10, minutes: 5 } as const;
const aRecord = (shifts: PlannedShift[] | undefined, more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path: 'orders',
  status: 'deployed',
  planned: [],
  decision: { kind: 'full', reasons: [], changedFunctions: [], shifts },
  functions: ['List', 'Get', 'Put'].map((logicalId) => ({
    logicalId,
    name: logicalId,
    version: '2',
    updated: logicalId !== 'Put',
  })),
  outputs: {},
  durations: {},
  ...more,
});
const role = { code: 'role-changed', message: 'its role changed' } as const;

describe('how functions shift', () => {
  it('is not told where all simply move', () => {
    expect(renderShifts(aRecord(undefined))).toEqual([]);
    expect(renderShifts(aRecord([]))).toEqual([]);
  });

  it('is told in one line for those that do it alike, with the reason for those that move at once', () => {
    const shifts = [
      { logicalId: 'List', shift: CANARY },
      { logicalId: 'Get', shift: CANARY, because: role },
    ];
    expect(renderShifts(aRecord(shifts))).toEqual([
      'shift List: 10 % for 5 minutes, then all',
      'shift Get: at once, because its role changed',
    ]);
  });

  it('is told of functions that moved only, unless the service failed', () => {
    const shifts = ['List', 'Put'].map((logicalId) => ({ logicalId, shift: CANARY }));
    expect(renderShifts(aRecord(shifts))).toEqual(['shift List: 10 % for 5 minutes, then all']);
    expect(renderShifts(aRecord(shifts, { status: 'failed', functions: [] }))).toEqual([
      'shift List, Put: 10 % for 5 minutes, then all',
    ]);
  });
});
