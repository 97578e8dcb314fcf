import { tellRestStage } from '../../../lib/core/build/rest-stage';
import type { JsonObject } from '../../../lib/core/text/canonical-json';
import { aResource, aTemplate } from '../template/build-template';

const rest = {
  ApiGatewayRestApi: aResource('AWS::ApiGateway::RestApi', { Name: 'dev-orders' }),
  Deployment: aResource('AWS::ApiGateway::Deployment', { RestApiId: { Ref: 'ApiGatewayRestApi' }, StageName: 'dev' }),
};
const tell = (provider: JsonObject, resources = rest) => tellRestStage(provider, aTemplate(resources));

describe('settings of the stage of a REST API', () => {
  it('are named where the framework would set them after it has deployed', () => {
    const provider = {
      tracing: { apiGateway: true, lambda: true },
      logs: { restApi: { level: 'INFO' }, httpApi: true },
      apiGateway: { metrics: true },
      tags: { 'cost-centre': '4711' },
      stackTags: { owner: 'a' },
    };
    const [warning, ...more] = tell(provider);
    expect(more).toEqual([]);
    expect(warning).toMatch(
      /^provider\.tracing\.apiGateway, provider\.logs\.restApi, provider\.apiGateway\.metrics, provider\.tags, provider\.stackTags: not set/,
    );
  });

  it.each<[string, JsonObject]>([
    ['says nothing of the stage', { tracing: { lambda: true }, logs: { httpApi: true } }],
    [
      'has them off',
      { tracing: { apiGateway: false }, logs: { restApi: false }, apiGateway: { metrics: false }, tags: {} },
    ],
  ])('are no matter where the service %s', (_, provider) => {
    expect(tell(provider)).toEqual([]);
  });

  it('are no matter without a REST API of its own, or where the stage is a resource', () => {
    expect(tellRestStage({ tags: { a: 'b' } }, aTemplate({}))).toEqual([]);
    const { Deployment } = rest;
    const { StageName: _, ...Properties } = Deployment.Properties!;
    expect(tell({ tags: { a: 'b' } }, { ...rest, Deployment: { ...Deployment, Properties } })).toEqual([]);
  });
});
