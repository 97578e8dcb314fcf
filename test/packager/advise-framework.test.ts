import type { JsonObject } from '../../lib/core/text/canonical-json';
import { adviseFramework, tellKeysOfV4 } from '../../lib/packager/kinds/serverless/advise-framework';

const OSLS = { name: 'osls', version: '4.3.1' };
const V4 = { name: 'serverless', version: '4.4.0' };
const advise = (line: string, framework = OSLS, value: JsonObject = {}) =>
  adviseFramework(['Error:', line], {
    framework,
    config: { file: 'api/serverless.yml', value },
    workspace: { app: 'shop', stage: 'pr-1', template: 'dev' },
  });

describe('adviseFramework', () => {
  it.each([
    ["Configuration error at root: unrecognized property 'stages'", OSLS, 'write "stages.<stage>.params" as'],
    ["     at root: unrecognized property 'build'", OSLS, 'serverless-esbuild'],
    [
      'The Serverless version (3.40.0) does not satisfy the "frameworkVersion" (2) in serverless.yml',
      { name: 'serverless', version: '3.40.0' },
      'key "frameworkVersion": it asks for "2", and the service is packaged with serverless 3.40.0',
    ],
    [
      '✖ You must sign in or use a license key with Serverless Framework V.4 and later versions.',
      V4,
      'seedbed env set --app shop --stage dev --secret SERVERLESS_LICENSE_KEY',
    ],
    ['✖ Error: Unauthorized', V4, 'has no licence that is accepted'],
    ['Could not download the Serverless Framework binary: fetch failed', V4, 'let builds reach it'],
    [
      'Cannot access package artifact at "gone.zip" (for "hello"): ENOENT: no such file or directory',
      OSLS,
      'api/serverless.yml: "package.artifact" of "hello" names gone.zip, which is not there',
    ],
    ["ENOENT: no such file or directory, open '/tmp/x/gone.zip'", OSLS, '"package.artifact" names /tmp/x/gone.zip'],
    ['No file matches include / exclude patterns', OSLS, '"package.patterns" (or "exclude") leave no file'],
  ])('says of "%s" what to do', (line, framework, advice) => {
    expect(advise(line, framework)).toContain(advice);
  });

  it('says which keys of Serverless 4 there are, if they may be the reason', () => {
    const line = 'Cannot resolve variable at "custom.a": The param "a" cannot be resolved';
    expect(advise(line, OSLS, { stages: { default: { params: { a: 1 } } } })).toMatch(
      /^api\/serverless.yml: the key "stages" is one of Serverless 4, and osls 4.3.1 does not know it/,
    );
    expect(advise(line, V4, { stages: {} })).toBeUndefined();
  });

  it('says nothing of what it does not know', () => {
    expect(advise("unrecognized property 'colour'")).toBeUndefined();
    expect(advise('✖ Error: Unauthorized')).toBeUndefined();
  });
});

describe('tellKeysOfV4', () => {
  const config = { file: 'serverless.yml', value: { stages: { default: {} }, build: null } };

  it('tells of keys that no framework but Serverless 4 reads', () => {
    expect(tellKeysOfV4(OSLS, config)).toEqual([
      expect.stringMatching(
        /^serverless.yml: the key "stages" is one of Serverless 4, and osls 4.3.1 does not know it/,
      ),
      expect.stringContaining('the key "build"'),
    ]);
  });

  it('tells nothing where that packages the service, or where only a program knows', () => {
    expect(tellKeysOfV4(V4, config)).toEqual([]);
    expect(tellKeysOfV4(OSLS, { file: 'serverless.ts' })).toEqual([]);
  });
});
