import { isDataAtRisk } from '../../../lib/core/deploy/data-at-risk';
import { STATEFUL_TYPES } from '../../../lib/core/deploy/stateful-types';
import type { Resource, Template } from '../../../lib/core/template/template';
import type { JsonObject } from '../../../lib/core/text/canonical-json';

const resource = (Type: string, Properties: JsonObject = {}): Resource => ({ Type, Properties });
const TABLE = resource('AWS::DynamoDB::Table', { TableName: 'orders', KeySchema: [{ AttributeName: 'id' }] });
const FUNCTION = resource('AWS::Lambda::Function', { FunctionName: 'list', Code: { S3Key: 'a' } });
const of = (Resources: Record<string, Resource>, more: Partial<Template> = {}): Template => ({ Resources, ...more });
const withKey = (Ref: string) => resource('AWS::EFS::FileSystem', { KmsKeyId: { Ref } });

describe('data is at no risk', () => {
  it.each<[string, Template, Template]>([
    ['if the stack holds none', of({ List: FUNCTION }), of({})],
    ['if nothing changes', of({ Orders: TABLE }), of({ Orders: TABLE })],
    ['if it is only added', of({ List: FUNCTION }), of({ List: FUNCTION, Orders: TABLE })],
    [
      'if only functions change',
      of({ Orders: TABLE, List: FUNCTION }),
      of({ Orders: TABLE, List: resource('AWS::Lambda::Function', { FunctionName: 'list', Code: { S3Key: 'b' } }) }),
    ],
    [
      "if it refers to an alias whose version changes, or to a function whose code's dependencies do",
      of({
        Files: resource('AWS::S3::Bucket', { NotificationConfiguration: { Function: { Ref: 'Live' } } }),
        Live: resource('AWS::Lambda::Alias', { FunctionName: { Ref: 'List' }, Name: 'live', FunctionVersion: '1' }),
        List: resource('AWS::Lambda::Function', { FunctionName: 'list', Layers: [{ Ref: 'Layer' }] }),
        Layer: resource('AWS::Lambda::LayerVersion', { Content: 'a' }),
      }),
      of({
        Files: resource('AWS::S3::Bucket', { NotificationConfiguration: { Function: { Ref: 'Live' } } }),
        Live: resource('AWS::Lambda::Alias', { FunctionName: { Ref: 'List' }, Name: 'live', FunctionVersion: '2' }),
        List: resource('AWS::Lambda::Function', { FunctionName: 'list', Layers: [{ Ref: 'Layer' }], Timeout: 9 }),
        Layer: resource('AWS::Lambda::LayerVersion', { Content: 'b' }),
      }),
    ],
    [
      'if it only waits for what changes',
      of({ Orders: { ...TABLE, DependsOn: 'Topic' }, Topic: resource('AWS::SNS::Topic', { TopicName: 'a' }) }),
      of({ Orders: { ...TABLE, DependsOn: 'Topic' }, Topic: resource('AWS::SNS::Topic', { TopicName: 'b' }) }),
    ],
    [
      "if it is the framework's own bucket",
      of({ ServerlessDeploymentBucket: resource('AWS::S3::Bucket') }),
      of({ List: FUNCTION }),
    ],
    ['if an empty section goes', of({ Orders: TABLE }, { Parameters: {} }), of({ Orders: TABLE })],
    [
      'if keys stand in another order',
      of({ Orders: resource('AWS::DynamoDB::Table', { TableName: 'a', BillingMode: 'b' }) }),
      of({ Orders: resource('AWS::DynamoDB::Table', { BillingMode: 'b', TableName: 'a' }) }),
    ],
  ])('%s', (_, current, next) => {
    expect(isDataAtRisk(current, next)).toBe(false);
  });
});

describe('data may be at risk', () => {
  it.each(['AWS::CloudFormation::Stack', 'AWS::Serverless::Application'])(
    'within a %s, whatever is written',
    (type) => {
      const same = of({ Storage: resource(type, { TemplateURL: 'https://…' }) });
      expect(isDataAtRisk(same, same)).toBe(true);
    },
  );

  it.each([...STATEFUL_TYPES])('if a resource of type %s goes', (type) => {
    expect(isDataAtRisk(of({ Held: resource(type) }), of({}))).toBe(true);
  });

  const SSM = { Parameters: { Name: { Type: 'AWS::SSM::Parameter::Value<String>' } } };
  const NAMED = of({ Orders: resource('AWS::DynamoDB::Table', { TableName: { 'Fn::Sub': '${Name}-orders' } }) }, SSM);

  it.each<[string, Template, Template]>([
    ['a property changes', of({ Orders: TABLE }), of({ Orders: resource('AWS::DynamoDB::Table', { TableName: 'b' }) })],
    ['it becomes conditional', of({ Orders: TABLE }), of({ Orders: { ...TABLE, Condition: 'Never' } })],
    ['it becomes something else', of({ Orders: TABLE }), of({ Orders: resource('AWS::DynamoDB::GlobalTable') })],
    [
      'a condition changes',
      of({ Orders: { ...TABLE, Condition: 'Kept' } }, { Conditions: { Kept: { 'Fn::Equals': [1, 1] } } }),
      of({ Orders: { ...TABLE, Condition: 'Kept' } }, { Conditions: { Kept: { 'Fn::Equals': [1, 2] } } }),
    ],
    ['a parameter is read from the Parameter Store', NAMED, NAMED],
    [
      'a mapping changes',
      of({ Orders: TABLE }, { Mappings: { A: {} } }),
      of({ Orders: TABLE }, { Mappings: { B: {} } }),
    ],
    [
      'what it refers to changes',
      of({ Files: withKey('Main'), Main: resource('AWS::KMS::Alias', { AliasName: 'a' }) }),
      of({ Files: withKey('Main'), Main: resource('AWS::KMS::Alias', { AliasName: 'b' }) }),
    ],
    [
      'what that refers to changes',
      of({
        Files: withKey('Main'),
        Main: resource('AWS::KMS::Alias', { TargetKeyId: { Ref: 'Name' } }),
        Name: resource('AWS::SNS::Topic', { TopicName: 'a' }),
      }),
      of({
        Files: withKey('Main'),
        Main: resource('AWS::KMS::Alias', { TargetKeyId: { Ref: 'Name' } }),
        Name: resource('AWS::SNS::Topic', { TopicName: 'b' }),
      }),
    ],
    [
      'a function that it refers to is called otherwise',
      of({ Files: resource('AWS::S3::Bucket', { Function: { 'Fn::GetAtt': ['List', 'Arn'] } }), List: FUNCTION }),
      of({
        Files: resource('AWS::S3::Bucket', { Function: { 'Fn::GetAtt': ['List', 'Arn'] } }),
        List: resource('AWS::Lambda::Function', { FunctionName: 'lists' }),
      }),
    ],
  ])('if %s', (_, current, next) => {
    expect(isDataAtRisk(current, next)).toBe(true);
  });

  it('though resources refer to each other in a circle', () => {
    const circle = (name: string) =>
      of({
        Orders: resource('AWS::DynamoDB::Table', { A: { Ref: 'B' }, C: { Ref: 'D' } }),
        B: resource('X::Y::Z', { A: { Ref: 'Orders' } }),
        D: resource('X::Y::Z', { name }),
      });
    expect(isDataAtRisk(circle('a'), circle('b'))).toBe(true);
    expect(isDataAtRisk(circle('a'), circle('a'))).toBe(false);
  });
});
