import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { templateHash } from '../../../lib/core/template/normalise-template';
import { asTemplate, type Resource } from '../../../lib/core/template/template';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, frozen, options } from './build-template';
import httpApiAndUrl from './fixtures/http-api-and-url.json';
import restAndWebsocket from './fixtures/rest-and-websocket.json';

const FIXTURES = { httpApiAndUrl, restAndWebsocket };
const fixture = (name: keyof typeof FIXTURES) => frozen(asTemplate(structuredClone(FIXTURES[name])));
const arnOf = (id: string): Json => ({ 'Fn::GetAtt': [id, 'Arn'] });

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
    expect(Resources.UrlLambdaFunctionUrl!.DependsOn).toBeUndefined();
  });
});

describe.each([
  ['SnapStart', 'snapstart', { SnapStart: { ApplyOn: 'PublishedVersions' } }, {}],
  ['Durable', 'durable', { DurableConfig: { ExecutionTimeout: 60 } }, {}],
  [
    'Durable',
    'durable',
    { DurableConfig: { ExecutionTimeout: 60 } },
    { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 } },
  ],
] as const)('the framework’s alias for %s', (id, name, properties, concurrency) => {
  const versionId = `QuoteLambdaVersion${'a1B2'.repeat(10)}`;
  const aliasId = `Quote${id}LambdaAlias`;
  const uri = (target: Json): Json => ({
    'Fn::Join': ['', ['arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/', target, '/invocations']],
  });
  const packaged = aTemplate(
    {
      QuoteLambdaFunction: aFunction(properties),
      [versionId]: aResource(
        'AWS::Lambda::Version',
        { FunctionName: { Ref: 'QuoteLambdaFunction' }, CodeSha256: 'of the framework’s zip' },
        { DeletionPolicy: 'Retain' },
      ),
      [aliasId]: aResource(
        'AWS::Lambda::Alias',
        {
          FunctionName: { Ref: 'QuoteLambdaFunction' },
          FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
          Name: name,
          ...concurrency,
        },
        { DependsOn: 'QuoteLambdaFunction' },
      ),
      Method: aResource(
        'AWS::ApiGateway::Method',
        { Integration: { Uri: uri({ Ref: aliasId }) } },
        { DependsOn: [aliasId] },
      ),
      Rule: aResource('AWS::Events::Rule', { Targets: [{ Id: 'a', Arn: { Ref: aliasId } }] }),
      Mapping: aResource('AWS::Lambda::EventSourceMapping', {
        FunctionName: { 'Fn::Join': [':', [arnOf('QuoteLambdaFunction'), name]] },
      }),
      Permission: aResource('AWS::Lambda::Permission', {
        FunctionName: { 'Fn::Join': [':', [arnOf('QuoteLambdaFunction'), name]] },
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
      }),
    },
    { Outputs: { QuoteLambdaFunctionQualifiedArn: { Value: { Ref: versionId }, Export: { Name: 'sls-quote' } } } },
  );
  const { template, functions, warnings } = transformTemplate(packaged, options());
  const { Resources } = template;
  const ours = { Ref: 'QuoteLambdaFunctionAliasLive' };

  it('goes, with the version that it named', () => {
    expect(functions.QuoteLambdaFunction).toEqual({
      aliasLogicalId: 'QuoteLambdaFunctionAliasLive',
      versionLogicalId: 'QuoteLambdaFunctionVersion',
    });
    expect(JSON.stringify(template)).not.toMatch(new RegExp(`${aliasId}|${versionId}|CodeSha256|"${name}"`));
    expect(Resources.QuoteLambdaFunctionAliasLive!.Properties).toEqual({
      FunctionName: { Ref: 'QuoteLambdaFunction' },
      FunctionVersion: { 'Fn::GetAtt': ['QuoteLambdaFunctionVersion', 'Version'] },
      Name: 'live',
      ...concurrency,
    });
    expect(warnings).toEqual([]);
  });

  it('hands over what invoked it, the permissions, and the output of the version', () => {
    expect(Resources.Method!.Properties).toEqual({ Integration: { Uri: uri(ours) } });
    expect(Resources.Method!.DependsOn).toBeUndefined();
    expect(Resources.Rule!.Properties).toEqual({ Targets: [{ Id: 'a', Arn: ours }] });
    expect(Resources.Mapping!.Properties!.FunctionName).toEqual(ours);
    expect(Resources.Permission!.Properties!.FunctionName).toEqual(ours);
    expect(template.Outputs).toEqual({
      QuoteLambdaFunctionQualifiedArn: { Value: ours, Export: { Name: 'sls-quote' } },
    });
  });

  it('makes another code of the function no other template, so that it is updated directly', () => {
    const withOther = JSON.parse(JSON.stringify(packaged).replaceAll('a1B2', 'c3D4'));
    expect(templateHash(withOther)).toBe(templateHash(packaged));
  });
});

describe('an output of a version', () => {
  const versionId = `OrdersLambdaVersion${'a1B2'.repeat(10)}`;
  const resources = {
    OrdersLambdaFunction: aFunction(),
    [versionId]: aResource('AWS::Lambda::Version', { FunctionName: { Ref: 'OrdersLambdaFunction' } }),
  };
  const outputsOf = (Value: Json, more: Record<string, Resource> = {}) =>
    transformTemplate(aTemplate({ ...resources, ...more }, { Outputs: { Mine: { Value } } }), options()).template;

  it('stays with the ARN of the alias, however it is written', () => {
    const ours = { Ref: 'OrdersLambdaFunctionAliasLive' };
    expect(outputsOf({ Ref: versionId }).Outputs).toEqual({ Mine: { Value: ours } });
    expect(outputsOf({ 'Fn::Sub': `${'$'}{${versionId}}` }).Outputs).toEqual({
      Mine: { Value: { 'Fn::Sub': '${OrdersLambdaFunctionAliasLive}' } },
    });
    expect(outputsOf({ 'Fn::Join': [':', ['see', { Ref: versionId }]] }).Outputs).toEqual({
      Mine: { Value: { 'Fn::Join': [':', ['see', ours]] } },
    });
  });

  it('keeps the version if it tells its number, which an alias has not', () => {
    const Value = { 'Fn::GetAtt': [versionId, 'Version'] };
    const { Outputs, Resources } = outputsOf(Value);
    expect(Outputs).toEqual({ Mine: { Value } });
    expect(Resources[versionId]).toEqual(resources[versionId]);
  });

  it('stays with the ARN of the version for a function that has no alias', () => {
    const Cdn = aResource('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        DefaultCacheBehavior: { LambdaFunctionAssociations: [{ LambdaFunctionARN: { Ref: versionId } }] },
      },
    });
    const Setup = aResource('Custom::Setup', { ServiceToken: arnOf('OrdersLambdaFunction') });
    for (const more of [{ Cdn }, { Setup }] as Record<string, Resource>[]) {
      const { Outputs, Resources } = outputsOf({ Ref: versionId }, more);
      expect(Outputs).toEqual({ Mine: { Value: { Ref: versionId } } });
      expect(Resources[versionId]).toEqual(resources[versionId]);
    }
  });

  it('makes another template when it comes or goes', () => {
    const Outputs = { Mine: { Value: { Ref: versionId } } };
    expect(templateHash(aTemplate(resources, { Outputs }))).not.toBe(templateHash(aTemplate(resources)));
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
