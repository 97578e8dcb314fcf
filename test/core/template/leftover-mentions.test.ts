import { transformTemplate } from '../../../lib/core/template/alias-transform';
import type { Resource } from '../../../lib/core/template/template';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, options } from './build-template';

const arnOf = (id: string): Json => ({ 'Fn::GetAtt': [id, 'Arn'] });

describe('a place in no table', () => {
  const warningsFor = (resource: Resource) =>
    transformTemplate(aTemplate({ Fn: aFunction({ FunctionName: 'fn' }), Place: resource }), options()).warnings.map(
      ({ path }) => path,
    );

  it.each([
    [
      'an environment variable',
      aFunction({ Environment: { Variables: { NEXT: { Ref: 'Fn' } } } }),
      'Environment.Variables.NEXT',
    ],
    ['an unknown type', aResource('AWS::New::Thing', { Handlers: [{ Arn: arnOf('Fn') }] }), 'Handlers[0].Arn'],
    [
      'a parameter of a nested stack',
      aResource('AWS::CloudFormation::Stack', { Parameters: { Fn: { 'Fn::Sub': '${Fn.Arn}' } } }),
      'Parameters.Fn',
    ],
    [
      'an intrinsic that cannot be read',
      aResource('AWS::Events::Rule', { Targets: [{ Arn: { 'Fn::Select': [0, [arnOf('Fn')]] } }] }),
      'Targets[0].Arn',
    ],
  ])('gets a warning with its path: %s', (_, resource, path) => {
    expect(warningsFor(resource)).toEqual([`Resources.Place.Properties.${path}`]);
  });

  it.each([
    [
      'an alarm’s dimension',
      aResource('AWS::CloudWatch::Alarm', { Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Fn' } }] }),
    ],
    ['a log group', aResource('AWS::Logs::LogGroup', { LogGroupName: { 'Fn::Sub': '/aws/lambda/${Fn}' } })],
    ['a word that is the function’s name', aResource('AWS::SQS::Queue', { QueueName: 'fn' })],
    ['another alias', aResource('AWS::New::Thing', { Arn: { 'Fn::Sub': '${Fn.Arn}:blue' } })],
  ])('gets none if it invokes nothing: %s', (_, resource) => {
    expect(warningsFor(resource)).toEqual([]);
  });
});

describe('an output', () => {
  const told = (Value: Json) =>
    transformTemplate(
      aTemplate({ Fn: aFunction({ FunctionName: 'shop-orders' }) }, { Outputs: { Mine: { Value } } }),
      options(),
    ).warnings;

  it.each<[string, Json]>([
    ['as it is', { 'Fn::GetAtt': ['Fn', 'Arn'] }],
    ['in a text', { 'Fn::Sub': 'see ${Fn.Arn}' }],
    ['put together', { 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}' }],
    ['under a condition', { 'Fn::If': ['IsProd', { 'Fn::GetAtt': 'Fn.Arn' }, 'none'] }],
  ])('is told if it gives out the plain ARN of a function, %s', (_, value) => {
    expect(told(value)).toEqual([
      {
        path: 'Outputs.Mine.Value',
        message: expect.stringMatching(/^gives out the plain ARN of function Fn; .*":live"/),
      },
    ]);
  });

  it.each<[string, Json]>([
    ['its name', { Ref: 'Fn' }],
    ['the ARN of its alias', { 'Fn::Sub': '${Fn.Arn}:live' }],
    ['of a function of another account', 'arn:aws:lambda:eu-west-1:999999999999:function:shop-orders'],
  ])('is not told if it gives out %s', (_, value) => {
    expect(told(value)).toEqual([]);
  });
});
