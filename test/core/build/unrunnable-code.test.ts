import { type BundleContent, unrunnableFunctions } from '../../../lib/core/build/unrunnable-code';

const bundle = (logicalId: string, ...paths: readonly string[]): BundleContent => ({
  kind: logicalId === 'Shared' ? 'layer' : 'function',
  logicalId,
  paths: new Set(paths),
});

/** What is found of one function. */
function find(properties: object, ...others: readonly BundleContent[]) {
  const Properties = { Handler: 'src/hello.handler', Runtime: 'nodejs22.x', ...properties };
  const template = { Resources: { Hello: { Type: 'AWS::Lambda::Function', Properties } } };
  return unrunnableFunctions(template, [bundle('Hello', 'run.sh'), ...others]).map(
    ({ found, mayComeFrom }) => `${found.kind}${mayComeFrom ? `, may come from ${mayComeFrom}` : ''}`,
  );
}
const LAYER = 'arn:aws:lambda:us-east-1:111122223333:layer:wrapper:1';
const WRAPPED = { Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/bootstrap' } } };

describe('unrunnableFunctions', () => {
  it('finds a function without its handler, which nothing can bring', () => {
    expect(find({})).toEqual(['missing']);
    expect(find({ Layers: [] })).toEqual(['missing']);
    expect(find({ Handler: '../hello.handler', Layers: [LAYER] })).toEqual(['malformed']);
  });

  it.each([
    ['a layer of others', { Layers: [LAYER] }, 'a layer'],
    ['layers that only CloudFormation knows', { Layers: { 'Fn::If': ['A', [], []] } }, 'a layer'],
    ['a program that wraps the runtime', WRAPPED, 'an exec wrapper'],
    ['an environment that only CloudFormation knows', { Environment: { 'Fn::If': ['A', {}, {}] } }, 'an exec wrapper'],
    ['a file system', { FileSystemConfigs: [{ Arn: 'arn', LocalMountPath: '/mnt/a' }] }, 'a file system'],
  ])('tells that it may come from %s', (_, properties, source) => {
    expect(find(properties)).toEqual([`missing, may come from ${source}`]);
  });

  it('lets a wrapper take the handler for a program of the bundle', () => {
    expect(find({ ...WRAPPED, Handler: 'run.sh' })).toEqual([]);
    expect(find({ ...WRAPPED, Handler: 'walk.sh' })).toEqual(['missing, may come from an exec wrapper']);
  });

  it('looks into layers of the package', () => {
    const Layers = [{ Ref: 'Shared' }];
    expect(find({ Layers }, bundle('Shared', 'nodejs/node_modules/src/hello.js'))).toEqual([]);
    expect(find({ Layers }, bundle('Shared', 'nodejs/node_modules/other/index.js'))).toEqual(['missing']);
    expect(find({ Layers, Handler: '/opt/hello.handler' }, bundle('Shared', 'hello.mjs'))).toEqual([]);
    const python = { Layers, Runtime: 'python3.12', Handler: 'wrap.handler' };
    expect(find(python, bundle('Shared', 'python/wrap.py'))).toEqual([]);
  });

  it('believes /opt if there is a layer of others that may have it', () => {
    const Handler = '/opt/nodejs/node_modules/wrapper/index.handler';
    expect(find({ Handler, Layers: [LAYER] })).toEqual([]);
    expect(find({ Handler })).toEqual(['missing']);
  });

  it('believes that a layer of others brings a runtime', () => {
    expect(find({ Runtime: 'provided.al2023', Layers: [LAYER] })).toEqual([]);
    expect(find({ Runtime: 'provided.al2023' })).toEqual(['missing']);
  });

  it('does not look at what is no bundle, or unknown before CloudFormation', () => {
    expect(find({ Runtime: { Ref: 'Runtime' } })).toEqual([]);
    expect(find({ Handler: { 'Fn::Sub': '${A}.handler' } })).toEqual([]);
    const inline = { Type: 'AWS::Lambda::Function', Properties: { Handler: 'index.a', Runtime: 'nodejs22.x' } };
    expect(unrunnableFunctions({ Resources: { Inline: inline } }, [])).toEqual([]);
  });
});
