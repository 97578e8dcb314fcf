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

  describe('stays, and is there for the alias too, if its source is not in the template, whatever else is', () => {
    const bucket = (more: Record<string, Json>) =>
      aResource('AWS::S3::Bucket', {
        NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arnOf('Fn') }] },
        ...more,
      });
    const resources = {
      Fn: aFunction({ FunctionName: 'orders' }),
      Rule: aResource('AWS::Events::Rule', {
        Name: 'own-rule',
        EventBusName: 'bus',
        Targets: [{ Id: 'a', Arn: arnOf('Fn') }],
      }),
      Named: bucket({ BucketName: 'own' }),
      Unnamed: bucket({}),
      Topic: aResource('AWS::SNS::Topic', { TopicName: 'own-topic' }),
      Subscribed: aResource('AWS::SNS::Subscription', {
        TopicArn: { Ref: 'Topic' },
        Protocol: 'lambda',
        Endpoint: arnOf('Fn'),
      }),
      Foreign: aResource('AWS::SNS::Subscription', {
        TopicArn: { 'Fn::ImportValue': 'topic' },
        Protocol: 'lambda',
        Endpoint: arnOf('Fn'),
      }),
      Filter: aResource('AWS::Logs::SubscriptionFilter', { LogGroupName: '/own/group', DestinationArn: arnOf('Fn') }),
      Method: aResource('AWS::ApiGateway::Method', {
        RestApiId: { 'Fn::ImportValue': 'api' },
        Integration: {
          Uri: {
            'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
          },
        },
      }),
    };
    const home = { region: 'eu-west-1', accountId: '111122223333' };
    const change = (principal: string, more: Record<string, Json>) => {
      const template = aTemplate({ ...resources, P: permission(principal, more) });
      return transformTemplate(template, { ...options(), home }).template.Resources;
    };

    it.each<[string, string, Record<string, Json>]>([
      ['a rule of a name', 'events', { SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/other-rule' }],
      ['a rule on the same bus', 'events', { SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/bus/other' }],
      ['a rule called like the function', 'events', { SourceArn: 'arn:aws:events:*:111122223333:rule/orders' }],
      ['another account', 'events', { SourceArn: 'arn:aws:events:eu-west-1:999988887777:rule/own-rule' }],
      ['another Region', 'events', { SourceArn: 'arn:aws:events:us-east-1:111122223333:rule/own-rule' }],
      ['a rule of any name', 'events', { SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/*' }],
      ['a bucket', 's3', { SourceArn: 'arn:aws:s3:::legacy-bucket-of-another-stack' }],
      ['a bucket whose name goes on', 's3', { SourceArn: 'arn:aws:s3:::own-too' }],
      ['a bucket of another account', 's3', { SourceAccount: '999988887777' }],
      ['a parameter', 's3', { SourceArn: { Ref: 'BucketArn' } }],
      ['a topic', 'sns', { SourceArn: { 'Fn::ImportValue': 'other-topic' } }],
      ['a log group', 'logs', { SourceArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/own/other:*' }],
      ['an API', 'apigateway', { SourceArn: 'arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/*/*' }],
    ])('%s', (_, service, more) => {
      const { P, PLive } = change(`${service}.amazonaws.com`, more);
      expect(P!.Properties!.FunctionName).toEqual(arnOf('Fn'));
      expect(PLive!.Properties).toEqual({ ...P!.Properties, FunctionName: { Ref: 'FnAliasLive' } });
    });

    it.each<[string, string, Record<string, Json>]>([
      ['a rule of the template', 'events', { SourceArn: { 'Fn::GetAtt': ['Rule', 'Arn'] } }],
      [
        'its ARN put together',
        'events',
        { SourceArn: { 'Fn::Sub': 'arn:aws:events:eu-west-1:${AWS::AccountId}:rule/bus/own-rule' } },
      ],
      [
        'a bucket by its name',
        's3',
        { SourceArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::own']] } },
      ],
      ['this account', 's3', { SourceAccount: { Ref: 'AWS::AccountId' } }],
      ['no source', 's3', {}],
      ['a topic that is subscribed', 'sns', { SourceArn: { Ref: 'Topic' } }],
      ['it by its name', 'sns', { SourceArn: 'arn:aws:sns:eu-west-1:111122223333:own-topic' }],
      ['a topic of another stack that is subscribed here', 'sns', { SourceArn: { 'Fn::ImportValue': 'topic' } }],
      ['a log group', 'logs', { SourceArn: 'arn:aws:logs:*:111122223333:log-group:/own/group:*' }],
      [
        'an API of another stack that has a method here',
        'apigateway',
        {
          SourceArn: {
            'Fn::Join': ['', ['arn:aws:execute-api:eu-west-1:111122223333:', { 'Fn::ImportValue': 'api' }, '/*/*']],
          },
        },
      ],
    ])('but moves with %s', (_, service, more) => {
      const { P, PLive } = change(`${service}.amazonaws.com`, more);
      expect([P!.Properties!.FunctionName, PLive]).toEqual([{ Ref: 'FnAliasLive' }, undefined]);
    });
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
