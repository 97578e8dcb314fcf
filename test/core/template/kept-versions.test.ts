import { nameVersions, withoutPackagedHashes } from '../../../lib/core/template/kept-versions';
import { templateHash } from '../../../lib/core/template/normalise-template';
import { renderTemplate } from '../../../lib/core/template/render-template';
import type { Resource, Template } from '../../../lib/core/template/template';
import type { JsonObject } from '../../../lib/core/text/canonical-json';
import { aHash } from '../../builders';
import { aFunction, aResource, aTemplate } from './build-template';

/** One run of the framework: what it packaged, and how. */
interface Run {
  readonly content: string;
  /** Two zips of the same content may differ. */
  readonly zip?: string;
  readonly layer?: string;
  readonly properties?: JsonObject;
  readonly more?: Record<string, Resource>;
  readonly outputs?: JsonObject;
  /** Digits of the version's id. */
  readonly digits?: string;
}

const DIRECTORY = 'serverless/flow/dev/1700000000000-2023-11-14T22:13:20.000Z';
const versionOf = (zip: string) => `PayLambdaVersion${Buffer.from(zip).toString('hex').padEnd(40, 'x')}`;
const base64 = (text: string) => `${Buffer.from(text).toString('base64').replaceAll('=', 'A').padEnd(43, 'A')}=`;

/** What needs the exact version: a state machine with `useExactVersion`. */
const machine = (versionId: string) =>
  aResource('AWS::StepFunctions::StateMachine', {
    DefinitionString: { 'Fn::Sub': [`{"States":{"Pay":{"Resource":"\${version}"}}}`, { version: { Ref: versionId } }] },
  });

function packaged({ content, zip = content, properties = {}, more, outputs }: Run): Template {
  const versionId = versionOf(zip);
  return aTemplate(
    {
      PayLambdaFunction: aFunction({ Code: { S3Bucket: 'b', S3Key: `${DIRECTORY}/pay.zip` }, ...properties }),
      [versionId]: aResource(
        'AWS::Lambda::Version',
        { FunctionName: { Ref: 'PayLambdaFunction' }, CodeSha256: base64(zip) },
        { DeletionPolicy: 'Retain' },
      ),
      Machine: machine(versionId),
      ...more,
    },
    outputs && { Outputs: outputs },
  );
}

const contentsOf = ({ content, layer = 'libs' }: Run) => ({
  functions: {
    PayLambdaFunction: {
      bundle: `bundles/${content}.zip`,
      contentHash: aHash(content),
      codeSha256: base64(`stored ${content}`),
      size: 1,
      handler: 'a',
      runtime: 'b',
    },
  },
  layers: {
    LibsLambdaLayer: { bundle: `l/${layer}.zip`, contentHash: aHash(layer), codeSha256: base64(layer), size: 1 },
  },
});

const named = (run: Run): Template => nameVersions(packaged(run), contentsOf(run));
const versionIds = ({ Resources }: Template): readonly string[] =>
  Object.keys(Resources).filter((id) => Resources[id]!.Type === 'AWS::Lambda::Version');

/** @returns what is deployed of a run, over what is deployed already. */
function deployed(run: Run, before?: { readonly template: Template; readonly live: string }): Template {
  return renderTemplate(named(run), {
    bucket: 'artifacts',
    manifest: { ...contentsOf(run), layers: {}, assets: {}, alias: 'live', shift: { functions: {} } },
    alias: 'live',
    liveVersions: before ? { PayLambdaFunction: before.live } : {},
    deployed: before?.template,
  } as unknown as Parameters<typeof renderTemplate>[1]).template;
}

