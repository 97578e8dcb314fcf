import { join } from 'node:path';
import { findBundleFiles } from '../../lib/packager/kinds/serverless/find-bundle-files';
import type { FrameworkOutput } from '../../lib/packager/kinds/serverless/run-serverless';
import { aDirectory } from './scratch';

const PREFIX = 'serverless/shop/dev/1700000000000-2023-11-14T22:13:20.000Z';
const code = (file: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Code: { S3Bucket: 'b', S3Key: `${PREFIX}/${file}` } },
});
const content = (file: string) => ({
  Type: 'AWS::Lambda::LayerVersion',
  Properties: { Content: { S3Bucket: 'b', S3Key: `${PREFIX}/${file}` } },
});

interface Packaged {
  /** What the framework left, and what the service's directory has. */
  readonly packaged?: readonly string[];
  readonly service: string;
  readonly resources: FrameworkOutput['template']['Resources'];
  readonly functions?: object;
  readonly layers?: object;
  /** Artifact of the whole service. */
  readonly artifact?: string;
}

/**
 * @returns by logical id, the file of each bundle, relative to the service; `packaged/…` is what the framework left
 */
async function filesOf({ packaged = [], service, resources, functions = {}, layers = {}, artifact }: Packaged) {
  const directory = aDirectory(Object.fromEntries(packaged.map((name) => [name, name])));
  const output = {
    directory,
    framework: { name: 'osls', version: '4', program: '' },
    template: { Resources: resources },
    state: { package: { artifactDirectoryName: PREFIX }, prebuilt: artifact, service: { functions, layers } },
  } as unknown as FrameworkOutput;
  const found = await findBundleFiles(output, service);
  return Object.fromEntries(
    found.map(({ logicalId, file }) => [
      logicalId,
      file.startsWith(directory) ? `packaged${file.slice(directory.length)}` : file.slice(service.length + 1),
    ]),
  );
}

const own = (artifact: string) => ({ package: { artifact } });

describe('the file of a bundle', () => {
  it('is the one that the function’s own package.artifact names, also if others have the same base name', async () => {
    const service = aDirectory({ 'one/code.zip': '1', 'two/code.zip': '2' });
    const resources = { OneLambdaFunction: code('code.zip'), TwoLambdaFunction: code('code.zip') };
    const functions = { one: own('one/code.zip'), two: own(join(service, 'two/code.zip')) };
    expect(await filesOf({ service, resources, functions })).toEqual({
      OneLambdaFunction: 'one/code.zip',
      TwoLambdaFunction: 'two/code.zip',
    });
  });

  it('is the layer’s own, beside a function whose artifact has the same base name', async () => {
    const service = aDirectory({ 'layer/code.zip': '1', 'fn/code.zip': '2' });
    const resources = {
      DepsDashoneLambdaLayer: content('code.zip'),
      FnUnderscoreLambdaFunction: code('code.zip'),
      ByNameOfAPlugin: {
        ...code('code.zip'),
        Properties: { ...code('code.zip').Properties, FunctionName: 'shop-named' },
      },
    };
    const functions = { fn_: own('fn/code.zip'), named: { name: 'shop-named', ...own('layer/code.zip') } };
    expect(await filesOf({ service, resources, functions, layers: { 'deps-one': own('./layer/code.zip') } })).toEqual({
      DepsDashoneLambdaLayer: 'layer/code.zip',
      FnUnderscoreLambdaFunction: 'fn/code.zip',
      ByNameOfAPlugin: 'layer/code.zip',
    });
  });

  it('is the only one of that name for a resource that a plug-in has made, and none of several', async () => {
    const service = aDirectory({ 'one/code.zip': '1', 'two/code.zip': '2' });
    const resources = { OneLambdaFunction: code('code.zip'), Made: code('code.zip') };
    const one = own('one/code.zip');
    expect(await filesOf({ service, resources, functions: { one } })).toMatchObject({ Made: 'one/code.zip' });
    const two = { ...resources, TwoLambdaFunction: code('code.zip') };
    const functions = { one, two: own('two/code.zip') };
    await expect(filesOf({ service, resources: two, functions })).rejects.toMatchObject({
      code: 'PackageFailed',
      message: expect.stringContaining('resource Made of the packaged template points at code.zip'),
    });
  });

  it('is not a packaged one of the same name', async () => {
    const service = aDirectory({ 'dist/hello.zip': '1' });
    const resources = { HelloLambdaFunction: code('hello.zip'), OtherLambdaFunction: code('hello.zip') };
    const functions = { hello: own('.serverless/hello.zip'), other: own('dist/hello.zip') };
    expect(await filesOf({ service, packaged: ['hello.zip'], resources, functions })).toEqual({
      HelloLambdaFunction: 'packaged/hello.zip',
      OtherLambdaFunction: 'dist/hello.zip',
    });
  });

  it('is the service’s artifact for functions without one of their own', async () => {
    const service = aDirectory({ 'all/code.zip': '1', 'one/code.zip': '2' });
    const resources = { OneLambdaFunction: code('code.zip'), RestLambdaFunction: code('code.zip') };
    const functions = { one: own('one/code.zip'), rest: {} };
    expect(await filesOf({ service, resources, functions, artifact: 'all/code.zip' })).toEqual({
      OneLambdaFunction: 'one/code.zip',
      RestLambdaFunction: 'all/code.zip',
    });
  });

  it('is shared by functions that are packaged together', async () => {
    const resources = { OneLambdaFunction: code('shop.zip'), TwoLambdaFunction: code('shop.zip') };
    const shared = own('.serverless/shop.zip');
    const service = aDirectory();
    for (const functions of [
      { one: {}, two: {} },
      { one: shared, two: shared },
    ])
      expect(await filesOf({ service, packaged: ['shop.zip'], resources, functions })).toEqual({
        OneLambdaFunction: 'packaged/shop.zip',
        TwoLambdaFunction: 'packaged/shop.zip',
      });
  });

  it('is refused if the framework has packaged a layer and a function into the same one', async () => {
    const resources = { SharpLambdaLayer: content('sharp.zip'), SharpLambdaFunction: code('sharp.zip') };
    const packaged = filesOf({
      service: aDirectory(),
      packaged: ['sharp.zip'],
      resources,
      functions: { sharp: own('.serverless/sharp.zip') },
      layers: { sharp: { path: 'layer' } },
    });
    await expect(packaged).rejects.toMatchObject({
      code: 'PackageFailed',
      message: expect.stringMatching(
        /SharpLambdaLayer and SharpLambdaFunction .*sharp\.zip.*give one of them another name/,
      ),
    });
  });
});
