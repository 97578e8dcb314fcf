import type { Json } from '../../../lib/core/canonical-json';
import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { asTemplate, type Resource } from '../../../lib/core/template/template';
import { aFunction, aResource, aTemplate, frozen, options } from './build-template';
import eventSources from './fixtures/event-sources.json';
import httpApiAndUrl from './fixtures/http-api-and-url.json';
import restAndWebsocket from './fixtures/rest-and-websocket.json';
import { circularResources, danglingReferences } from './template-graph';

const FIXTURES = { eventSources, httpApiAndUrl, restAndWebsocket };
const fixture = (name: keyof typeof FIXTURES) => frozen(asTemplate(structuredClone(FIXTURES[name])));
const arnOf = (id: string): Json => ({ 'Fn::GetAtt': [id, 'Arn'] });
const statement = (resource: Json, action: Json = 'lambda:InvokeFunction'): Resource =>
  aResource('AWS::IAM::Policy', {
    PolicyName: 'p',
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] },
  });
const resourceOf = (policy: Resource | undefined): Json =>
  (policy!.Properties as { PolicyDocument: { Statement: { Resource: Json }[] } }).PolicyDocument.Statement[0]!.Resource;

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
    expect(Object.keys(template.Outputs!).filter((id) => id.endsWith('FunctionQualifiedArn'))).toEqual([]);
  });
});

describe('the alias of a function', () => {
  const one = aTemplate(
    { Fn: aFunction({}, { Condition: 'IsProd' }) },
    { Conditions: { IsProd: { 'Fn::Equals': ['a', 'a'] } } },
  );

  it('starts from a version that stays when its resource goes', () => {
    const { template, functions } = transformTemplate(aTemplate({ Fn: aFunction() }), options());
    expect(functions).toEqual({ Fn: { aliasLogicalId: 'FnAliasLive', versionLogicalId: 'FnVersion' } });
    expect(template.Resources.FnVersion).toEqual({
      Type: 'AWS::Lambda::Version',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { FunctionName: { Ref: 'Fn' } },
    });
    expect(template.Resources.FnAliasLive).toEqual({
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Fn' },
        FunctionVersion: { 'Fn::GetAtt': ['FnVersion', 'Version'] },
        Name: 'live',
      },
    });
  });

  it('names the live version once there is one, and needs no version resource', () => {
    const { template, functions } = transformTemplate(
      aTemplate({ Fn: aFunction() }),
      options({ liveVersions: { Fn: '12' } }),
    );
    expect(functions).toEqual({ Fn: { aliasLogicalId: 'FnAliasLive' } });
    expect(template.Resources.FnAliasLive!.Properties!.FunctionVersion).toBe('12');
    expect(Object.keys(template.Resources)).toEqual(['Fn', 'FnAliasLive']);
  });

  it('has the function’s condition, and so has its version', () => {
    const { Resources } = transformTemplate(one, options()).template;
    expect([Resources.FnVersion!.Condition, Resources.FnAliasLive!.Condition]).toEqual(['IsProd', 'IsProd']);
  });

  it('is given another id if its own is taken', () => {
    const taken = aTemplate({
      Fn: aFunction(),
      FnAliasLive: aResource('AWS::SQS::Queue', {}),
      FnVersion: aResource('AWS::SQS::Queue', {}),
    });
    expect(transformTemplate(taken, options()).functions).toEqual({
      Fn: { aliasLogicalId: 'FnAliasLive2', versionLogicalId: 'FnVersion2' },
    });
  });

  it('has a readable id whatever its name', () => {
    const { functions } = transformTemplate(aTemplate({ Fn: aFunction() }), options({ alias: 'go-live_2' }));
    expect(functions.Fn!.aliasLogicalId).toBe('FnAliasGoLive2');
  });
});

