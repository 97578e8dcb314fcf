import type { LoadStep } from '../../../lib/cli/demo/load-steps';
import { aliasLine, loadTable } from '../../../lib/cli/demo/load-table';

const aStep = (percent: number, more: Partial<LoadStep>): LoadStep => ({
  percent,
  old: 0,
  new: 0,
  threw: 0,
  lost: 0,
  ...more,
});
const cells = (line = '') => line.trim().split(/ {2,}/);

describe('the table of a load', () => {
  const lines = loadTable([
    aStep(0, { old: 40 }),
    aStep(10, { old: 27, new: 1, threw: 2 }),
    aStep(20, {}),
    aStep(0, { old: 9, lost: 1 }),
  ]);

  it('has the answers of each version in each step, and all of them', () => {
    expect(lines.map(cells)).toEqual([
      ['weight', 'requests', 'old version', 'new version', 'share of new', 'failed'],
      ['0 %', '40', '40', '0', '0 %', '0'],
      ['10 %', '30', '27', '1', '10 %', '2'],
      ['20 %', '0', '0', '0', '0'],
      ['0 %', '10', '9', '0', '0 %', '1'],
      ['in all', '80', '76', '1', '4 %', '3'],
    ]);
  });

  it('has its numbers below each other', () => {
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });

  it('is a header and a sum if nothing was seen', () => {
    expect(loadTable([]).map(cells)).toEqual([expect.anything(), ['in all', '0', '0', '0', '0']]);
  });
});

describe('the line about aliases', () => {
  const on = (version: string, weights = {}) => ({ version, weights });

  it('names those that moved', () => {
    const aliases = [
      { logicalId: 'List', before: on('1'), after: on('2') },
      { logicalId: 'Get', before: on('3'), after: on('4', { 3: 0.9 }) },
      { logicalId: 'Put', before: on('1'), after: on('1') },
    ];
    expect(aliasLine(aliases)).toBe('aliases: List 1 → 2, Get 3 → 4 and 90 % to 3, 1 unchanged');
  });

  it('says so if none did', () => {
    const aliases = [{ logicalId: 'List', before: on('1'), after: on('1') }];
    expect(aliasLine(aliases)).toBe('aliases: all 1 are on the versions they were on before');
  });
});
