import { sameNames } from '../../../lib/core/build/same-names';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aTemplate } from '../template/build-template';

const namesOf = (names: Readonly<Record<string, Json | undefined>>, more: object = {}) =>
  sameNames(
    aTemplate(
      Object.fromEntries(
        Object.entries(names).map(([id, FunctionName]) => [
          id,
          {
            Type: 'AWS::Lambda::Function',
            Properties: { ...(FunctionName !== undefined && { FunctionName }) },
            ...more,
          },
        ]),
      ),
    ),
  );
const SUB = { 'Fn::Sub': '${AWS::StackName}-pay' };

describe('sameNames', () => {
  it('finds functions whose names are equal, as text or as what the text is made of', () => {
    expect(namesOf({ A: 'pay', B: 'pay', C: 'refund', D: SUB, E: SUB })).toEqual([
      { name: 'pay', logicalIds: ['A', 'B'] },
      { name: JSON.stringify(SUB), logicalIds: ['D', 'E'] },
    ]);
    expect(namesOf({ A: 'shop-pay', B: { 'Fn::Join': ['-', ['shop', 'pay']] } })).toHaveLength(1);
  });

  it.each([
    ['no name', undefined],
    ['a name that may be none', { Ref: 'AWS::NoValue' }],
    ['a name that only CloudFormation chooses', { 'Fn::If': ['A', 'a', { Ref: 'AWS::NoValue' }] }],
  ])('takes functions with %s for different ones', (_, name) => {
    expect(namesOf({ A: name, B: name })).toEqual([]);
  });

  it('leaves it to conditions which one of a name there is', () => {
    expect(namesOf({ A: 'pay', B: 'pay' }, { Condition: 'IsProd' })).toEqual([]);
  });
});
