import { readIncrementalSettings } from '../../../lib/core/build/incremental-settings';

const read = (incremental: unknown) => readIncrementalSettings({ seed: { incremental } }, 'api/serverless.yml');

describe('readIncrementalSettings', () => {
  it('has direct updates on unless the service says otherwise', () => {
    const on = { enabled: true, disabledFor: [] };
    expect(readIncrementalSettings(undefined, 'serverless.yml')).toEqual(on);
    expect(readIncrementalSettings({ other: 1 }, 'serverless.yml')).toEqual(on);
    expect(read(null)).toEqual(on);
  });

  it('reads the keys of serverless-seed', () => {
    expect(read({ enabled: false, disabledFor: ['prod', 'staging'] })).toEqual({
      enabled: false,
      disabledFor: ['prod', 'staging'],
    });
  });

  it('reads what a variable left as text', () => {
    expect(read({ enabled: 'false', disabledFor: 'prod' })).toEqual({ enabled: false, disabledFor: ['prod'] });
  });

  it('names file, key, value and remedy of all that is wrong', () => {
    expect(() => read({ enable: true, enabled: 'perhaps', disabledFor: [1] })).toThrow(
      [
        'api/serverless.yml: "custom.seed.incremental.enabled" is "perhaps"; write true or false',
        'api/serverless.yml: "custom.seed.incremental.disabledFor[0]" is 1; write the name of a stage',
        'api/serverless.yml: unknown key "custom.seed.incremental.enable"; did you mean "enabled"?',
      ].join('\n'),
    );
    expect(() => read(true)).toThrow(
      '"custom.seed.incremental" is true; write a map with the keys "enabled" and "disabledFor"',
    );
  });
});
