import { configHash } from '../../../lib/core/build/config-hash';
import type { JsonObject } from '../../../lib/core/text/canonical-json';

const hash = (service: JsonObject, directories = ['/build/1/source'], artifactDirectory = 'serverless/a/dev/1-x') =>
  configHash(service, { directories, artifactDirectory });

describe('configHash', () => {
  it('is the same wherever and whenever the service was packaged', () => {
    const packagedIn = (directory: string, time: string): string =>
      hash(
        {
          functions: { hello: { handler: 'a.b', package: { artifact: `${directory}/.serverless/hello.zip` } } },
          custom: { output: `${directory}/out`, token: `a \${Token[TOKEN.${time}]}`, key: `serverless/${time}/state` },
        },
        [directory],
        `serverless/${time}`,
      );
    expect(packagedIn('/build/1/source', '17')).toBe(packagedIn('/home/ada/shop', '4242'));
  });

  it('does not see that only code changed', () => {
    const withVersion = (versionLogicalId: string): string => hash({ functions: { hello: { versionLogicalId } } });
    expect(withVersion('HelloLambdaVersionA')).toBe(withVersion('HelloLambdaVersionB'));
  });

  it('does not depend on the order of keys', () => {
    expect(hash({ custom: { a: 1, b: 2 } })).toBe(hash({ custom: { b: 2, a: 1 } }));
  });

  it('does not see how traffic moves, which the next shift follows by itself', () => {
    const withSettings = (deploymentSettings: JsonObject): string =>
      hash({ custom: { deploymentSettings, a: 1 }, functions: { hello: { handler: 'a.b', deploymentSettings } } });
    const plain = hash({ custom: { a: 1 }, functions: { hello: { handler: 'a.b' } } });
    expect(withSettings({ type: 'AllAtOnce' })).toBe(plain);
    expect(withSettings({ type: 'Canary10Percent5Minutes', alarms: ['Errors'] })).toBe(plain);
  });

  it('does not see which image a function runs, wherever the configuration has it from', () => {
    const withImage = (digest: string): string => {
      const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${digest.repeat(64)}`;
      const service = { custom: { image }, functions: { render: { image } } };
      return configHash(service, { directories: [], artifactDirectory: 'x', images: [image] });
    };
    expect(withImage('a')).toBe(withImage('b'));
  });

  it('does not see how images are built, of which their digests tell', () => {
    const built = (commit: string): string =>
      hash({ provider: { name: 'aws', ecr: { images: { render: { path: './render', buildArgs: { commit } } } } } });
    expect(built('1')).toBe(built('2'));
    expect(built('1')).not.toBe(hash({ provider: { name: 'other' } }));
  });

  it('sees what the platform’s additions to the template depend on', () => {
    const rendered = (what: JsonObject): string =>
      configHash({ functions: {} }, { directories: [], artifactDirectory: 'x' }, what);
    expect(rendered({ alias: 'Live' })).not.toBe(rendered({ alias: 'live' }));
    expect(rendered({})).toBe(configHash({ functions: {} }, { directories: [], artifactDirectory: 'x' }));
  });

  it.each([
    ['a setting of a plug-in', { custom: { esbuild: { minify: true } } }],
    ['an environment variable', { provider: { environment: { A: '1' } } }],
    ['a pattern of files', { functions: { hello: { package: { patterns: ['!x'] } } } }],
    ['a layer', { layers: { shared: { path: 'layer' } } }],
  ])('changes with %s', (_, service) => {
    const change = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value).replace(/true|"1"|"!x"|"layer"/, '"other"'));
    expect(hash(service as JsonObject)).not.toBe(hash(change(service) as JsonObject));
  });
});