describe('an alias that the stack has already', () => {
  const deployed = transformTemplate(aTemplate({ Fn: aFunction() }), options()).template;
  const live = { Fn: '12' };

  it('stays as it is deployed, so that no rollback of the stack moves it', () => {
    const next = aTemplate({ Fn: aFunction({ Timeout: 9 }), Queue: aResource('AWS::SQS::Queue', {}) });
    const { template } = transformTemplate(next, options({ liveVersions: live, deployed }));
    expect(template.Resources.FnAliasLive).toEqual(deployed.Resources.FnAliasLive);
    expect(template.Resources.FnVersion).toEqual(deployed.Resources.FnVersion);
  });

  it('stays at the number it was deployed with', () => {
    const numbered = transformTemplate(aTemplate({ Fn: aFunction() }), options({ liveVersions: { Fn: '3' } })).template;
    const { template } = transformTemplate(
      aTemplate({ Fn: aFunction() }),
      options({ liveVersions: live, deployed: numbered }),
    );
    expect(template.Resources.FnAliasLive!.Properties!.FunctionVersion).toBe('3');
  });

  it('names the live version if CloudFormation has to touch it', () => {
    const next = aTemplate({
      Fn: aFunction(),
      FnAliasLive: aResource('AWS::Lambda::Alias', {
        FunctionName: { Ref: 'Fn' },
        FunctionVersion: '1',
        Name: 'live',
        Description: 'new',
      }),
    });
    const { template } = transformTemplate(next, options({ liveVersions: live, deployed }));
    expect(template.Resources.FnAliasLive!.Properties!.FunctionVersion).toBe('12');
  });

  it('starts anew if its function is replaced', () => {
    const numbered = transformTemplate(aTemplate({ Fn: aFunction() }), options({ liveVersions: { Fn: '3' } })).template;
    const next = aTemplate({ Fn: aFunction({ FunctionName: 'renamed' }) });
    const { template } = transformTemplate(next, options({ deployed: numbered }));
    expect(template.Resources.FnAliasLive!.Properties!.FunctionVersion).toEqual({
      'Fn::GetAtt': ['FnVersion', 'Version'],
    });
  });
});

