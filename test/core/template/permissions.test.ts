import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { asTemplate } from '../../../lib/core/template/template';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, frozen, options } from './build-template';
import httpApiAndUrl from './fixtures/http-api-and-url.json';
import { circularResources } from './template-graph';

const arnOf = (id: string): Json => ({ 'Fn::GetAtt': [id, 'Arn'] });
const packaged = frozen(asTemplate(structuredClone(httpApiAndUrl)));

describe('a permission', () => {
  const permission = (principal: Json, more: Record<string, Json> = {}) =>
    aResource('AWS::Lambda::Permission', {
      FunctionName: arnOf('Fn'),
      Action: 'lambda:InvokeFunction',
      Principal: principal,
      ...more,
    });
  const rule = aResource('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: arnOf('Fn') }] });

  it('moves to the alias with the place it is for', () => {
    const { template, warnings } = transformTemplate(
      aTemplate({ Fn: aFunction(), Rule: rule, P: permission('events.amazonaws.com') }),
      options(),
    );
    expect(template.Resources.P!.Properties!.FunctionName).toEqual({ Ref: 'FnAliasLive' });
    expect(warnings).toEqual([]);
  });

  it('stays, and is there for the alias too, if whoever uses it is not in the template', () => {
    const template = aTemplate({
      Fn: aFunction(),
      Rule: rule,
      P: permission('alexa-appkit.amazon.com', { EventSourceToken: 'skill' }),
    });
    const { template: result, warnings } = transformTemplate(template, options());
    expect(result.Resources.P).toEqual(template.Resources.P);
    expect(result.Resources.PLive!.Properties).toEqual({
      ...template.Resources.P!.Properties,
      FunctionName: { Ref: 'FnAliasLive' },
    });
    expect(warnings).toEqual([
      { path: 'Resources.P.Properties.FunctionName', message: expect.stringContaining('PLive') },
    ]);
  });

  it('is recognised however its principal is spelt', () => {
    const filter = aResource('AWS::Logs::SubscriptionFilter', { DestinationArn: arnOf('Fn') });
    for (const principal of [
      'logs.amazonaws.com',
      { 'Fn::Sub': 'logs.${AWS::Region}.amazonaws.com' },
      { 'Fn::Join': ['.', ['logs', { Ref: 'AWS::URLSuffix' }]] },
    ]) {
      const { template } = transformTemplate(
        aTemplate({ Fn: aFunction(), Filter: filter, P: permission(principal) }),
        options(),
      );
      expect(Object.keys(template.Resources)).not.toContain('PLive');
    }
  });

  it('of a version or another alias stays there', () => {
    const template = aTemplate({
      Fn: aFunction(),
      Rule: rule,
      P: permission('events.amazonaws.com', { FunctionName: { 'Fn::Sub': '${Fn.Arn}:blue' } }),
    });
    expect(transformTemplate(template, options()).template.Resources.P).toEqual(template.Resources.P);
  });

  it('of an API is there before the API invokes the alias', () => {
    const { Resources } = transformTemplate(packaged, options()).template;
    expect(Resources.HttpApiIntegrationList!.DependsOn).toEqual(['ListLambdaPermissionHttpApi']);
    expect(Resources.HttpApiAuthorizerCustom!.DependsOn).toEqual(['CustomLambdaAuthorizerPermissionHttpApi']);
    expect(Resources.HttpApiAuthorizerJwt).toEqual(packaged.Resources.HttpApiAuthorizerJwt);
  });

  it('is not waited for by what it waits for itself', () => {
    const template = aTemplate({
      Fn: aFunction(),
      Api: aResource('AWS::ApiGatewayV2::Api', { Name: 'a', ProtocolType: 'HTTP', Target: arnOf('Fn') }),
      P: permission('apigateway.amazonaws.com', { SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:x:y:${Api}/*' } }),
    });
    const { Resources } = transformTemplate(template, options()).template;
    expect(Resources.Api!.DependsOn).toBeUndefined();
    expect(circularResources({ Resources } as never)).toEqual([]);
  });
});