describe('a version that something else needs', () => {
  it('is named after the content of its code, however that is packed', () => {
    expect(named({ content: 'one', zip: 'packed again' })).toEqual({
      ...named({ content: 'one' }),
      Resources: expect.objectContaining({ Machine: named({ content: 'one' }).Resources.Machine }),
    });
    expect(versionIds(named({ content: 'one', zip: 'packed again' }))).toEqual(versionIds(named({ content: 'one' })));
    expect(versionIds(named({ content: 'two' }))).not.toEqual(versionIds(named({ content: 'one' })));
  });

  it('makes no other package of the same content in another zip, and one of other content', () => {
    const hash = (run: Run) => templateHash(named(run));
    expect(hash({ content: 'one', zip: 'packed again' })).toBe(hash({ content: 'one' }));
    expect(hash({ content: 'two', zip: 'one' })).not.toBe(hash({ content: 'one' }));
  });

  it('is a new one if a property changes that versions keep, and only then', () => {
    const before = versionIds(named({ content: 'one' }));
    const withProperties = (properties: JsonObject) => versionIds(named({ content: 'one', properties }));
    for (const properties of [{ Timeout: 9 }, { Environment: { Variables: { A: '1' } } }, { MemorySize: 256 }])
      expect(withProperties(properties)).not.toEqual(before);
    for (const properties of [
      { ReservedConcurrentExecutions: 3 },
      { Tags: [{ Key: 'team', Value: 'pay' }] },
      { CodeSigningConfigArn: 'arn:x' },
      { MemorySize: 128, Architectures: ['x86_64'], Timeout: 3 },
    ])
      expect(withProperties(properties)).toEqual(before);
  });

  it('is a new one if a layer of the function has other content', () => {
    const run = (layer: string): Run => ({
      content: 'one',
      layer,
      properties: { Layers: [{ Ref: 'LibsLambdaLayer' }] },
      more: { LibsLambdaLayer: aResource('AWS::Lambda::LayerVersion', { Content: { S3Key: 'x' } }) },
    });
    expect(versionIds(named(run('libs')))).toEqual(versionIds(named(run('libs'))));
    expect(versionIds(named(run('libs')))).not.toEqual(versionIds(named(run('more libs'))));
  });

  it('keeps the id of code that is not of the package, and one that a person gave it', () => {
    const run = { content: 'one' };
    const image = nameVersions(packaged(run), { functions: {}, layers: {} });
    expect(image).toEqual(packaged(run));
    const own = aTemplate({
      PayLambdaFunction: aFunction(),
      PayVersion: aResource('AWS::Lambda::Version', { FunctionName: { Ref: 'PayLambdaFunction' } }),
    });
    expect(nameVersions(own, contentsOf(run))).toEqual(own);
  });

  it('is deployed with the hash of the bundle as it is stored', () => {
    const template = deployed({ content: 'one' });
    const [id] = versionIds(template);
    expect(template.Resources[id!]!.Properties!.CodeSha256).toBe(base64('stored one'));
    expect(JSON.stringify(template.Resources.Machine)).toContain(id);
  });

  it('is shown without a hash if its bundle is not known', () => {
    const [id] = versionIds(packaged({ content: 'one' }));
    expect(withoutPackagedHashes(packaged({ content: 'one' })).Resources[id!]!.Properties).toEqual({
      FunctionName: { Ref: 'PayLambdaFunction' },
    });
  });

  it('is published once with the alias of a new function, and stays as it was when the code changes', () => {
    const first = deployed({ content: 'one' });
    const [one] = versionIds(first);
    expect(versionIds(first)).toHaveLength(1);
    const second = deployed({ content: 'two' }, { template: first, live: '1' });
    // CloudFormation changes no property of the old version and of the alias, and publishes the new one.
    expect(second.Resources[one!]).toEqual(first.Resources[one!]);
    expect(second.Resources.PayLambdaFunctionAliasLive).toEqual(first.Resources.PayLambdaFunctionAliasLive);
    const two = versionIds(second).filter((id) => id !== one);
    expect(two).toHaveLength(1);
    expect(JSON.stringify(second.Resources.Machine)).toContain(two[0]);
    const third = deployed({ content: 'two', zip: 'packed again' }, { template: second, live: '2' });
    expect(third).toEqual(second);
    const back = deployed({ content: 'one' }, { template: third, live: '2' });
    expect(versionIds(back)).toEqual([one]);
    expect(back.Resources[one!]).toEqual(first.Resources[one!]);
  });

  it('is told nothing new if the same content is stored in other bytes', () => {
    const first = deployed({ content: 'one' });
    const [id] = versionIds(first);
    const withOtherHash: Template = {
      ...first,
      Resources: {
        ...first.Resources,
        [id!]: { ...first.Resources[id!]!, Properties: { ...first.Resources[id!]!.Properties, CodeSha256: 'other' } },
      },
    };
    const again = deployed({ content: 'one' }, { template: withOtherHash, live: '1' });
    expect(again.Resources[id!]!.Properties!.CodeSha256).toBe('other');
  });
});
