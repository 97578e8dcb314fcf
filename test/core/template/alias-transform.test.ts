import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { asTemplate } from '../../../lib/core/template/template';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, frozen, options } from './build-template';
import eventSources from './fixtures/event-sources.json';
import httpApiAndUrl from './fixtures/http-api-and-url.json';
import restAndWebsocket from './fixtures/rest-and-websocket.json';
import { circularResources, danglingReferences } from './template-graph';

const FIXTURES = { eventSources, httpApiAndUrl, restAndWebsocket };
const fixture = (name: keyof typeof FIXTURES) => frozen(asTemplate(structuredClone(FIXTURES[name])));

describe.each(Object.keys(FIXTURES) as (keyof typeof FIXTURES)[])('transforming the packaged service %s', (name) => {
  it('twice is the same as once', () => {
    const once = transformTemplate(fixture(name), options());
    expect(transformTemplate(frozen(once.template), options())).toEqual(once);
  });

  it('twice is the same as once with live versions', () => {
    const liveVersions = Object.fromEntries(Object.keys(fixture(name).Resources).map((id, index) => [id, `${index}`]));
    const once = transformTemplate(fixture(name), options({ liveVersions }));
    expect(transformTemplate(frozen(once.template), options({ liveVersions }))).toEqual(once);
  });

  it('leaves no reference without its resource and makes no circle', () => {
    const { template } = transformTemplate(fixture(name), options());
    expect(danglingReferences(template)).toEqual([]);
    expect(circularResources(template)).toEqual([]);
  });

  it('leaves nothing of the framework’s own versions', () => {
    const { template } = transformTemplate(fixture(name), options());
    expect(JSON.stringify(template)).not.toMatch(/LambdaVersion[A-Za-z0-9]{32}|QualifiedArn": *\{"Desc.*LambdaVersion/);
    expect(Object.keys(template.Outputs!)).toContain('ServerlessDeploymentBucketName');
  });

  it('keeps the outputs and exports of version ARNs, which other stacks invoke: with those of the aliases', () => {
    const before = fixture(name).Outputs!;
    const { template, functions } = transformTemplate(fixture(name), options());
    const ids = Object.keys(before).filter((id) => id.endsWith('FunctionQualifiedArn'));
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) {
      const aliasId = functions[id.replace(/QualifiedArn$/, '')]!.aliasLogicalId;
      expect(template.Outputs![id]).toEqual({ ...before[id], Value: { Ref: aliasId } });
    }
  });
});

describe('configuration of asynchronous invocation', () => {
  const config = (properties: Record<string, Json>) =>
    transformTemplate(
      aTemplate({
        Fn: aFunction(),
        C: aResource('AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: 'Fn' }, ...properties }),
      }),
      options(),
    ).template.Resources.C!;

  it('belongs to the alias and waits for it', () => {
    expect(config({ Qualifier: '$LATEST' })).toMatchObject({
      DependsOn: ['FnAliasLive'],
      Properties: { FunctionName: { Ref: 'Fn' }, Qualifier: 'live' },
    });
  });

  it('stays where the user put it', () => {
    expect(config({ Qualifier: 'blue' })).toEqual(
      aResource('AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: 'Fn' }, Qualifier: 'blue' }),
    );
  });
});

describe('a place that the function itself waits for', () => {
  const OWN = 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:fn';
  const bucket = aResource('AWS::S3::Bucket', {
    NotificationConfiguration: {
      LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: { 'Fn::Sub': OWN } }],
    },
  });

  it('invokes the alias by its name, without a circle', () => {
    const template = aTemplate({
      Bucket: bucket,
      Fn: aFunction({ FunctionName: 'fn', Environment: { Variables: { BUCKET: { Ref: 'Bucket' } } } }),
    });
    const { Resources } = transformTemplate(template, options()).template;
    expect(JSON.stringify(Resources.Bucket)).toContain('function:fn:live');
    expect(Resources.Bucket!.DependsOn).toBeUndefined();
    expect(circularResources({ Resources } as never)).toEqual([]);
  });

  it('makes no circle with another such place either', () => {
    const rule = (name: string) =>
      aResource('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: { 'Fn::Sub': OWN.replace(/fn$/, name) } }] });
    const needs = (id: string) => ({ Environment: { Variables: { RULE: { Ref: id } } } });
    const template = aTemplate({
      RuleA: rule('a'),
      RuleB: rule('b'),
      A: aFunction({ FunctionName: 'a', ...needs('RuleB') }),
      B: aFunction({ FunctionName: 'b', ...needs('RuleA') }),
    });
    const { Resources } = transformTemplate(template, options()).template;
    expect(circularResources({ Resources } as never)).toEqual([]);
    expect(JSON.stringify([Resources.RuleA, Resources.RuleB])).toMatch(/function:a:live.*function:b:live/);
  });
});

describe('a template that is too large', () => {
  const functions = (count: number) =>
    aTemplate(Object.fromEntries(Array.from({ length: count }, (_, index) => [`Fn${index}`, aFunction()])));

  it('is refused with its size and what to do', () => {
    expect(() => transformTemplate(functions(167), options())).toThrow(
      expect.objectContaining({
        code: 'TemplateTooLarge',
        message: expect.stringMatching(/501 resources.*500.*167 as packaged.*[Ss]plit/),
      }),
    );
  });

  it('is taken up to the limit', () => {
    expect(Object.keys(transformTemplate(functions(166), options()).template.Resources)).toHaveLength(498);
  });

  it('is refused by its bytes too', () => {
    const big = aTemplate({ Fn: aFunction({ Description: 'x'.repeat(1024 * 1024) }) });
    expect(() => transformTemplate(big, options())).toThrow(expect.objectContaining({ code: 'TemplateTooLarge' }));
  });
});
