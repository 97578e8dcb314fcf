import fc from 'fast-check';
import { configurationName } from '../../../lib/core/contracts/code-deploy-names';
import { ALL_AT_ONCE, type Shift } from '../../../lib/core/contracts/shift';
import { minutesOf } from '../../../lib/core/shift/carefulness';
import { readSettingsBlock } from '../../../lib/core/shift/written-settings';
import { runs } from '../../runs';

const read = (written: Readonly<Record<string, unknown>>) => {
  const at = { file: 'serverless.yml', place: ['custom', 'deploymentSettings'], scope: 'service' } as const;
  const { block, problems } = readSettingsBlock(written, at);
  return { ...block.shift, problems };
};
const problemsOf = (block: Readonly<Record<string, unknown>>): string[] => {
  const { shift, problems } = read(block);
  expect(shift).toBeUndefined();
  return problems.map(({ message }) => message);
};

const NINE: readonly [name: string, shift: Shift][] = [
  ['AllAtOnce', ALL_AT_ONCE],
  ['Canary10Percent5Minutes', { kind: 'canary', percent: 10, minutes: 5 }],
  ['Canary10Percent10Minutes', { kind: 'canary', percent: 10, minutes: 10 }],
  ['Canary10Percent15Minutes', { kind: 'canary', percent: 10, minutes: 15 }],
  ['Canary10Percent30Minutes', { kind: 'canary', percent: 10, minutes: 30 }],
  ['Linear10PercentEvery1Minute', { kind: 'linear', percent: 10, minutes: 1 }],
  ['Linear10PercentEvery2Minutes', { kind: 'linear', percent: 10, minutes: 2 }],
  ['Linear10PercentEvery3Minutes', { kind: 'linear', percent: 10, minutes: 3 }],
  ['Linear10PercentEvery10Minutes', { kind: 'linear', percent: 10, minutes: 10 }],
];

describe('a shift as it is written', () => {
  it.each(NINE)('has the predefined type %s by all its names', (name, shift) => {
    for (const written of [name, `Lambda${name}`, `CodeDeployDefault.Lambda${name}`]) {
      expect(read({ type: written })).toEqual({
        shift,
        place: ['custom', 'deploymentSettings', 'type'],
        problems: [],
      });
    }
    expect(configurationName(shift)).toBe(`CodeDeployDefault.Lambda${name}`);
  });

  it('has all at once by the name that messages use', () => {
    expect(read({ type: 'all-at-once' }).shift).toEqual(ALL_AT_ONCE);
  });

  it('may be of one’s own, anywhere within CodeDeploy’s bounds and nowhere else', () => {
    const any = fc.record({
      kind: fc.constantFrom('canary' as const, 'linear' as const),
      percent: fc.integer({ min: -1, max: 101 }),
      minutes: fc.oneof(fc.integer({ min: -1, max: 3_000 }), fc.integer({ min: 0, max: 60 })),
    });
    fc.assert(
      fc.property(any, ({ kind, percent, minutes }) => {
        const isInBounds =
          percent >= 1 && percent <= 99 && minutes >= 1 && minutesOf({ kind, percent, minutes }) <= 2_880;
        const { shift, problems } = read({ [kind]: { percent, minutes } });
        expect(shift).toEqual(isInBounds ? { kind, percent, minutes } : undefined);
        expect(problems.length > 0).toBe(!isInBounds);
      }),
      { numRuns: runs(500) },
    );
  });

  it('may have its numbers as text, as variables leave them', () => {
    expect(read({ canary: { percent: '5', minutes: '20' } }).shift).toEqual({
      kind: 'canary',
      percent: 5,
      minutes: 20,
    });
  });

  it('may be left out or empty', () => {
    expect(read({ alias: 'live' })).toEqual({ problems: [] });
    expect(read({ type: null, canary: undefined })).toEqual({ problems: [] });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'a misspelt type',
      { type: 'Canary10Percent5Minute' },
      '"custom.deploymentSettings.type" is "Canary10Percent5Minute", which is not a type of shift; write ' +
        '"canary: { percent: 10, minutes: 5 }" instead, or did you mean "Canary10Percent5Minutes"?',
    ],
    [
      'a type with other numbers',
      { type: 'CodeDeployDefault.LambdaLinear20PercentEvery7Minutes' },
      '"custom.deploymentSettings.type" is "CodeDeployDefault.LambdaLinear20PercentEvery7Minutes", which is not ' +
        'a type of shift; write "linear: { percent: 20, minutes: 7 }" instead, or did you mean ' +
        '"Linear10PercentEvery2Minutes"?',
    ],
    [
      'a type in another spelling',
      { type: 'allAtOnce' },
      '"custom.deploymentSettings.type" is "allAtOnce", which is not a type of shift; did you mean "all-at-once"?',
    ],
    [
      'a type of servers',
      { type: 'CodeDeployDefault.OneAtATime' },
      '"custom.deploymentSettings.type" is "CodeDeployDefault.OneAtATime", which is not a type of shift; use one ' +
        'of AllAtOnce, Canary10Percent5Minutes, Canary10Percent10Minutes, Canary10Percent15Minutes, ' +
        'Canary10Percent30Minutes, Linear10PercentEvery1Minute, Linear10PercentEvery2Minutes, ' +
        'Linear10PercentEvery3Minutes, Linear10PercentEvery10Minutes, or a "canary:" or "linear:" of your own',
    ],
    [
      'a type that is no text',
      { type: true },
      '"custom.deploymentSettings.type" is true; write a type, such as AllAtOnce',
    ],
    [
      'no percent',
      { canary: { minutes: 5 } },
      '"custom.deploymentSettings.canary.percent" is missing; write a whole number from 1 to 99',
    ],
    [
      'all percent',
      { linear: { percent: 100, minutes: 5 } },
      '"custom.deploymentSettings.linear.percent" is 100; write a whole number from 1 to 99',
    ],
    [
      'half a minute',
      { canary: { percent: 10, minutes: 0.5 } },
      '"custom.deploymentSettings.canary.minutes" is 0.5; write a whole number from 1 to 2880',
    ],
    [
      'a canary of more than two days',
      { canary: { percent: 10, minutes: 2_881 } },
      '"custom.deploymentSettings.canary.minutes" is 2881; write a whole number from 1 to 2880',
    ],
    [
      'a linear shift of more than two days in all',
      { linear: { percent: 10, minutes: 321 } },
      '"custom.deploymentSettings.linear.minutes" is 321; write a whole number from 1 to 320: its 10 steps are ' +
        'at most 2880 minutes apart, the last from the first',
    ],
    [
      'an unknown key',
      { canary: { percentage: 10, percent: 10, minutes: 5 } },
      'unknown key "custom.deploymentSettings.canary.percentage"; did you mean "percent"?',
    ],
    [
      'a canary that is no map',
      { canary: 10 },
      '"custom.deploymentSettings.canary" is 10; write "{ percent: 10, minutes: 5 }"',
    ],
    [
      'two ways at once',
      { type: 'AllAtOnce', linear: { percent: 10, minutes: 5 } },
      '"custom.deploymentSettings.linear" is {"percent":10,"minutes":5}, but "type" already says how traffic ' +
        'moves; keep one of the two',
    ],
  ])('is refused with %s', (_, block, message) => {
    expect(problemsOf(block)).toEqual([message]);
  });

  it('tells all that is wrong with it at once', () => {
    expect(problemsOf({ canary: { percent: 0, minutes: 'soon', pace: 1 } })).toHaveLength(3);
  });
});
