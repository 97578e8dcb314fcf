import { transformTemplate } from '../../../lib/core/template/alias-transform';
import type { Resource } from '../../../lib/core/template/template';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, options } from './build-template';
import { circularResources } from './template-graph';

const arnOf = (id: string): Json => ({ 'Fn::GetAtt': [id, 'Arn'] });
const statement = (resource: Json, action: Json = 'lambda:InvokeFunction'): Resource =>
  aResource('AWS::IAM::Policy', {
    PolicyName: 'p',
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] },
  });
const resourceOf = (policy: Resource | undefined): Json =>
  (policy!.Properties as { PolicyDocument: { Statement: { Resource: Json }[] } }).PolicyDocument.Statement[0]!.Resource;

describe('a policy', () => {
  const allowed = (resource: Json, action?: Json) =>
    resourceOf(
      transformTemplate(aTemplate({ Fn: aFunction({ FunctionName: 'fn' }), P: statement(resource, action) }), options())
        .template.Resources.P,
    );
  const OWN = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:';

  it('that allows invoking a function allows its alias', () => {
    expect(allowed(arnOf('Fn'))).toEqual([arnOf('Fn'), { 'Fn::Join': ['', [arnOf('Fn'), ':live']] }]);
    expect(allowed([{ 'Fn::Sub': `${OWN}fn` }])).toEqual([{ 'Fn::Sub': `${OWN}fn` }, { 'Fn::Sub': `${OWN}fn:live` }]);
  });

  it.each(['lambda:*', '*', 'lambda:Invoke*', 'LAMBDA:INVOKEFUNCTION', 'lambda:InvokeFunctionUr?'])(
    'that allows %s allows the alias',
    (action) => {
      expect(allowed(arnOf('Fn'), ['s3:GetObject', action])).toHaveLength(2);
    },
  );

  it.each([
    ['reads the function', arnOf('Fn'), 'lambda:GetFunction'],
    ['is about everything', '*', 'lambda:InvokeFunction'],
    [
      'is about all versions already',
      [{ 'Fn::Sub': `${OWN}fn` }, { 'Fn::Sub': `${OWN}fn:*` }],
      'lambda:InvokeFunction',
    ],
    [
      'is about the alias already',
      [{ 'Fn::Sub': '${Fn.Arn}' }, { 'Fn::Sub': '${Fn.Arn}:live' }],
      'lambda:InvokeFunction',
    ],
    ['is about one version', { 'Fn::Sub': '${Fn.Arn}:3' }, 'lambda:InvokeFunction'],
    ['is about names that begin alike', { 'Fn::Sub': `${OWN}fn*` }, 'lambda:InvokeFunction'],
    ['is about a function elsewhere', 'arn:aws:lambda:eu-west-1:999999999999:function:fn', 'lambda:InvokeFunction'],
  ] as [string, Json, string][])('that %s stays as it is', (_, resource, action) => {
    expect(allowed(resource, action)).toEqual(resource);
  });

  it('follows an Fn::If', () => {
    expect(allowed([{ 'Fn::If': ['Blue', arnOf('Fn'), '*'] }])).toEqual([
      { 'Fn::If': ['Blue', arnOf('Fn'), '*'] },
      { 'Fn::If': ['Blue', { 'Fn::Join': ['', [arnOf('Fn'), ':live']] }, { Ref: 'AWS::NoValue' }] },
    ]);
  });

  it('of the role that the function needs makes no circle', () => {
    const template = aTemplate({
      Role: aResource('AWS::IAM::Role', {
        Policies: [
          {
            PolicyDocument: {
              Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::Sub': `${OWN}fn` } }],
            },
          },
        ],
      }),
      Fn: aFunction({ FunctionName: 'fn', Role: arnOf('Role') }),
    });
    const result = transformTemplate(template, options()).template;
    expect(circularResources(result)).toEqual([]);
    expect(JSON.stringify(result.Resources.Role)).toContain('fn:live');
  });
});
