import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { INVOCATION_SITES, type InvocationSite } from '../../../lib/core/template/invocation-sites';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, options, propertiesWith, valueAt } from './build-template';
import { HOME, resolveValue } from './resolve-value';

const ARN = `arn:aws:lambda:${HOME.region}:${HOME.accountId}:function:shop-orders`;
const URI = ':apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/';
const OWN = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:';

const transform = (type: string, path: string, value: Json) => transformAt({ type, path }, value);
const transformAt = (site: Pick<InvocationSite, 'type' | 'path' | 'when'>, value: Json) => {
  const template = aTemplate({
    Fn: aFunction({ FunctionName: 'shop-orders' }),
    Site: aResource(site.type, propertiesWith(site, value)),
  });
  const result = transformTemplate(template, options());
  return { ...result, before: template, value: valueAt(result.template.Resources.Site, site.path)! };
};

describe('every place in the table of invocation sites', () => {
  it.each(INVOCATION_SITES)('$type $path goes to the alias', (site) => {
    const { template, value, warnings } = transformAt(site, { 'Fn::GetAtt': ['Fn', 'Arn'] });
    expect(value).toEqual({ Ref: 'FnAliasLive' });
    expect(resolveValue(template, value)).toBe(`${ARN}:live`);
    expect(warnings).toEqual([]);
  });

  it.each(INVOCATION_SITES)('$type $path of something else stays as it is', (site) => {
    const value = { 'Fn::Join': ['', ['arn:aws:sqs:', { Ref: 'AWS::Region' }, ':1:shop-orders']] };
    expect(transformAt(site, value).value).toEqual(value);
  });

  it('has each place once', () => {
    const places = INVOCATION_SITES.map(({ type, path }) => `${type} ${path}`);
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('a place that names a function', () => {
  const spellings: Record<string, Json> = {
    'Fn::GetAtt as a list': { 'Fn::GetAtt': ['Fn', 'Arn'] },
    'Fn::GetAtt as a string': { 'Fn::GetAtt': 'Fn.Arn' },
    'Fn::Sub of the ARN': { 'Fn::Sub': '${Fn.Arn}' },
    'Fn::Sub with a variable': { 'Fn::Sub': ['${Target}', { Target: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] },
    'Fn::Sub of a whole URI': { 'Fn::Sub': `arn:\${AWS::Partition}${URI}\${Fn.Arn}/invocations` },
    'Fn::Sub with a name by Ref': { 'Fn::Sub': `${OWN}\${Fn}` },
    'Fn::Sub with the name written out': { 'Fn::Sub': `${OWN}shop-orders` },
    'Fn::Sub with the name in a variable': { 'Fn::Sub': [`${OWN}\${Name}`, { Name: 'shop-orders' }] },
    'Fn::Join of a whole URI': {
      'Fn::Join': ['', ['arn:aws:apigateway:x:lambda:path/', { 'Fn::GetAtt': ['Fn', 'Arn'] }, '/invocations']],
    },
    'Fn::Join by colons': {
      'Fn::Join': [
        ':',
        [
          'arn',
          { Ref: 'AWS::Partition' },
          'lambda',
          { Ref: 'AWS::Region' },
          { Ref: 'AWS::AccountId' },
          'function',
          { Ref: 'Fn' },
        ],
      ],
    },
    'Fn::Join within Fn::Join': {
      'Fn::Join': ['/', ['path', { 'Fn::Join': ['', [{ 'Fn::GetAtt': 'Fn.Arn' }]] }, 'invocations']],
    },
    'Fn::Join with the name at the seam': {
      'Fn::Join': ['', [{ 'Fn::Sub': `${OWN}shop-` }, 'orders', '/invocations']],
    },
    'an ARN written out': ARN,
    'a URI written out': `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${ARN}/invocations`,
    'a Ref where an ARN belongs': { Ref: 'Fn' },
  };

  it.each(Object.entries(spellings))('is recognised as %s', (_, value) => {
    const {
      before,
      template,
      value: rewritten,
      warnings,
    } = transform('AWS::ApiGateway::Method', 'Integration.Uri', value);
    const meant = resolveValue(before, value);
    const expected = meant === 'shop-orders' ? `${ARN}:live` : meant.replace(/function:shop-orders/, '$&:live');
    expect(resolveValue(template, rewritten)).toBe(expected);
    expect(warnings).toEqual([]);
  });

  it('is recognised on both branches of an Fn::If, outside and inside a longer text', () => {
    const arn = { 'Fn::If': ['Blue', { 'Fn::GetAtt': ['Fn', 'Arn'] }, { 'Fn::Sub': `${OWN}shop-orders` }] };
    for (const value of [arn, { 'Fn::Join': ['', ['arn:aws:apigateway:x:lambda:path/', arn, '/invocations']] }]) {
      const { before, template, value: rewritten } = transform('AWS::ApiGateway::Method', 'Integration.Uri', value);
      for (const Blue of [true, false]) {
        const meant = resolveValue(before, value, { Blue });
        expect(resolveValue(template, rewritten, { Blue })).toBe(meant.replace('function:shop-orders', '$&:live'));
      }
    }
  });

  it('is recognised where an Fn::If chooses the name within an ARN', () => {
    const value = {
      'Fn::Join': ['', [{ 'Fn::Sub': OWN }, { 'Fn::If': ['Blue', { Ref: 'Fn' }, 'shop-orders'] }, '/invocations']],
    };
    const { template, value: rewritten } = transform('AWS::ApiGateway::Method', 'Integration.Uri', value);
    for (const Blue of [true, false]) {
      expect(resolveValue(template, rewritten, { Blue })).toBe(`${ARN}:live/invocations`);
    }
  });

  it('is recognised where an Fn::If chooses the list it is in', () => {
    const targets = [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] } }];
    const template = aTemplate({
      Fn: aFunction(),
      Rule: aResource('AWS::Events::Rule', { Targets: { 'Fn::If': ['Blue', targets, { Ref: 'AWS::NoValue' }] } }),
    });
    expect(transformTemplate(template, options()).template.Resources.Rule!.Properties!.Targets).toEqual({
      'Fn::If': ['Blue', [{ Id: 'a', Arn: { Ref: 'FnAliasLive' } }], { Ref: 'AWS::NoValue' }],
    });
  });

  it.each([
    ['a version', { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['Fn', 'Arn'] }, '7']] }],
    ['another alias', { 'Fn::Sub': '${Fn.Arn}:blue' }],
    ['$LATEST', { 'Fn::Sub': '${Fn.Arn}:$LATEST' }],
    ['a qualifier by parameter', { 'Fn::Sub': '${Fn.Arn}:${Stage}' }],
  ] as [string, Json][])('is left as it is if it means %s, and told', (_, value) => {
    const { value: rewritten, warnings } = transform('AWS::ApiGateway::Method', 'Integration.Uri', value);
    expect(rewritten).toEqual(value);
    expect(warnings).toEqual([
      {
        path: 'Resources.Site.Properties.Integration.Uri',
        message: expect.stringMatching(/^invokes .* of function Fn, not alias "live": no shift reaches it/),
      },
    ]);
  });

  it.each([
    ['the alias already', { 'Fn::Sub': '${Fn.Arn}:live' }],
    ['a function of another account', 'arn:aws:lambda:eu-west-1:999999999999:function:shop-orders'],
    ['a function of another region', 'arn:aws:lambda:us-east-1:123456789012:function:shop-orders'],
    ['a longer name', { 'Fn::Sub': `${OWN}shop-orders-archive` }],
    ['the name in another kind of ARN', 'arn:aws:sns:eu-west-1:123456789012:shop-orders'],
  ] as [string, Json][])('is left as it is if it means %s', (_, value) => {
    const { value: rewritten, warnings } = transform('AWS::ApiGateway::Method', 'Integration.Uri', value);
    expect(rewritten).toEqual(value);
    expect(warnings).toEqual([]);
  });

  it('invokes the alias by name if the alias may not be there when the place is', () => {
    const place = (value: Json) =>
      transformTemplate(
        aTemplate(
          {
            Fn: aFunction({ FunctionName: 'shop-orders' }, { Condition: 'IsProd' }),
            Rule: aResource('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: value }] }),
          },
          { Conditions: { IsProd: {} } },
        ),
        options(),
      ).template.Resources.Rule!;
    expect(place({ 'Fn::Sub': `${OWN}shop-orders` })).toEqual(
      aResource('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: { 'Fn::Sub': `${OWN}shop-orders:live` } }] }),
    );
    const guarded = { 'Fn::If': ['IsProd', { 'Fn::GetAtt': ['Fn', 'Arn'] }, 'arn:aws:sqs:x:y:z'] };
    expect(place(guarded).Properties).toEqual({
      Targets: [{ Id: 'a', Arn: { 'Fn::If': ['IsProd', { Ref: 'FnAliasLive' }, 'arn:aws:sqs:x:y:z'] } }],
    });
  });

  it('scales the alias if it is scaled', () => {
    const value = { 'Fn::Sub': 'function:${Fn}' };
    const { template, value: rewritten } = transform(
      'AWS::ApplicationAutoScaling::ScalableTarget',
      'ResourceId',
      value,
    );
    expect(resolveValue(template, rewritten)).toBe('function:shop-orders:live');
  });

  it('keeps what is escaped in an Fn::Sub', () => {
    const value = { 'Fn::Sub': '{"a":"${!x}","Resource":"${Fn.Arn}"}' };
    const { value: rewritten } = transform('AWS::StepFunctions::StateMachine', 'DefinitionString', value);
    expect(rewritten).toEqual({ 'Fn::Sub': '{"a":"${!x}","Resource":"${FnAliasLive}"}' });
  });

  it('keeps an Fn::Join whose list may lose an element', () => {
    const value = { 'Fn::Join': ['/', ['a', { 'Fn::If': ['Blue', 'b', { Ref: 'AWS::NoValue' }] }]] };
    expect(transform('AWS::ApiGateway::Method', 'Integration.Uri', value).value).toEqual(value);
  });

  it('gets a warning, not a guess, if it is an ARN of an account that is not known', () => {
    const template = aTemplate({
      Fn: aFunction({ FunctionName: 'shop-orders' }),
      Rule: aResource('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: ARN }] }),
    });
    const { template: result, warnings } = transformTemplate(template, options({ home: undefined }));
    expect(result.Resources.Rule).toEqual(template.Resources.Rule);
    expect(warnings).toEqual([
      { path: 'Resources.Rule.Properties.Targets[0].Arn', message: expect.stringContaining('Fn::GetAtt [Fn, Arn]') },
    ]);
  });
});

describe('a document that invokes functions', () => {
  const definition = (state: Json): Json => ({ StartAt: 'A', States: { A: state } });
  const machine = 'AWS::StepFunctions::StateMachine';

  it('goes to the alias in a state machine that is an object', () => {
    const invoke = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' };
    const state = (name: Json): Json => ({
      ...invoke,
      Parameters: { FunctionName: name, 'Payload.$': '$' },
      End: true,
    });
    for (const name of [{ Ref: 'Fn' }, { 'Fn::GetAtt': ['Fn', 'Arn'] }]) {
      const { template, value } = transform(machine, 'Definition', definition(state(name)));
      const { States } = value as unknown as { States: { A: { Parameters: { FunctionName: Json } } } };
      expect(resolveValue(template, States.A.Parameters.FunctionName)).toMatch(/shop-orders:live$/);
      expect(value).toEqual(definition(state(States.A.Parameters.FunctionName)));
    }
  });

  it('goes to the alias in a state machine that is text, by ARN and by name', () => {
    const text =
      '{"A":{"Resource":"${Fn.Arn}"},"B":{"Parameters":{"FunctionName":"${Fn}"}},"C":{"Comment":"${Fn} is it"}}';
    const { template, value, warnings } = transform(machine, 'DefinitionString', { 'Fn::Sub': text });
    expect(JSON.parse(resolveValue(template, value))).toEqual({
      A: { Resource: `${ARN}:live` },
      B: { Parameters: { FunctionName: 'shop-orders:live' } },
      C: { Comment: 'shop-orders is it' },
    });
    expect(warnings).toHaveLength(1);
  });

  it('goes to the alias in substitutions, by ARN and by name', () => {
    const byName = transform(machine, 'DefinitionSubstitutions.*', { Ref: 'Fn' });
    expect(resolveValue(byName.template, byName.value)).toBe('shop-orders:live');
    expect(byName.template.Resources.Site!.DependsOn).toEqual(['FnAliasLive']);
    const byArn = transform(machine, 'DefinitionSubstitutions.*', { 'Fn::GetAtt': 'Fn.Arn' });
    expect(resolveValue(byArn.template, byArn.value)).toBe(`${ARN}:live`);
  });

  it.each<[string, Json]>([
    ['as an object', { Parameters: { FunctionName: { Ref: 'Fn' }, Qualifier: '3' } }],
    ['as an object with a path', { Arguments: { FunctionName: { 'Fn::GetAtt': 'Fn.Arn' }, 'Qualifier.$': '$.v' } }],
  ])('is left as it is where a state says which version it calls, %s', (_, state) => {
    const { value, warnings } = transform(machine, 'Definition', definition(state));
    expect(value).toEqual(definition(state));
    expect(warnings).toEqual([
      { path: 'Resources.Site.Properties.Definition', message: expect.stringContaining('no shift reaches it') },
    ]);
  });

  it('is left as it is where a state says in a text which version it calls', () => {
    const text =
      '{"A":{"Parameters":{"Payload":{"Qualifier":"x"},"FunctionName":"${Fn}"}},"B":{"Parameters":{"FunctionName":"${Fn}","Payload":{"a":{}},"Qualifier":"3"}}}';
    const { template, value, warnings } = transform(machine, 'DefinitionString', { 'Fn::Sub': text });
    const { A, B } = JSON.parse(resolveValue(template, value));
    expect([A.Parameters.FunctionName, B.Parameters.FunctionName]).toEqual(['shop-orders:live', 'shop-orders']);
    expect(warnings).toEqual([
      { path: 'Resources.Site.Properties.DefinitionString', message: expect.stringContaining('no shift reaches it') },
    ]);
  });

  it('goes to the alias in an OpenAPI body', () => {
    const body = (uri: Json): Json => ({
      paths: { '/orders': { get: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri } } } },
    });
    const { value } = transform(
      'AWS::ApiGateway::RestApi',
      'Body',
      body({ 'Fn::Sub': `arn:aws${URI}\${Fn.Arn}/invocations` }),
    );
    expect(value).toEqual(body({ 'Fn::Sub': `arn:aws${URI}\${FnAliasLive}/invocations` }));
  });
});
