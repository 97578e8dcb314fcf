import type { Bundle, Manifest } from '../../../lib/core/contracts/manifest';
import { listFunctions, listLayers } from '../../../lib/core/template/list-functions';
import { renderTemplate } from '../../../lib/core/template/render-template';
import { asTemplate, type Template } from '../../../lib/core/template/template';
import { aManifest } from '../../builders';
import { aFunction, aResource, aTemplate, frozen, options } from './build-template';
import eventSources from './fixtures/event-sources.json';
import httpApiAndUrl from './fixtures/http-api-and-url.json';
import restAndWebsocket from './fixtures/rest-and-websocket.json';

const aBundle = (key: string): Bundle => ({
  bundle: key,
  contentHash: 'a'.repeat(64),
  codeSha256: `${'A'.repeat(43)}=`,
  size: 1,
});

const manifestFor = (template: Template, assets: readonly string[] = []): Manifest => ({
  ...aManifest(),
  functions: Object.fromEntries(
    listFunctions(template).map(({ logicalId }) => [
      logicalId,
      { ...aBundle(`fn/${logicalId}.zip`), handler: 'h', runtime: 'r' },
    ]),
  ),
  layers: Object.fromEntries(
    listLayers(template).map(({ logicalId }) => [logicalId, aBundle(`layer/${logicalId}.zip`)]),
  ),
  assets: Object.fromEntries(assets.map((path) => [path, aBundle(`asset/${path}`)])),
});

const render = (template: Template, manifest = manifestFor(template)) =>
  renderTemplate(frozen(template), { ...options(), bucket: 'artifacts', manifest }).template;

describe('the rendered template', () => {
  it.each(Object.entries({ eventSources, httpApiAndUrl, restAndWebsocket }))(
    'of %s takes all code from our bundles',
    (_, json) => {
      const template = render(asTemplate(structuredClone(json)));
      for (const { logicalId, code } of listFunctions(template))
        expect(code).toEqual({ bucket: 'artifacts', key: `fn/${logicalId}.zip` });
      for (const { logicalId, code } of listLayers(template))
        expect(code).toEqual({ bucket: 'artifacts', key: `layer/${logicalId}.zip` });
      expect(JSON.stringify(template)).not.toMatch(/\d{13}-\d{4}-/);
    },
  );

  it('is the same for the same manifest, whenever the service was packaged', () => {
    const text = JSON.stringify(restAndWebsocket);
    const again = text
      .replaceAll(/\d{13}-\d{4}-\d\d-\d\dT[\d:.]{12}Z/g, '1900000000000-2030-03-17T17:46:40.000Z')
      .replaceAll(/ApiGatewayDeployment\d{13}/g, 'ApiGatewayDeployment1900000000000');
    expect(again).not.toBe(text);
    expect(render(asTemplate(JSON.parse(again)))).toEqual(render(asTemplate(JSON.parse(text))));
  });

  it('drops the object version of a zip that is no longer meant', () => {
    const template = aTemplate({ Fn: aFunction({ Code: { S3Bucket: 'b', S3Key: 'k', S3ObjectVersion: 'v' } }) });
    expect(render(template).Resources.Fn!.Properties!.Code).toEqual({ S3Bucket: 'artifacts', S3Key: 'fn/Fn.zip' });
  });

  it('takes other files from our bundles too, wherever their key stands', () => {
    const template = aTemplate({
      Machine: aResource('AWS::StepFunctions::StateMachine', {
        DefinitionS3Location: { Bucket: 'b', Key: 'machine.json' },
      }),
      Job: aResource('AWS::New::Job', {
        Scripts: [
          { S3Bucket: 'b', S3Key: 'one' },
          { S3Bucket: 'b', S3Key: 'two' },
        ],
      }),
    });
    const { Resources } = render(
      template,
      manifestFor(template, ['Machine.DefinitionS3Location.Key', 'Job.Scripts.1.S3Key']),
    );
    expect(Resources.Machine!.Properties).toEqual({
      DefinitionS3Location: { Bucket: 'artifacts', Key: 'asset/Machine.DefinitionS3Location.Key' },
    });
    expect(Resources.Job!.Properties!.Scripts).toEqual([
      { S3Bucket: 'b', S3Key: 'one' },
      { S3Bucket: 'artifacts', S3Key: 'asset/Job.Scripts.1.S3Key' },
    ]);
  });

  it('is refused if the package has a file that the manifest does not name', () => {
    const template = asTemplate(structuredClone(eventSources));
    const manifest = manifestFor(template);
    const { CronLambdaFunction: _, ...functions } = manifest.functions;
    expect(() => render(template, { ...manifest, functions })).toThrow(
      expect.objectContaining({
        code: 'BundleMissing',
        message: expect.stringMatching(/CronLambdaFunction.*Code\.S3Key/),
      }),
    );
  });

  it('leaves code alone that is no file of the package', () => {
    const template = aTemplate({ Fn: aFunction({ Code: { ZipFile: 'exports.a = 1' } }) });
    expect(render(template, { ...aManifest({}), layers: {}, assets: {} }).Resources.Fn!.Properties!.Code).toEqual({
      ZipFile: 'exports.a = 1',
    });
  });
});

describe('listing what a template holds', () => {
  it('gives each function with what is literal about it', () => {
    const template = aTemplate({
      A: aFunction({ FunctionName: { 'Fn::Join': ['-', ['shop', 'a']] } }),
      B: aFunction({
        FunctionName: { 'Fn::Sub': '${AWS::StackName}-b' },
        Code: { ImageUri: 'x' },
        PackageType: 'Image',
      }),
      Queue: aResource('AWS::SQS::Queue', {}),
    });
    expect(listFunctions(template)).toEqual([
      {
        logicalId: 'A',
        functionName: 'shop-a',
        handler: 'index.main',
        runtime: 'nodejs22.x',
        packageType: 'Zip',
        code: { bucket: 'code', key: 'fn.zip' },
      },
      { logicalId: 'B', handler: 'index.main', runtime: 'nodejs22.x', packageType: 'Image', code: {} },
    ]);
  });

  it('gives each layer', () => {
    expect(listLayers(asTemplate(eventSources))).toEqual([
      { logicalId: 'LibsLambdaLayer', layerName: 'libs', code: { key: expect.stringMatching(/libs\.zip$/) } },
    ]);
  });
});

describe('asTemplate', () => {
  it.each([
    [null, 'no Resources'],
    [{ Resources: [] }, 'no Resources'],
    [{ Resources: { A: { Properties: {} } } }, 'resource A'],
  ])('refuses %j', (value, message) => {
    expect(() => asTemplate(value)).toThrow(
      expect.objectContaining({ code: 'TemplateInvalid', message: expect.stringContaining(message) }),
    );
  });
});