describe('an alias of the user’s own', () => {
  const alias = (name: string, version: Json, more: Partial<Resource> = {}) =>
    aResource('AWS::Lambda::Alias', { FunctionName: { Ref: 'Fn' }, FunctionVersion: version, Name: name }, more);
  const version = aResource('AWS::Lambda::Version', { FunctionName: { Ref: 'Fn' }, Description: 'mine' });
  const rule = aResource('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: arnOf('Fn') }] });

  it('is used if it has the name of ours', () => {
    const template = aTemplate({
      Fn: aFunction(),
      Mine: alias('live', { 'Fn::GetAtt': ['V1', 'Version'] }),
      V1: version,
      Rule: rule,
    });
    const result = transformTemplate(template, options());
    expect(result.functions).toEqual({ Fn: { aliasLogicalId: 'Mine', versionLogicalId: 'V1' } });
    expect(result.template.Resources.Rule!.Properties).toEqual({ Targets: [{ Id: 'a', Arn: { Ref: 'Mine' } }] });
    expect(Object.keys(result.template.Resources)).toEqual(Object.keys(template.Resources));
  });

  it('is told the live version', () => {
    const template = aTemplate({ Fn: aFunction(), Mine: alias('live', '1', { Metadata: { a: 1 } }) });
    const { Resources } = transformTemplate(template, options({ liveVersions: { Fn: '5' } })).template;
    expect(Resources.Mine).toEqual({
      ...template.Resources.Mine,
      Properties: { ...template.Resources.Mine!.Properties, FunctionVersion: '5' },
    });
  });

  it('stays beside ours if it has another name, with what points at it', () => {
    const atBlue = aResource('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: { Ref: 'Blue' } }] });
    const template = aTemplate({
      Fn: aFunction(),
      Blue: alias('blue', { 'Fn::GetAtt': ['V1', 'Version'] }),
      V1: version,
      Rule: atBlue,
    });
    const { Resources } = transformTemplate(template, options()).template;
    expect([Resources.Blue, Resources.Rule]).toEqual([template.Resources.Blue, atBlue]);
  });

  it('shares its version with ours, as CloudFormation makes no second one of the same code', () => {
    const template = aTemplate({
      Fn: aFunction(),
      Blue: alias('blue', { 'Fn::GetAtt': ['V1', 'Version'] }),
      V1: version,
    });
    const { functions, template: result } = transformTemplate(template, options());
    expect(functions.Fn!.versionLogicalId).toBe('V1');
    expect(Object.values(result.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Version')).toHaveLength(1);
  });

  it('leaves the function without ours if it is there under another condition', () => {
    const template = aTemplate({ Fn: aFunction(), Mine: alias('live', '1', { Condition: 'IsProd' }), Rule: rule });
    const result = transformTemplate(template, options());
    expect(result.template).toEqual(template);
    expect(result.notAliased).toEqual([{ logicalId: 'Fn', reason: expect.stringContaining('Mine') }]);
  });

  it('does not lose the framework’s version that it needs', () => {
    const versionId = `OrdersLambdaVersion${'a1B2'.repeat(10)}`;
    const template = aTemplate({
      OrdersLambdaFunction: aFunction(),
      [versionId]: aResource('AWS::Lambda::Version', { FunctionName: { Ref: 'OrdersLambdaFunction' } }),
      Blue: aResource('AWS::Lambda::Alias', {
        FunctionName: { Ref: 'OrdersLambdaFunction' },
        FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
        Name: 'blue',
      }),
    });
    const { template: result, functions } = transformTemplate(template, options());
    expect(Object.keys(result.Resources)).toContain(versionId);
    expect(functions.OrdersLambdaFunction!.versionLogicalId).toBe(versionId);
  });
});

describe('the framework’s alias for provisioned concurrency', () => {
  const { template, functions } = transformTemplate(fixture('httpApiAndUrl'), options());
  const { Resources } = template;

  it('hands its concurrency to ours and goes', () => {
    expect(functions.UrlLambdaFunction!.aliasLogicalId).toBe('UrlLambdaFunctionAliasLive');
    expect(Resources.UrlLambdaFunctionAliasLive!.Properties).toMatchObject({
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    expect(JSON.stringify(template)).not.toMatch(/ProvConc|"provisioned"/);
  });

  it('hands over what pointed at it: function URL, permissions, destinations, DependsOn', () => {
    const alias = { Ref: 'UrlLambdaFunctionAliasLive' };
    expect(Resources.UrlLambdaFunctionUrl!.Properties!.TargetFunctionArn).toEqual(alias);
    expect(Resources.UrlLambdaPermissionFnUrl!.Properties!.FunctionName).toEqual(alias);
    expect(Resources.DestLambdaEvConf!.Properties!.DestinationConfig).toMatchObject({
      OnFailure: { Destination: alias },
    });
    expect(Resources.UrlLambdaFunctionUrl!.DependsOn).toEqual(['UrlLambdaFunctionAliasLive']);
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

describe('functions that get no alias', () => {
  it('are those of Lambda@Edge, with the version that CloudFront names', () => {
    const versionId = `EdgeLambdaVersion${'a1B2'.repeat(10)}`;
    const template = aTemplate({
      EdgeLambdaFunction: aFunction(),
      [versionId]: aResource('AWS::Lambda::Version', { FunctionName: { Ref: 'EdgeLambdaFunction' } }),
      Cdn: aResource('AWS::CloudFront::Distribution', {
        DistributionConfig: {
          DefaultCacheBehavior: {
            LambdaFunctionAssociations: [{ EventType: 'viewer-request', LambdaFunctionARN: { Ref: versionId } }],
          },
        },
      }),
    });
    const result = transformTemplate(template, options());
    expect(result.template).toEqual(template);
    expect(result.notAliased).toEqual([
      { logicalId: 'EdgeLambdaFunction', reason: expect.stringContaining('lambda@edge') },
    ]);
  });

  it('are those that only CloudFormation invokes', () => {
    const { notAliased, template, warnings } = transformTemplate(fixture('restAndWebsocket'), options());
    const id = 'CustomDashresourceDashapigwDashcwDashroleLambdaFunction';
    expect(notAliased).toEqual([{ logicalId: id, reason: expect.stringContaining('custom resource') }]);
    expect(template.Resources.CustomApiGatewayAccountCloudWatchRole).toEqual(
      fixture('restAndWebsocket').Resources.CustomApiGatewayAccountCloudWatchRole,
    );
    expect(warnings).toEqual([]);
  });

  it('are not those that something else invokes as well', () => {
    const template = aTemplate({
      Fn: aFunction(),
      Custom: aResource('Custom::Thing', { ServiceToken: arnOf('Fn') }),
      Rule: aResource('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: arnOf('Fn') }] }),
    });
    const { functions, template: result } = transformTemplate(template, options());
    expect(Object.keys(functions)).toEqual(['Fn']);
    expect(result.Resources.Custom).toEqual(template.Resources.Custom);
  });
});

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
    const { Resources } = transformTemplate(fixture('httpApiAndUrl'), options()).template;
    expect(Resources.HttpApiIntegrationList!.DependsOn).toEqual(['ListLambdaPermissionHttpApi']);
    expect(Resources.HttpApiAuthorizerCustom!.DependsOn).toEqual(['CustomLambdaAuthorizerPermissionHttpApi']);
    expect(Resources.HttpApiAuthorizerJwt).toEqual(fixture('httpApiAndUrl').Resources.HttpApiAuthorizerJwt);
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
