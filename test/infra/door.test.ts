import { Match, Template } from 'aws-cdk-lib/assertions';
import { WORKER_GROUPS } from '../../lambdas/workers';
import { DOOR_CALLS, DOOR_STAGE, doorCalls, namedInPath, routeOf } from '../../lib/core/contracts/door';
import type { WorkerDeclaration } from '../../lib/core/contracts/worker-declaration';
import { Policies } from './policies';
import { aPlatform } from './synthesise';

const { platform, apps, target } = aPlatform();
const template = Template.fromStack(platform);
const apiId = Object.entries(template.findResources('AWS::ApiGatewayV2::Api')).find(
  ([, { Properties }]) => Properties.Name === 'seedbed-door',
)![0];
const ofDoor = (type: string) =>
  Object.values(template.findResources(type)).filter(({ Properties }) => Properties.ApiId?.Ref === apiId);

describe('the door', () => {
  it('has the routes of its calls, and each asks for IAM', () => {
    const routes = ofDoor('AWS::ApiGatewayV2::Route').map(({ Properties }) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]);
    expect(routes.sort()).toEqual(
      doorCalls()
        .map((name) => [DOOR_CALLS[name].route, 'AWS_IAM'])
        .sort(),
    );
  });

  it('is throttled, and its log has who called what, and whom IAM has refused', () => {
    const [{ Properties }] = ofDoor('AWS::ApiGatewayV2::Stage') as [{ Properties: Record<string, never> }];
    expect(Properties).toMatchObject({
      StageName: DOOR_STAGE,
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
      AccessLogSettings: { Format: expect.stringMatching(/identity\.userArn.*\$context\.path.*error\.message/) },
    });
  });

  it('lets no page of the web call, and needs no path but those of its calls', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      Name: 'seedbed-door',
      CorsConfiguration: Match.absent(),
    });
    for (const name of doorCalls()) {
      const { path } = routeOf(name);
      // A policy of a stage must not fit what comes after another one.
      expect([path, path.split('/stages').length <= 2, /\+\}/.test(path)]).toEqual([path, true, false]);
      expect([path, namedInPath(path).every((key) => ['app', 'stage', 'release'].includes(key))]).toEqual([path, true]);
    }
  });

  it('is answered by one worker for each call, which nothing but its route may invoke', () => {
    const declared = WORKER_GROUPS.flatMap(({ workers }) =>
      Object.values<WorkerDeclaration>(workers).flatMap(({ calls = [] }) => calls),
    );
    expect([...declared].sort()).toEqual([...doorCalls()].sort());
    const sources = Object.values(template.findResources('AWS::Lambda::Permission'))
      .filter(({ Properties }) =>
        JSON.stringify(Properties.FunctionName).match(
          /(Start|Rollback|Cancel|Hold|Remove|Doctor|Preview|Read)Function/,
        ),
      )
      .map(({ Properties }) => [Properties.Principal, JSON.stringify(Properties.SourceArn)]);
    for (const [principal, source] of sources)
      expect([principal, source]).toEqual(['apigateway.amazonaws.com', expect.stringContaining(`"${apiId}"`)]);
    expect(sources).toHaveLength(doorCalls().length);
  });

  it('is closed to builds, stacks of services and the roles that those make', () => {
    const policies = new Policies([platform, apps, target]);
    const call = `arn:aws:execute-api:eu-central-1:111122223333:abc123/${DOOR_STAGE}/POST/apps/shop/stages/prod/releases`;
    expect(policies.can('SeedbedTarget/Roles/CloudFormation', { action: 'execute-api:Invoke', resource: call })).toBe(
      false,
    );
    const own = `arn:aws:execute-api:eu-central-1:111122223333:abc123/dev/POST/apps/shop`;
    expect(policies.can('SeedbedTarget/Roles/CloudFormation', { action: 'execute-api:Invoke', resource: own })).toBe(
      true,
    );
  });
});
