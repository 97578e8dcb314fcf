import type { DemoPush } from '../../../lib/cli/demo/demo-act';
import { failedOf, type LoadSighting, unexpectedOfLoad } from '../../../lib/cli/demo/load-checks';
import type { LoadStep } from '../../../lib/cli/demo/load-steps';
import type { AliasReading } from '../../../lib/ports/functions';

const push = (ends: 'new' | 'old'): Pick<DemoPush, 'load' | 'services'> => ({
  services: [{ service: 'catalog', decision: 'incremental', functions: ends === 'new' ? ['List'] : [] }],
  load: {
    service: 'catalog',
    path: '/products',
    logicalId: 'List',
    ends,
    oldText: 'Spring',
    newText: 'Summer',
  },
});
const aStep = (percent: number, more: Partial<LoadStep> = {}): LoadStep => ({
  percent,
  old: 100 - percent,
  new: percent,
  threw: 0,
  lost: 0,
  ...more,
});
const on = (version: string, weights = {}): AliasReading => ({ version, weights });
const still = (logicalId: string) => ({ logicalId, before: on('1'), after: on('1') });

const RISEN: LoadSighting = {
  steps: [0, 20, 40, 60, 80, 90, 100].map((percent) => aStep(percent)),
  aliases: [{ logicalId: 'List', before: on('1'), after: on('2') }, still('Get')],
  examples: [],
  thrown: 0,
};
const RETURNED: LoadSighting = {
  steps: [aStep(0), aStep(10, { new: 4, threw: 6 }), aStep(0)],
  aliases: [still('List'), still('Get')],
  examples: [],
  thrown: 6,
};
const withSteps = (report: LoadSighting, steps: readonly LoadStep[]): LoadSighting => ({
  ...report,
  steps,
  thrown: failedOf(steps),
});
const withStep = (report: LoadSighting, index: number, more: Partial<LoadStep>): LoadSighting =>
  withSteps(
    report,
    report.steps.map((step, at) => (at === index ? { ...step, ...more } : step)),
  );

describe('what came otherwise under load', () => {
  it('is nothing if the new version took over in steps and no request failed', () => {
    expect(unexpectedOfLoad(push('new'), RISEN)).toEqual([]);
  });

  it('is nothing if a bad version failed and everything returned', () => {
    expect(unexpectedOfLoad(push('old'), RETURNED)).toEqual([]);
  });

  it.each<[string, LoadSighting, RegExp]>([
    ['a lost request', withStep(RISEN, 1, { lost: 1 }), /^requests lost or wrongly answered at a weight of 20 %: 1$/],
    ['a failed request', withStep(RISEN, 2, { threw: 2 }), /^requests that failed: 2$/],
    [
      'an answer of a version without traffic',
      withStep(RISEN, 0, { new: 1 }),
      /^requests to the new version at a weight of 0 %: 1$/,
    ],
    [
      'an answer of a version that gave its traffic away',
      withStep(RISEN, 6, { old: 3 }),
      /^requests to the old version at a weight of 100 %: 3$/,
    ],
    ['a shift in one go', { ...RISEN, steps: [aStep(0), aStep(100)] }, /rise.* in steps, but it was 0, 100$/],
    [
      'a shift that did not end',
      { ...RISEN, steps: RISEN.steps.slice(0, -1) },
      /rise .*but it was 0, 20, 40, 60, 80, 90$/,
    ],
    ['a weight that fell', { ...RISEN, steps: [aStep(0), aStep(40), ...RISEN.steps.slice(1)] }, /rise .*0, 40, 20, /],
    [
      'an alias that did not move',
      { ...RISEN, aliases: [still('List')] },
      /alias of List moved: expected yes, but it was no$/,
    ],
    [
      'an alias that should have stayed',
      { ...RISEN, aliases: [RISEN.aliases[0]!, { logicalId: 'Get', before: on('1'), after: on('2') }] },
      /alias of Get moved: expected no, but it was yes$/,
    ],
    [
      'an alias on two versions',
      { ...RISEN, aliases: [{ logicalId: 'List', before: on('1'), after: on('2', { 1: 0.1 }) }] },
      /alias of List is left on two versions: 2 and 10 % to 1$/,
    ],
    [
      'what an answer was that no version gives',
      { ...RISEN, examples: ['500: oops'] },
      /^a request was lost .*: 500: oops$/,
    ],
    ['a load that never began', { ...RISEN, steps: [] }, /rise/],
  ])('is %s', (_, report, message) => {
    expect(unexpectedOfLoad(push('new'), report)).toEqual([expect.stringMatching(message)]);
  });

  it.each<[string, LoadSighting, RegExp]>([
    [
      'a bad version that failed nobody',
      withStep(RETURNED, 1, { threw: 0 }),
      /no request failed, but the new version throws/,
    ],
    [
      'a failed request after the return',
      withStep(RETURNED, 2, { new: 0, threw: 1 }),
      /^requests to the new version at a weight of 0 %: 1/,
    ],
    ['a lost request', withStep(RETURNED, 1, { lost: 1 }), /^requests lost/],
    ['traffic that stayed', { ...RETURNED, steps: RETURNED.steps.slice(0, 2) }, /return there, but it was 0, 10$/],
    [
      'traffic that moved in whole',
      withSteps(RETURNED, [aStep(0), aStep(100, { threw: 1 }), aStep(0)]),
      /return there/,
    ],
    [
      'a request that somebody else failed',
      { ...RETURNED, thrown: 5 },
      /^requests that failed: 6, but the new version threw 5 times \(CloudWatch\)$/,
    ],
    [
      'a function that stayed on the new version',
      { ...RETURNED, aliases: [still('List'), { logicalId: 'Get', before: on('1'), after: on('2') }] },
      /alias of Get moved: expected no/,
    ],
  ])('of a bad version is %s', (_, report, message) => {
    expect(unexpectedOfLoad(push('old'), report)).toEqual([expect.stringMatching(message)]);
  });
});
