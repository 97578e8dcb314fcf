import fc from 'fast-check';
import { normaliseTemplate, templateHash } from '../../../lib/core/template/normalise-template';
import { asTemplate, type Resource, type Template } from '../../../lib/core/template/template';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/core/text/canonical-json';
import { runs } from '../../runs';
import { aFunction, aResource, aTemplate, frozen } from './build-template';
import eventSources from './fixtures/event-sources.json';
import httpApiAndUrl from './fixtures/http-api-and-url.json';
import restAndWebsocket from './fixtures/rest-and-websocket.json';

const FIXTURES = { eventSources, httpApiAndUrl, restAndWebsocket };
const fixtures = fc.constantFrom(...Object.values(FIXTURES)).map((one) => frozen(asTemplate(structuredClone(one))));

/** What a second run of the framework writes differently though nothing changed but, at most, code. */
interface Rerun {
  readonly epoch: number;
  readonly codeHash: string;
}
const anotherRun: fc.Arbitrary<Rerun> = fc.record({
  epoch: fc.integer({ min: 1_600_000_000_000, max: 1_999_999_999_999 }),
  codeHash: fc.stringMatching(/^[A-Za-z0-9]{40}$/),
});

function packagedAgain(template: Template, { epoch, codeHash }: Rerun): Template {
  const directory = `${epoch}-${new Date(epoch).toISOString()}`;
  const text = JSON.stringify(template)
    .replaceAll(/\d{13}-\d{4}-\d\d-\d\dT[\d:.]{12}Z/g, directory)
    .replaceAll(/ApiGatewayDeployment\d{13}/g, `ApiGatewayDeployment${epoch}`)
    .replaceAll(/([A-Za-z]+)LambdaVersion[A-Za-z0-9]{32,44}/g, `$1LambdaVersion${codeHash}`)
    .replaceAll(/"CodeSha256":"[^"]*"/g, `"CodeSha256":"${codeHash}"`)
    .replaceAll(/("LibsLambdaLayerHash":\{[^}]*"Value":)"[^"]*"/g, `$1"${codeHash}"`);
  return JSON.parse(text) as Template;
}

