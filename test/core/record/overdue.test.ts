import { isOverdue, mayBeOverdue } from '../../../lib/core/record/overdue';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-02T00:00:00.000Z');
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();
const open = { status: 'running', release: { requestedAt: at(0) } } as const;
const took = (hours: number, status: 'succeeded' | 'failed' = 'succeeded') => ({
  status,
  release: { requestedAt: at(-100) },
  finishedAt: at(-100 + hours),
});

describe('a release is overdue', () => {
  it.each<[string, readonly ReturnType<typeof took>[], number, boolean]>([
    ['three times as long as the longest', [took(0.1), took(1)], 3.01, true],
    ['no longer than that', [took(0.1), took(1)], 3, false],
    ['never within the first hour', [took(0.01)], 1, false],
    ['after an hour, where releases take minutes', [took(0.01)], 1.01, true],
    ['after six hours, where none has succeeded', [], 6.01, true],
    ['not before, whatever failed ones took', [took(0.1, 'failed')], 6, false],
    ['not during a shift of a day, where shifts take that long', [took(24)], 30, false],
  ])('%s', (_, history, hours, overdue) => {
    expect(isOverdue(open, history, START + hours * HOUR)).toBe(overdue);
  });

  it('needs the stage’s history only after an hour', () => {
    expect([1, 1.01].map((hours) => mayBeOverdue(open, START + hours * HOUR))).toEqual([false, true]);
  });
});
