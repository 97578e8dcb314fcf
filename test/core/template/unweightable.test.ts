import type { Resource } from '../../../lib/core/template/template';
import { unweightable } from '../../../lib/core/template/unweightable';
import type { Json, JsonObject } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate } from './build-template';

const ROLE: Json = { 'Fn::GetAtt': ['Role', 'Arn'] };
const role = (properties: JsonObject = {}) => aResource('AWS::IAM::Role', properties);
const queue = (properties: JsonObject = {}) => aResource('AWS::SQS::Queue', properties);
const template = (properties: JsonObject, resources: Record<string, Resource> = {}, more: JsonObject = {}) =>
  aTemplate({ Fn: aFunction(properties), Role: role(), Queue: queue(), ...resources }, more);

const codeOf = (before: ReturnType<typeof template> | undefined, after: ReturnType<typeof template>) =>
  unweightable(before, after, 'Fn', 'live')?.code;

describe('an alias between the versions before and after an update', () => {
  it.each<[string, Json, Json]>([
    ['is the same', ROLE, ROLE],
    ['is spelt in another way', ROLE, { 'Fn::Sub': '${Role.Arn}' }],
    ['is spelt as a string', ROLE, { 'Fn::GetAtt': 'Role.Arn' }],
    ['is written out', 'arn:aws:iam::1:role/a', { 'Fn::Join': ['', ['arn:aws:iam::1:', 'role/a']] }],
  ])('can be weighted if the role %s', (_, before, after) => {
    const dlq = (value: Json) => ({ Role: value, DeadLetterConfig: { TargetArn: value } });
    expect(unweightable(template(dlq(before)), template(dlq(after)), 'Fn', 'live')).toBeUndefined();
  });

  it('can be weighted if anything else changed', () => {
    const before = template({ Role: ROLE, Timeout: 3 });
    const after = template({ Role: ROLE, Timeout: 9 }, { Role: role({ Policies: [] }), Other: role() });
    expect(codeOf(before, after)).toBeUndefined();
  });

  it.each<[string, Json | undefined, Json | undefined]>([
    ['another resource', ROLE, { 'Fn::GetAtt': ['Other', 'Arn'] }],
    ['written out', ROLE, 'arn:aws:iam::1:role/a'],
    ['chosen by a condition', ROLE, { 'Fn::If': ['Blue', ROLE, 'arn:aws:iam::1:role/a'] }],
  ])('cannot be weighted if the role is %s', (_, before, after) => {
    expect(unweightable(template({ Role: before }), template({ Role: after }), 'Fn', 'live')).toEqual({
      code: 'role-changed',
      message: expect.stringContaining('execution role of function Fn changed'),
    });
  });

  it('cannot be weighted if CloudFormation replaces the role for its name', () => {
    const named = (RoleName: Json) => template({ Role: { 'Fn::Sub': '${Role.Arn}' } }, { Role: role({ RoleName }) });
    expect(codeOf(named('a'), named('b'))).toBe('role-changed');
    expect(
      codeOf(
        named({ 'Fn::Sub': '${AWS::StackName}-r' }),
        named({ 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, 'r']] }),
      ),
    ).toBeUndefined();
  });

  it('cannot be weighted if the parameter that the role comes by has another default', () => {
    const by = (Default: string) =>
      template({ Role: { Ref: 'RoleArn' } }, {}, { Parameters: { RoleArn: { Default } } });
    expect(codeOf(by('a'), by('b'))).toBe('role-changed');
    expect(codeOf(by('a'), by('a'))).toBeUndefined();
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['added', {}, { DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } } }],
    ['removed', { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:x:1:a' } }, {}],
    [
      'another',
      { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:x:1:a' } },
      { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:x:1:b' } },
    ],
  ])('cannot be weighted if the dead-letter queue is %s', (_, before, after) => {
    expect(codeOf(template(before), template(after))).toBe('dead-letter-queue-changed');
  });

  it('cannot be weighted if CloudFormation replaces the dead-letter queue', () => {
    const of = (QueueName: string) =>
      template(
        { DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
        { Queue: queue({ QueueName }) },
      );
    expect(codeOf(of('a'), of('b'))).toBe('dead-letter-queue-changed');
  });

  const alias = (properties: JsonObject) =>
    aResource('AWS::Lambda::Alias', { FunctionName: { Ref: 'Fn' }, FunctionVersion: '1', Name: 'live', ...properties });
  const CONCURRENCY = { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } };

  it('cannot be weighted if it has provisioned concurrency', () => {
    expect(unweightable(undefined, template({}, { Mine: alias(CONCURRENCY) }), 'Fn', 'live')).toEqual({
      code: 'provisioned-concurrency',
      message: expect.stringContaining('function Fn has provisioned concurrency'),
    });
    expect(codeOf(undefined, template({}, { Mine: alias({}) }))).toBeUndefined();
    expect(codeOf(undefined, template({}, { Mine: alias({ ...CONCURRENCY, Name: 'blue' }) }))).toBeUndefined();
  });

  it('cannot be weighted if it takes the place of the framework’s alias with provisioned concurrency', () => {
    const packaged = aTemplate({
      ListLambdaFunction: aFunction(),
      ListProvConcLambdaAlias: aResource('AWS::Lambda::Alias', {
        FunctionName: { Ref: 'ListLambdaFunction' },
        FunctionVersion: '1',
        Name: 'provisioned',
        ...CONCURRENCY,
      }),
    });
    expect(unweightable(undefined, packaged, 'ListLambdaFunction', 'live')?.code).toBe('provisioned-concurrency');
  });

  it.each<[string, Json, string | undefined]>([
    ['it', { 'Fn::Sub': 'function:${Fn}:live' }, 'provisioned-concurrency'],
    ['the function, which becomes it', { 'Fn::Join': [':', ['function', { Ref: 'Fn' }]] }, 'provisioned-concurrency'],
    ['another alias', { 'Fn::Sub': 'function:${Fn}:blue' }, undefined],
    ['another function', 'function:elsewhere:live', undefined],
  ])('cannot be weighted if its concurrency is scaled: a target on %s', (_, ResourceId, code) => {
    const scaled = { Scale: aResource('AWS::ApplicationAutoScaling::ScalableTarget', { ResourceId }) };
    expect(codeOf(undefined, template({}, scaled))).toBe(code);
  });

  it('can be weighted, as far as templates tell, if the function was not there before', () => {
    expect(codeOf(aTemplate({ Other: aFunction() }), template({ Role: ROLE }))).toBeUndefined();
    expect(unweightable(undefined, template({}), 'Gone', 'live')).toBeUndefined();
  });
});
