import { tellReplacedKeys } from '../../../lib/core/build/replaced-keys';
import type { JsonObject } from '../../../lib/core/text/canonical-json';

describe('keys that Seedbed answers in its own way', () => {
  it.each<[string, JsonObject, RegExp]>([
    ['a profile', { provider: { profile: 'prod' } }, /^provider\.profile: not used; .*roles of the stage's target/],
    [
      'pruning',
      { provider: { pruneFunctionVersions: { number: 3 } } },
      /^provider\.pruneFunctionVersions: not used; Seedbed deletes/,
    ],
    [
      'no versions',
      { provider: { versionFunctions: false } },
      /^provider\.versionFunctions: not used; Seedbed publishes/,
    ],
    [
      'a prefix in the bucket',
      { provider: { deploymentPrefix: 'sls' } },
      /^provider\.deploymentPrefix: not used; bundles/,
    ],
    ['an organisation', { org: 'us' }, /^org: not used; releases go through no dashboard/],
  ])('are told: %s', (_, config, message) => {
    expect(tellReplacedKeys(config)).toEqual([expect.stringMatching(message)]);
  });

  it('are not told where they ask for what Seedbed does, or for nothing', () => {
    const provider = { versionFunctions: true, pruneFunctionVersions: false, profile: null, stage: 'dev' };
    expect(tellReplacedKeys({ provider, service: 'shop', app: null })).toEqual([]);
    expect(tellReplacedKeys({})).toEqual([]);
  });
});
