import { transformTemplate } from '../../../lib/core/template/alias-transform';
import type { JsonObject } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, options } from './build-template';

const INCLUDE = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://apis/shop.yaml' } } };

const transformed = (type: string, properties: JsonObject) => {
  const template = aTemplate({ Fn: aFunction(), Place: aResource(type, properties) });
  const result = transformTemplate(template, options());
  expect(result.template.Resources.Place).toEqual(template.Resources.Place);
  return result.warnings;
};

describe('a part of the template that only CloudFormation sees', () => {
  it.each<[string, string, JsonObject, string]>([
    ['an API’s body by AWS::Include', 'AWS::ApiGateway::RestApi', { Body: INCLUDE }, 'Body'],
    ['a part of a body', 'AWS::ApiGatewayV2::Api', { Body: { paths: { '/a': INCLUDE } } }, 'Body.paths./a'],
    [
      'an API’s body in S3',
      'AWS::ApiGateway::RestApi',
      { BodyS3Location: { Bucket: 'b', Key: 'k' } },
      'BodyS3Location',
    ],
    [
      'a state machine in S3',
      'AWS::StepFunctions::StateMachine',
      { DefinitionS3Location: { Bucket: 'b', Key: 'k' } },
      'DefinitionS3Location',
    ],
  ])('is left as it is and gets a warning with its path: %s', (_, type, properties, path) => {
    expect(transformed(type, properties)).toEqual([
      { path: `Resources.Place.Properties.${path}`, message: expect.stringContaining('not examined') },
    ]);
  });

  it('gets none if the functions come into the file by substitution', () => {
    const template = aTemplate({
      Fn: aFunction(),
      Machine: aResource('AWS::StepFunctions::StateMachine', {
        DefinitionS3Location: { Bucket: 'b', Key: 'k' },
        DefinitionSubstitutions: { Fn: { 'Fn::GetAtt': ['Fn', 'Arn'] } },
      }),
    });
    const { template: result, warnings } = transformTemplate(template, options());
    expect(warnings).toEqual([]);
    expect(result.Resources.Machine!.Properties!.DefinitionSubstitutions).toEqual({ Fn: { Ref: 'FnAliasLive' } });
  });

  it('gets a warning if it is a SAM template’s functions', () => {
    expect(transformed('AWS::Serverless::Function', { Handler: 'index.main' })).toEqual([
      { path: 'Transform', message: expect.stringContaining('SAM') },
    ]);
  });
});
