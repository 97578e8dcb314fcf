import { readStackSettings } from '../../../lib/core/build/stack-settings';
import type { JsonObject } from '../../../lib/core/text/canonical-json';
import { aTemplate } from '../template/build-template';

const read = (provider: JsonObject, stage = 'prod') =>
  readStackSettings(provider, {
    stage,
    template: aTemplate({}, { Parameters: { TableName: { Type: 'String', Default: 'sandbox' } } }),
    file: 'api/serverless.yml',
  });

describe('what a configuration says of its stack', () => {
  it('is the tag that the framework gives each stack, where it says nothing', () => {
    expect(read({ name: 'aws' })).toEqual({ tags: { STAGE: 'prod' }, parameters: {} });
  });

  it('is all that the framework hands to CloudFormation', () => {
    expect(
      read({
        stackTags: { owner: 'team-a', rank: 1 },
        stackParameters: [{ ParameterKey: 'TableName', ParameterValue: 'real' }],
        notificationArns: ['arn:aws:sns:eu-west-1:111122223333:events'],
        stackPolicy: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }],
        rollbackConfiguration: {
          MonitoringTimeInMinutes: 5,
          RollbackTriggers: [
            { Arn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors', Type: 'AWS::CloudWatch::Alarm' },
          ],
        },
        disableRollback: 'true',
        deletionProtection: true,
        deploymentMethod: 'changesets',
        iam: { deploymentRole: 'arn:aws:iam::111122223333:role/cfn', role: { statements: [] } },
      }),
    ).toEqual({
      tags: { STAGE: 'prod', owner: 'team-a', rank: '1' },
      parameters: { TableName: 'real' },
      notificationArns: ['arn:aws:sns:eu-west-1:111122223333:events'],
      policy: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }],
      rollback: { alarms: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors'], minutes: 5 },
      disableRollback: true,
      terminationProtection: true,
      deploymentMethod: 'changesets',
      deploymentRole: 'arn:aws:iam::111122223333:role/cfn',
    });
  });

  it.each([
    ['has a tag of that name in another spelling', { stackTags: { stage: 'x' } }, { tags: { stage: 'x' } }],
    [
      'wants a parameter to stay',
      { stackParameters: [{ ParameterKey: 'TableName', UsePreviousValue: true }] },
      { parameters: { TableName: null } },
    ],
    ['names the role the old way', { cfnRole: 'arn:aws:iam::1:role/a' }, { deploymentRole: 'arn:aws:iam::1:role/a' }],
    ['protects some stages', { deletionProtection: { stages: ['prod'] } }, { terminationProtection: true }],
    ['protects others', { deletionProtection: { stages: ['dev'] } }, { terminationProtection: false }],
    [
      'watches alarms of both kinds',
      {
        rollbackConfiguration: {
          RollbackTriggers: [
            { Arn: 'arn:a', Type: 'AWS::CloudWatch::CompositeAlarm' },
            { Arn: 'arn:b', Type: 'AWS::CloudWatch::Alarm' },
          ],
        },
      },
      { rollback: { alarms: ['arn:b'], compositeAlarms: ['arn:a'] } },
    ],
    ['protects none', { deletionProtection: false }, { terminationProtection: false }],
  ])('follows one that %s', (_, provider, expected) => {
    expect(read(provider as JsonObject)).toMatchObject(expected);
  });

  it.each([
    [{ stackTags: { 'aws:x': 'y' } }, '"provider.stackTags.aws:x" is not a valid name; tags that begin with "aws:"'],
    [{ stackTags: { 'seedbed:app': 'y' } }, "it is Seedbed's own: choose another name"],
    [{ stackTags: { x: 'y'.repeat(257) } }, 'write at most 256 characters'],
    [
      { stackTags: Object.fromEntries(Array.from({ length: 47 }, (_, index) => [`t${index}`, 'x'])) },
      '"provider.stackTags" has 47 tags, and Seedbed and the framework add 4: a stack takes 50; remove 1',
    ],
    [
      { stackParameters: [{ ParameterKey: 'TabelName', ParameterValue: 'x' }] },
      '"provider.stackParameters[0].ParameterKey" is "TabelName", which is no parameter of the template; did you mean "TableName"?',
    ],
    [
      { stackParameters: [{ ParameterKey: 'Unlike', ParameterValue: 'x' }] },
      'write it under "resources.Parameters", or remove it; there are: TableName',
    ],
    [{ notificationArns: ['events'] }, '"provider.notificationArns[0]" is "events"; write an ARN'],
    [{ notificationArns: Array(6).fill('arn:a') }, 'but a stack takes 5; remove some'],
    [{ rollbackConfiguration: { MonitoringTimeInMinutes: 181 } }, 'write 0 to 180'],
    [{ rollbackConfiguration: { MonitoringTimeInMinutes: 'long' } }, 'is "long"; write minutes'],
    [{ rollbackConfiguration: { MonitoringTimeInMinutes: 1.5 } }, 'is 1.5; write whole minutes'],
    [{ rollbackConfiguration: { RollbackTriggers: ['arn:a'] } }, 'is "arn:a"; write a map with "Arn" and "Type"'],
    [
      { rollbackConfiguration: { RollbackTriggers: [{ Arn: 'arn:a', Type: 'Alarm' }] } },
      'is "Alarm"; write "AWS::CloudWatch::Alarm" or "AWS::CloudWatch::CompositeAlarm"',
    ],
    [
      { stackPolicy: ['deny'] },
      '"provider.stackPolicy[0]" is "deny"; write a map with "Effect", "Action", "Principal" and "Resource"',
    ],
    [
      {
        stackParameters: [
          { ParameterKey: 'TableName', ParameterValue: 'a' },
          { ParameterKey: 'TableName', ParameterValue: 'b' },
        ],
      },
      '"provider.stackParameters[1].ParameterKey" is "TableName" a second time; remove one',
    ],
    [{ deletionProtection: 'yes' }, 'is "yes"; write true or false, or a map with the list "stages"'],
    [{ deletionProtection: { stages: 'prod' } }, 'is "prod"; write a list of stages'],
    [{ deletionProtection: { stages: [] } }, 'is []; write a list of stages'],
    [{ deploymentMethod: 'fast' }, 'write "changesets" or "direct"'],
  ])('is refused with file, key and fix: %j', (provider, message) => {
    expect(() => read(provider as JsonObject)).toThrow(message);
    expect(() => read(provider as JsonObject)).toThrow('api/serverless.yml: ');
  });
});
