import type { Resource } from '../../lib/core/template/template';
import { checkTemplate } from '../../lib/packager/check-template';
import { aFunction, aResource, aTemplate } from '../core/template/build-template';

const logOf = (resources: Record<string, Resource>): readonly string[] => {
  const lines: string[] = [];
  checkTemplate(aTemplate(resources), { alias: 'live', log: (line) => lines.push(line) });
  return lines;
};

describe('a packaged template', () => {
  it('is said nothing of if all that invokes its functions can invoke their aliases', () => {
    const Targets = [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] } }];
    expect(logOf({ Fn: aFunction(), Rule: aResource('AWS::Events::Rule', { Targets }) })).toEqual([]);
  });

  it('has what may go on invoking a function in the build’s log, and what gets no alias', () => {
    const arn = { 'Fn::GetAtt': ['Fn', 'Arn'] };
    const resources = {
      Fn: aFunction(),
      Thing: aResource('AWS::New::Thing', { Handler: arn }),
      Setup: aFunction(),
      SetUp: aResource('Custom::SetUp', { ServiceToken: { 'Fn::GetAtt': ['Setup', 'Arn'] } }),
    };
    expect(logOf(resources)).toEqual([
      expect.stringMatching(/^function Setup gets no alias: custom resource/),
      expect.stringMatching(/^warning: Resources\.Thing\.Properties\.Handler: AWS::New::Thing names function Fn here/),
    ]);
  });

  it('has in the release what a person should know of it, at most ten lines', () => {
    const tell = (count: number) => {
      const things = Array.from({ length: count }, (_, index) => [
        `Thing${index}`,
        aResource('AWS::New::Thing', { Handler: { 'Fn::GetAtt': ['Fn', 'Arn'] } }),
      ]);
      const template = aTemplate({ Fn: aFunction(), ...Object.fromEntries(things) });
      return checkTemplate(template, { alias: 'live', log: () => {} });
    };
    expect(tell(0)).toEqual([]);
    expect(tell(1)).toEqual([expect.stringMatching(/^Resources\.Thing0\.Properties\.Handler: AWS::New::Thing names/)]);
    expect(tell(12)).toHaveLength(11);
    expect(tell(12).at(-1)).toBe('2 more of this kind: see the log of the build');
  });

  it('is refused by the build if its aliases are too many', () => {
    const functions = Array.from({ length: 260 }, (_, index) => [`Fn${index}`, aFunction()] as const);
    expect(() => logOf(Object.fromEntries(functions))).toThrow(
      expect.objectContaining({ code: 'TemplateTooLarge', message: expect.stringContaining('520 resources') }),
    );
  });
});
