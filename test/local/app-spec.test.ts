import { parseAppSpec, reversed, writeAppSpec } from '../../lib/local/codedeploy/app-spec';

const aFile = (properties: object, more: object = {}) =>
  JSON.stringify({
    version: 0.0,
    Resources: [{ Fn: { Type: 'AWS::Lambda::Function', Properties: properties } }],
    ...more,
  });
const PROPERTIES = { Name: 'f', Alias: 'live', CurrentVersion: '1', TargetVersion: '2' };

describe('an AppSpec file', () => {
  it('names function, alias, versions and hooks', () => {
    const hooks = { Hooks: [{ BeforeAllowTraffic: 'before' }, { AfterAllowTraffic: 'after' }] };
    expect(parseAppSpec(aFile(PROPERTIES, hooks))).toEqual({
      functionName: 'f',
      alias: 'live',
      currentVersion: '1',
      targetVersion: '2',
      hooks: { BeforeAllowTraffic: 'before', AfterAllowTraffic: 'after' },
    });
  });

  it('may have numbers as versions', () => {
    const { currentVersion, targetVersion } = parseAppSpec(
      aFile({ ...PROPERTIES, CurrentVersion: 3, TargetVersion: 4 }),
    );
    expect([currentVersion, targetVersion]).toEqual(['3', '4']);
  });

  it.each([
    ['a version that is none', aFile({ ...PROPERTIES, TargetVersion: '$LATEST' }), /targetversion/],
    ['no alias', aFile({ ...PROPERTIES, Alias: undefined }), /alias/],
    ['a hook at a moment that Lambda does not have', aFile(PROPERTIES, { Hooks: [{ AfterInstall: 'f' }] }), /hooks/],
    ['another version of the format', JSON.stringify({ version: 1, Resources: [] }), /version/],
    ['another type of resource', aFile(PROPERTIES).replace('Lambda::Function', 'ECS::Service'), /type/],
    ['text', 'hello', /the file/],
    ['nothing that is YAML', '{', /./],
  ])('is refused with %s', (_, content, words) => {
    expect(() => parseAppSpec(content)).toThrow(words);
  });

  it('can be reversed, without its hooks', () => {
    const there = parseAppSpec(aFile(PROPERTIES, { Hooks: [{ BeforeAllowTraffic: 'before' }] }));
    expect(parseAppSpec(writeAppSpec(reversed(there)))).toEqual({
      ...there,
      currentVersion: '2',
      targetVersion: '1',
      hooks: {},
    });
  });
});
