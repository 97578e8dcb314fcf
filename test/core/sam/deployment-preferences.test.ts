import { takePreferences } from '../../../lib/core/sam/deployment-preferences';
import { findOwnCodeDeploy } from '../../../lib/core/template/own-code-deploy';
import type { Resource, Template } from '../../../lib/core/template/template';
import type { JsonObject } from '../../../lib/core/text/canonical-json';

const FUNCTION: Resource = { Type: 'AWS::Lambda::Function', Properties: {} };
const alias = (functionId: string, update?: JsonObject): Resource =>
  ({
    Type: 'AWS::Lambda::Alias',
    Properties: { Name: 'live', FunctionName: { Ref: functionId }, FunctionVersion: '1' },
    ...(update && { UpdatePolicy: { CodeDeployLambdaAliasUpdate: update } }),
  }) as Resource;
/** What aws-sam-translator 1.115.0 makes of a function with a DeploymentPreference. */
const translated = (group: JsonObject = {}, hooks: JsonObject = {}): Template => ({
  Resources: {
    Hello: FUNCTION,
    Check: FUNCTION,
    HelloAliaslive: alias('Hello', {
      ApplicationName: { Ref: 'ServerlessDeploymentApplication' },
      DeploymentGroupName: { Ref: 'HelloDeploymentGroup' },
      ...hooks,
    }),
    CheckAliaslive: alias('Check'),
    ServerlessDeploymentApplication: {
      Type: 'AWS::CodeDeploy::Application',
      Properties: { ComputePlatform: 'Lambda' },
    },
    CodeDeployServiceRole: { Type: 'AWS::IAM::Role', Properties: {} },
    HelloDeploymentGroup: {
      Type: 'AWS::CodeDeploy::DeploymentGroup',
      Properties: {
        ApplicationName: { Ref: 'ServerlessDeploymentApplication' },
        DeploymentConfigName: {
          'Fn::Sub': ['CodeDeployDefault.Lambda${ConfigName}', { ConfigName: 'Linear10PercentEvery1Minute' }],
        },
        ...group,
      },
    },
  },
});

describe("SAM's preferences of deployment", () => {
  it('become settings of shifts, and their CodeDeploy leaves the template', () => {
    const { template, settings } = takePreferences(
      translated(
        {
          AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: 'Errors' } }] },
          TriggerConfigurations: [{ TriggerName: 'x' }],
        },
        { BeforeAllowTrafficHook: { Ref: 'Check' }, AfterAllowTrafficHook: 'other' },
      ),
    );
    expect(Object.keys(template.Resources)).toEqual(['Hello', 'Check', 'HelloAliaslive', 'CheckAliaslive']);
    expect(template.Resources.HelloAliaslive).not.toHaveProperty('UpdatePolicy');
    expect(findOwnCodeDeploy(template)).toBeUndefined();
    expect(settings).toEqual({
      Hello: {
        alias: 'live',
        type: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
        preTrafficHook: 'Check',
        postTrafficHook: 'other',
        alarms: [{ name: { Ref: 'Errors' } }],
        triggerConfigurations: [{ TriggerName: 'x' }],
      },
      Check: { alias: 'live' },
    });
  });

  it('keep a configuration of CodeDeploy that is named', () => {
    const { settings } = takePreferences(translated({ DeploymentConfigName: 'Mine' }));
    expect(settings.Hello).toMatchObject({ type: 'Mine' });
  });

  it('leave alone what the author has made', () => {
    const own = translated();
    const template: Template = {
      Resources: {
        ...own.Resources,
        Mine: alias('Hello', { ApplicationName: { Ref: 'App' }, DeploymentGroupName: { Ref: 'Group' } }),
        App: { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' } },
        Group: { Type: 'AWS::CodeDeploy::DeploymentGroup', Properties: { ApplicationName: { Ref: 'App' } } },
      },
    };
    const taken = takePreferences(template);
    expect(Object.keys(taken.template.Resources)).toEqual(expect.arrayContaining(['Mine', 'App', 'Group']));
    expect(taken.template.Resources.Mine).toHaveProperty('UpdatePolicy');
    expect(taken.settings).not.toHaveProperty('Mine');
  });

  it('are nothing where nothing is asked', () => {
    const template: Template = { Resources: { Hello: FUNCTION } };
    expect(takePreferences(template)).toEqual({ template, settings: {} });
  });
});
