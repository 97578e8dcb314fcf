import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { nameDeployments } from '../../../lib/core/template/api-deployments';
import { asTemplate, type Resource, type Template } from '../../../lib/core/template/template';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate, frozen, options } from './build-template';
import restAndWebsocket from './fixtures/rest-and-websocket.json';
import { circularResources, danglingReferences } from './template-graph';

const packaged = frozen(asTemplate(structuredClone(restAndWebsocket)));
const rendered = (template: Template, more = {}) =>
  nameDeployments(transformTemplate(template, options(more)).template);
const idsOf = (template: Template, type: string) =>
  Object.keys(template.Resources).filter((id) => template.Resources[id]!.Type === type);
const restId = (template: Template) => idsOf(template, 'AWS::ApiGateway::Deployment')[0];
const webSocketId = (template: Template) => idsOf(template, 'AWS::ApiGatewayV2::Deployment')[0];
const changed = (id: string, properties: Record<string, Json>): Template => ({
  ...packaged,
  Resources: {
    ...packaged.Resources,
    [id]: { ...packaged.Resources[id]!, Properties: { ...packaged.Resources[id]!.Properties, ...properties } },
  },
});

describe('an API deployment', () => {
  it('is named after its content, whenever it was packaged', () => {
    const again = JSON.parse(
      JSON.stringify(packaged).replaceAll(/ApiGatewayDeployment\d{13}/g, 'ApiGatewayDeployment1999999999999'),
    ) as Template;
    expect(restId(again)).not.toBe(restId(packaged));
    expect(restId(rendered(again))).toBe(restId(rendered(packaged)));
    expect(restId(rendered(packaged))).toMatch(/^ApiGatewayDeploymentContent[0-9a-f]{16}$/);
  });

  it('keeps its name when only code, settings or the live version of a function change', () => {
    const before = rendered(packaged);
    const other = changed('HelloLambdaFunction', {
      Timeout: 29,
      Code: { S3Bucket: 'b', S3Key: 'k' },
      Environment: { Variables: { A: 'b' } },
    });
    const after = rendered(other, { liveVersions: { HelloLambdaFunction: '8' } });
    expect([restId(after), webSocketId(after)]).toEqual([restId(before), webSocketId(before)]);
  });

  it.each([
    ['a method', 'ApiGatewayMethodHelloGet', { ApiKeyRequired: true }],
    ['a path', 'ApiGatewayResourceHello', { PathPart: 'hi' }],
    ['an authorizer', 'AuthApiGatewayAuthorizer', { IdentitySource: 'method.request.header.Token' }],
    ['the API', 'ApiGatewayRestApi', { BinaryMediaTypes: ['*/*'] }],
    ['the name of a function, so its ARN,', 'HelloLambdaFunction', { FunctionName: 'renamed' }],
  ])('of a REST API has another name when %s changes', (_, id, properties) => {
    const [before, after] = [rendered(packaged), rendered(changed(id, properties))];
    expect(restId(after)).not.toBe(restId(before));
  });

  it.each([
    ['a route', 'SconnectWebsocketsRoute', { OperationName: 'a' }],
    ['an integration', 'OtherDashfnWebsocketsIntegration', { TimeoutInMillis: 9 }],
  ])('of a WebSocket API has another name when %s changes, and that of the REST API has not', (_, id, properties) => {
    const [before, after] = [rendered(packaged), rendered(changed(id, properties))];
    expect(webSocketId(after)).not.toBe(webSocketId(before));
    expect(restId(after)).toBe(restId(before));
  });

  it('is what the stage refers to under its new name', () => {
    const after = rendered(packaged);
    expect(after.Resources.WebsocketsDeploymentStage!.Properties!.DeploymentId).toEqual({ Ref: webSocketId(after) });
    expect(danglingReferences(after)).toEqual([]);
    expect(circularResources(after)).toEqual([]);
  });

  it('is made anew once when its API first goes to the aliases', () => {
    expect(restId(nameDeployments(packaged))).not.toBe(restId(rendered(packaged)));
  });

  it('keeps its name when it is named twice', () => {
    const once = rendered(packaged);
    expect(nameDeployments(frozen(once))).toEqual(once);
  });

  it('of one API is not concerned by another API', () => {
    const api = (id: string, path: string): Record<string, Resource> => ({
      [id]: aResource('AWS::ApiGateway::RestApi', { Name: id }),
      [`${id}Path`]: aResource('AWS::ApiGateway::Resource', { RestApiId: { Ref: id }, PathPart: path }),
      [`${id}Deployment`]: aResource('AWS::ApiGateway::Deployment', { RestApiId: { Ref: id } }),
    });
    const ids = (path: string) =>
      idsOf(nameDeployments(aTemplate({ ...api('A', path), ...api('B', 'b') })), 'AWS::ApiGateway::Deployment');
    const [[a1, b1], [a2, b2]] = [ids('x'), ids('y')] as [[string, string], [string, string]];
    expect([a1 === a2, b1 === b2]).toEqual([false, true]);
  });

  it('follows the default of a parameter that its API takes a value from', () => {
    const withDefault = (value: string) =>
      aTemplate(
        {
          Fn: aFunction(),
          Path: aResource('AWS::ApiGateway::Resource', { RestApiId: 'abc', PathPart: { Ref: 'Root' } }),
          Deployment: aResource('AWS::ApiGateway::Deployment', { RestApiId: 'abc' }),
        },
        { Parameters: { Root: { Type: 'String', Default: value } } },
      );
    expect(restId(nameDeployments(withDefault('a')))).not.toBe(restId(nameDeployments(withDefault('b'))));
  });
});
