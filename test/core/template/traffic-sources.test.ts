import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { INVOCATION_SITES } from '../../../lib/core/template/invocation-sites';
import { asTemplate, type Resource } from '../../../lib/core/template/template';
import { trafficSources } from '../../../lib/core/template/traffic-sources';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, frozen, options, propertiesWith } from './build-template';
import eventSources from './fixtures/event-sources.json';
import { HOME } from './resolve-value';

const ARN: Json = { 'Fn::GetAtt': ['Fn', 'Arn'] };

/** The sources of a template with function Fn, both as it is packaged and as it is deployed. */
const sourcesOf = (resources: Record<string, Resource>, more = {}) => {
  const template = aTemplate({ Fn: aFunction({ FunctionName: 'shop-orders' }), ...resources }, more);
  const packaged = [...trafficSources(template, 'live', HOME)];
  const transformed = transformTemplate(template, options()).template;
  expect([...trafficSources(transformed, 'live', HOME)]).toEqual(packaged);
  return packaged;
};

describe('the traffic sources of a template', () => {
  const invoking = INVOCATION_SITES.filter(({ type }) => type !== 'AWS::ApplicationAutoScaling::ScalableTarget');
  it.each(invoking)('are $type $path', (site) => {
    expect(sourcesOf({ Site: aResource(site.type, propertiesWith(site, ARN)) })).toEqual(['Fn']);
  });

  it('are none for a function that nothing invokes', () => {
    expect(sourcesOf({ Queue: aResource('AWS::SQS::Queue', {}) })).toEqual([]);
  });

  it.each<[string, Json]>([
    ['the function itself', ARN],
    ['a version', { 'Fn::Sub': '${Fn.Arn}:7' }],
    ['another alias', { 'Fn::Sub': '${Fn.Arn}:blue' }],
    ['the alias of a function elsewhere', 'arn:aws:lambda:eu-west-1:999999999999:function:shop-orders:live'],
  ])('are none where a variable of another function names %s', (_, value) => {
    expect(sourcesOf({ Other: aFunction({ Environment: { Variables: { NEXT: value } } }) })).toEqual([]);
  });

  it.each<[string, Json]>([
    ['its name', { 'Fn::Sub': '${Fn}:live' }],
    ['its ARN', { 'Fn::Join': [':', [ARN, 'live']] }],
    ['its name written out', 'shop-orders:live'],
    ['a branch', { 'Fn::Join': ['', ['x/', { 'Fn::If': ['Blue', { 'Fn::Sub': '${Fn}:live' }, 'none'] }]] }],
  ])('are variables that name the alias by %s', (_, value) => {
    const other = aFunction({ Environment: { Variables: { NEXT: value } } });
    expect(sourcesOf({ Other: other }, { Conditions: { Blue: {} } })).toEqual(['Fn']);
  });

  it('are permissions, also of somebody who is not in the template', () => {
    const Properties = { FunctionName: ARN, Action: 'lambda:InvokeFunction', Principal: 'lex.amazonaws.com' };
    expect(sourcesOf({ Allow: aResource('AWS::Lambda::Permission', Properties) })).toEqual(['Fn']);
  });

  it('are outputs of the alias that the template has itself', () => {
    const alias = aResource('AWS::Lambda::Alias', { FunctionName: { Ref: 'Fn' }, FunctionVersion: '1', Name: 'live' });
    const output = { Outputs: { Arn: { Value: { Ref: 'Mine' } } } };
    expect(sourcesOf({ Mine: alias })).toEqual([]);
    expect(sourcesOf({ Mine: alias }, output)).toEqual(['Fn']);
  });

  it('are neither policies, nor what scales the alias, nor how it handles what fails', () => {
    const Statement = [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: ARN }];
    const ResourceId = { 'Fn::Sub': 'function:${Fn}:live' };
    expect(
      sourcesOf({
        Policy: aResource('AWS::IAM::Policy', { PolicyDocument: { Statement } }),
        Scale: aResource('AWS::ApplicationAutoScaling::ScalableTarget', { ResourceId }),
        Config: aResource('AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: 'Fn' }, Qualifier: '$LATEST' }),
      }),
    ).toEqual([]);
  });

  it('are there for every function of a service whose functions all have events', () => {
    const template = frozen(asTemplate(structuredClone(eventSources)));
    const { functions } = transformTemplate(template, options());
    expect([...trafficSources(template, 'live')].sort()).toEqual(Object.keys(functions).sort());
  });
});
