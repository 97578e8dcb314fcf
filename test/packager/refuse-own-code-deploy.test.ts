import type { Resource, Template } from '../../lib/core/template/template';
import { refuseOwnCodeDeploy } from '../../lib/packager/kinds/serverless/refuse-own-code-deploy';

const refuse = (resources: Readonly<Record<string, object>>, more: { plugins?: unknown; globals?: object } = {}) =>
  refuseOwnCodeDeploy(
    {
      Resources: resources as Readonly<Record<string, Resource>>,
      ...(more.globals && { Globals: more.globals }),
    } as Template,
    { file: 'api/serverless.yml', plugins: more.plugins },
  );

/** What serverless-plugin-canary-deployments adds for one function. */
const BY_THE_PLUGIN = {
  OrdersprodDeploymentApplication: {
    Type: 'AWS::CodeDeploy::Application',
    Properties: { ComputePlatform: 'Lambda' },
  },
  HelloLambdaFunctionDeploymentGroup: {
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: { ApplicationName: { Ref: 'OrdersprodDeploymentApplication' } },
  },
  HelloLambdaFunctionAliasLive: {
    Type: 'AWS::Lambda::Alias',
    Properties: { Name: 'Live' },
    UpdatePolicy: {
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: { Ref: 'OrdersprodDeploymentApplication' },
        DeploymentGroupName: { Ref: 'HelloLambdaFunctionDeploymentGroup' },
      },
    },
  },
};

describe('a template with a CodeDeploy of its own', () => {
  it.each([
    ['a list', ['serverless-esbuild', 'serverless-plugin-canary-deployments']],
    ['a map', { modules: ['serverless-plugin-canary-deployments'] }],
  ])('is refused with the plug-in to remove, listed in %s', (_, plugins) => {
    expect(() => refuse(BY_THE_PLUGIN, { plugins })).toThrow(
      'api/serverless.yml: the packaged template shifts traffic with a CodeDeploy of its own (resources ' +
        'OrdersprodDeploymentApplication, HelloLambdaFunctionDeploymentGroup; the UpdatePolicy of ' +
        'HelloLambdaFunctionAliasLive), and two of them cannot move one alias; remove ' +
        '"serverless-plugin-canary-deployments" from "plugins" and keep its settings ("deploymentSettings"), which ' +
        'mean the same here',
    );
  });

  it('is refused without the plug-in too: then somebody wrote it', () => {
    expect(() => refuse(BY_THE_PLUGIN, { plugins: ['serverless-esbuild'] })).toThrow(
      /two of them cannot move one alias; remove them from the configuration, and say how traffic moves with "deploymentSettings"$/,
    );
    const alias = { Live: { ...BY_THE_PLUGIN.HelloLambdaFunctionAliasLive } };
    expect(() => refuse(alias)).toThrow('(the UpdatePolicy of Live)');
  });

  it('is refused with SAM’s preference, of a function or of all', () => {
    const DeploymentPreference = { Type: 'Canary10Percent5Minutes' };
    const functions = { Hello: { Type: 'AWS::Serverless::Function', Properties: { DeploymentPreference } } };
    expect(() => refuse(functions)).toThrow('(the DeploymentPreference of Hello)');
    expect(() => refuse({}, { globals: { Function: { DeploymentPreference } } })).toThrow(
      '(the DeploymentPreference of Globals)',
    );
  });

  it('is not refused for what is not about functions', () => {
    refuse({
      App: { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'ECS' } },
      Group: { Type: 'AWS::CodeDeploy::DeploymentGroup', Properties: { ApplicationName: { Ref: 'App' } } },
      Live: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live' } },
      Hello: { Type: 'AWS::Serverless::Function', Properties: {} },
    });
  });
});