describe('templateHash', () => {
  it('is the same for the same service packaged at another time, with other code', () => {
    fc.assert(
      fc.property(fixtures, anotherRun, (template, rerun) => {
        const again = packagedAgain(template, rerun);
        expect(again).not.toEqual(template);
        expect(templateHash(frozen(again))).toBe(templateHash(template));
      }),
    );
  });

  it('is the same whatever the order of resources and of keys', () => {
    const reversed = (value: Json): Json =>
      isJsonObject(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, child]) => [key, reversed(child as Json)]),
          )
        : Array.isArray(value)
          ? value.map(reversed)
          : value;
    fc.assert(
      fc.property(fixtures, (template) => {
        expect(templateHash(reversed(template as Json) as unknown as Template)).toBe(templateHash(template));
      }),
    );
  });

  it('differs as soon as any value of a resource that is not code differs', () => {
    const places = Object.values(FIXTURES).flatMap((one) => leaves(asTemplate(one)).map((path) => ({ one, path })));
    fc.assert(
      fc.property(fc.constantFrom(...places), ({ one, path }) => {
        const changed = withChange(structuredClone(one) as unknown as Json, path) as unknown as Template;
        expect(templateHash(changed)).not.toBe(templateHash(asTemplate(one)));
      }),
      { numRuns: runs(150) },
    );
  });

  it.each([
    ['an environment variable', { Environment: { Variables: { A: '2' } } }],
    ['a timeout', { Timeout: 7 }],
    ['a handler', { Handler: 'other.main' }],
    ['a layer’s place among layers', { Layers: ['b', 'a'] }],
  ])('differs with %s', (_, properties) => {
    const before = aTemplate({ Fn: aFunction({ Layers: ['a', 'b'] }) });
    expect(templateHash(aTemplate({ Fn: aFunction({ Layers: ['a', 'b'], ...properties }) }))).not.toBe(
      templateHash(before),
    );
  });

  it('differs with a resource that comes, goes, or has another id', () => {
    const hashes = [{ A: 1 }, { A: 1, B: 1 }, { B: 1 }].map((ids) =>
      templateHash(aTemplate(Object.fromEntries(Object.keys(ids).map((id) => [id, aResource('AWS::SQS::Queue', {})])))),
    );
    expect(new Set(hashes).size).toBe(3);
  });

  it('is the same with the version of other code that only an alias of the service has, as SAM makes it', () => {
    const template = (version: string) =>
      aTemplate({
        Hello: aFunction(),
        [`HelloVersion${version}`]: aResource('AWS::Lambda::Version', { FunctionName: { Ref: 'Hello' } }),
        HelloAliaslive: aResource('AWS::Lambda::Alias', {
          FunctionName: { Ref: 'Hello' },
          Name: 'live',
          FunctionVersion: { 'Fn::GetAtt': [`HelloVersion${version}`, 'Version'] },
        }),
      });
    const [one, other] = [template('0123456789'), template('abcdef0123')];
    expect(templateHash(one, 'live')).toBe(templateHash(other, 'live'));
    expect(templateHash(one, 'other')).not.toBe(templateHash(other, 'other'));
  });

  it('differs with code that no bundle of the package holds', () => {
    const inline = (ZipFile: string) => templateHash(aTemplate({ Fn: aFunction({ Code: { ZipFile } }) }));
    const image = (ImageUri: string) => templateHash(aTemplate({ Fn: aFunction({ Code: { ImageUri } }) }));
    const fixed = (S3Key: string) => templateHash(aTemplate({ Fn: aFunction({ Code: { S3Bucket: 'b', S3Key } }) }));
    for (const hash of [inline, image, fixed]) expect(hash('a')).not.toBe(hash('b'));
  });

  it('does not differ with the digest of an image, but with where it is stored', () => {
    const digest = (letter: string) => `@sha256:${letter.repeat(64)}`;
    const image = (ImageUri: string) => templateHash(aTemplate({ Fn: aFunction({ Code: { ImageUri } }) }));
    expect(image(`shop${digest('a')}`)).toBe(image(`shop${digest('b')}`));
    expect(image(`shop${digest('a')}`)).not.toBe(image(`other${digest('a')}`));
  });

  it('differs with the code of a function of Lambda@Edge, which CloudFront has to be told', () => {
    const edge = (code: string) => {
      const versionId = `EdgeLambdaVersion${code.repeat(40)}`;
      return templateHash(
        aTemplate({
          EdgeLambdaFunction: aFunction(),
          [versionId]: aResource('AWS::Lambda::Version', { FunctionName: { Ref: 'EdgeLambdaFunction' } }),
          Cdn: aResource('AWS::CloudFront::Distribution', { DistributionConfig: { Arn: { Ref: versionId } } }),
        }),
      );
    };
    expect(edge('a')).not.toBe(edge('b'));
  });

  it.each([
    [
      'AllowMethods',
      (list: string[]) => aResource('AWS::ApiGatewayV2::Api', { CorsConfiguration: { AllowMethods: list } }),
    ],
    ['the actions of a policy', (list: string[]) => aResource('AWS::IAM::Policy', { Statement: [{ Action: list }] })],
    ['DependsOn', (list: string[]) => aResource('AWS::SQS::Queue', {}, { DependsOn: list })],
  ])('is the same in any order of %s', (_, resource: (list: string[]) => Resource) => {
    const hash = (list: string[]) =>
      templateHash(aTemplate({ R: resource(list), GET: aResource('A', {}), PUT: aResource('A', {}) }));
    expect(hash(['GET', 'PUT'])).toBe(hash(['PUT', 'GET']));
    expect(hash(['GET'])).not.toBe(hash(['PUT']));
  });
});

describe('normaliseTemplate', () => {
  it('leaves nothing of the time of packaging or of the code', () => {
    for (const one of Object.values(FIXTURES)) {
      const text = JSON.stringify(normaliseTemplate(asTemplate(one)));
      expect(text).not.toMatch(/\d{13}|LambdaVersion[A-Za-z0-9]{32}|CodeSha256/);
    }
  });

  it('normalised twice is the same as once', () => {
    fc.assert(
      fc.property(fixtures, (template) => {
        const once = frozen(normaliseTemplate(template));
        expect(normaliseTemplate(once)).toEqual(once);
      }),
    );
  });
});

type Path = readonly (string | number)[];

/** Paths of the texts and numbers of a template's resources that tell anything but code and its time. */
function leaves(template: Template): readonly Path[] {
  const found: Path[] = [];
  const visit = (value: Json | undefined, path: Path): void => {
    if (typeof value === 'string' || typeof value === 'number') found.push(path);
    else if (Array.isArray(value)) value.forEach((child: Json, index) => void visit(child, [...path, index]));
    else if (isJsonObject(value)) for (const [key, child] of Object.entries(value)) visit(child, [...path, key]);
  };
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (resource.Type === 'AWS::Lambda::Version') continue;
    visit(resource.Properties, ['Resources', id, 'Properties']);
  }
  const text = (path: Path) =>
    path.reduce<Json | undefined>((value, key) => (value as JsonObject)[key], template as JsonObject);
  return found.filter((path) => !/\d{13}|LambdaVersion/.test(String(text(path))));
}

function withChange(value: Json, path: Path): Json {
  const [head, ...rest] = path;
  if (head === undefined) return typeof value === 'number' ? value + 1 : `${value as string}x`;
  if (Array.isArray(value))
    return value.map((child: Json, index) => (index === head ? withChange(child, rest) : child));
  const object = value as JsonObject;
  return { ...object, [head]: withChange(object[head]!, rest) };
}
