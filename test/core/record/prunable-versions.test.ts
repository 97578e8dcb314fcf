import fc from 'fast-check';
import { prunableVersions, versionsInStack } from '../../../lib/core/record/prunable-versions';
import '../../runs';

const published = (...numbers: number[]) =>
  numbers.map((version) => ({ version: String(version), size: 1, isDurable: false, publishedAt: 0 }));
const prunable = (
  numbers: number[],
  { aliases = [{ version: '9', weights: {} }], reachable = [], inStack = [] }: Partial<Given> = {},
): string[] =>
  prunableVersions({
    published: published(...numbers),
    aliases,
    reachable: new Set(reachable),
    inStack: new Set(inStack),
  }).map(({ version }) => version);
interface Given {
  readonly aliases: readonly { readonly version: string; readonly weights: Record<string, number> }[];
  readonly reachable: readonly string[];
  readonly inStack: readonly string[];
}

describe('versions that nothing needs', () => {
  it('are those older than what serves, oldest first', () => {
    expect(prunable([10, 9, 2, 8, 1])).toEqual(['1', '2', '8']);
  });

  it('are none that an alias names, with a weight either', () => {
    const aliases: Given['aliases'] = [
      { version: '9', weights: { '4': 0.1 } },
      { version: '3', weights: {} },
    ];
    expect(prunable([1, 3, 4, 9], { aliases })).toEqual(['1']);
  });

  it('are none that a release left which can be rolled back to, and none of the stack', () => {
    expect(prunable([1, 2, 3, 9], { reachable: ['2'], inStack: ['3'] })).toEqual(['1']);
  });

  it('are none newer than all that serve: after a rollback one may lead forward again', () => {
    expect(prunable([1, 2, 3], { aliases: [{ version: '2', weights: {} }] })).toEqual(['1']);
  });

  it.each([
    ['no alias', []],
    ['an alias on what has no number', [{ version: '$LATEST', weights: {} }]],
  ])('are none where there is %s', (_, aliases) => {
    expect(prunable([1, 2, 3], { aliases })).toEqual([]);
  });

  it('are never live, reachable, newest or not published', () => {
    const version = fc.integer({ min: 1, max: 30 });
    const some = fc.array(version.map(String), { maxLength: 5 });
    const alias = fc.record({
      version: fc.oneof(version.map(String), fc.constant('$LATEST')),
      weights: fc.dictionary(version.map(String), fc.constant(0.1), { maxKeys: 1 }),
    });
    const given = fc.record({ aliases: fc.array(alias, { maxLength: 3 }), reachable: some, inStack: some });
    fc.assert(
      fc.property(fc.uniqueArray(version), given, (numbers, { aliases, reachable, inStack }) => {
        const gone = prunable(numbers, { aliases, reachable, inStack });
        const named = aliases.flatMap((one) => [one.version, ...Object.keys(one.weights)]);
        for (const one of gone) {
          expect(numbers).toContain(Number(one));
          expect([...named, ...reachable, ...inStack]).not.toContain(one);
          expect(named.some((other) => Number(other) > Number(one))).toBe(true);
        }
        // And nothing else stays that is older than all of these.
        const oldest = Math.min(...[...named, ...reachable, ...inStack].map(Number).filter(Number.isInteger));
        if (named.some((one) => Number.isInteger(Number(one))))
          for (const one of numbers) if (one < oldest) expect(gone).toContain(String(one));
      }),
    );
  });
});

describe('the versions of a stack', () => {
  it('are read from the ARNs of its resources, by function', () => {
    const version = (physicalId?: string) => ({ type: 'AWS::Lambda::Version', physicalId });
    const found = versionsInStack([
      version('arn:aws:lambda:eu-central-1:111122223333:function:shop-list:3'),
      version('arn:aws:lambda:eu-central-1:111122223333:function:shop-list:12'),
      version('arn:aws:lambda:eu-central-1:111122223333:function:shop-create:1'),
      version(),
      { type: 'AWS::Lambda::Alias', physicalId: 'arn:aws:lambda:eu-central-1:111122223333:function:shop-list:7' },
    ]);
    expect(Object.fromEntries(found)).toEqual({ 'shop-list': new Set(['3', '12']), 'shop-create': new Set(['1']) });
  });
});
