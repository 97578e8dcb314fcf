import { transformTemplate } from '../lib/core/template/alias-transform';
import type { Resource, Template } from '../lib/core/template/template';
import type { Json } from '../lib/core/text/canonical-json';
import { median, ms } from './figures';
import type { Table } from './markdown-table';

const SIZES = [50, 100, 200, 300, 400, 500];
const RUNS = 25;
const STATES = 1_000;

/** How long pointing everything at aliases takes, by the number of resources that the template ends with. */
export function benchTransform(): readonly Table[] {
  return [
    {
      title: 'Transform: everything in a template invokes aliases',
      columns: [
        'template',
        'functions',
        'as packaged',
        'with aliases',
        'first release',
        'processor',
        'later release',
        'processor ',
      ],
      rows: [
        ...SIZES.map((size) => row(`${size} resources`, templateOf(size))),
        row(
          `500 resources, one a text of ${STATES.toLocaleString('en')} states`,
          withStateMachine(templateOf(SIZES.at(-1)!)),
        ),
      ],
      notes: [
        `Medians of ${RUNS} runs: by the clock, and what the processors worked for it (others use the machine, too).`,
        'Every function has a log group, a route of a REST API with its permission, and an event source or a rule; all share a role.',
        'A first release makes a version and an alias of each function; a later one has the deployed template to compare with.',
      ],
    },
  ];
}

function row(name: string, template: Template): readonly (string | number)[] {
  const functions = Object.keys(template.Resources).filter((id) => id.endsWith('LambdaFunction'));
  const liveVersions = Object.fromEntries(functions.map((id) => [id, '7']));
  const first = () => transformTemplate(template, { alias: 'live', liveVersions: {} }).template;
  const deployed = first();
  const later = () => transformTemplate(template, { alias: 'live', liveVersions, deployed }).template;
  const counts = [functions.length, ...[template, deployed].map(({ Resources }) => Object.keys(Resources).length)];
  return [name, ...counts, ...measured(first), ...measured(later)];
}

function measured(work: () => unknown): readonly [clock: string, processor: string] {
  const times = Array.from({ length: RUNS }, () => {
    const [begun, before] = [performance.now(), process.cpuUsage()];
    work();
    const { user, system } = process.cpuUsage(before);
    return { clock: performance.now() - begun, processor: (user + system) / 1_000 };
  });
  return [ms(median(times.map(({ clock }) => clock))), ms(median(times.map(({ processor }) => processor)))];
}

/**
 * A definition of 150 KB as a text: the longest value that a template of this size may have to be searched for
 * functions.
 */
function withStateMachine(template: Template): Template {
  const functions = Object.keys(template.Resources).filter((id) => id.endsWith('LambdaFunction'));
  const states = Array.from({ length: STATES }, (_, index) => {
    const parameters = `{"FunctionName":"\${${functions[index % functions.length]}.Arn}","Payload.$":"$"}`;
    return `"S${index}":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":${parameters},"Next":"S${index + 1}"}`;
  });
  const Properties = { DefinitionString: { 'Fn::Sub': `{"StartAt":"S0","States":{${states.join()}}}` } };
  const machine: Resource = { Type: 'AWS::StepFunctions::StateMachine', Properties };
  return { ...template, Resources: { ...template.Resources, Machine: machine } };
}

/** What the Serverless Framework makes of one function with a route and an event, and what the alias adds. */
const PER_FUNCTION = 7;
const SHARED = 4;

/** @returns a template that has about `size` resources once its functions have versions and aliases. */
function templateOf(size: number): Template {
  const Resources: Record<string, Resource> = {
    ApiGatewayRestApi: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'shop' } },
    EventsQueue: { Type: 'AWS::SQS::Queue', Properties: {} },
  };
  const functions = Array.from({ length: Math.floor((size - SHARED) / PER_FUNCTION) }, (_, index) => `Handler${index}`);
  for (const [index, name] of functions.entries()) Object.assign(Resources, functionOf(name, index));
  Resources.ApiGatewayDeployment1700000000000 = {
    Type: 'AWS::ApiGateway::Deployment',
    DependsOn: functions.map((name) => `ApiGatewayMethod${name}Get`),
    Properties: { RestApiId: { Ref: 'ApiGatewayRestApi' }, StageName: 'prod' },
  };
  Resources.IamRoleLambdaExecution = role(functions);
  return { AWSTemplateFormatVersion: '2010-09-09', Resources };
}

function functionOf(name: string, index: number): Record<string, Resource> {
  const id = `${name}LambdaFunction`;
  const arn: Json = { 'Fn::GetAtt': [id, 'Arn'] };
  const path = ['arn:', { Ref: 'AWS::Partition' }, ':apigateway:', { Ref: 'AWS::Region' }, ':lambda:path/functions/'];
  return {
    [`${name}LogGroup`]: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: `/aws/lambda/shop-prod-${name}` } },
    [id]: {
      Type: 'AWS::Lambda::Function',
      DependsOn: [`${name}LogGroup`],
      Properties: {
        Code: { S3Bucket: { Ref: 'ServerlessDeploymentBucket' }, S3Key: `shop/${name}.zip` },
        Handler: `src/${name}.main`,
        Runtime: 'nodejs22.x',
        FunctionName: `shop-prod-${name}`,
        Role: { 'Fn::GetAtt': ['IamRoleLambdaExecution', 'Arn'] },
        Environment: { Variables: { QUEUE: { Ref: 'EventsQueue' }, STAGE: 'prod' } },
      },
    },
    [`ApiGatewayMethod${name}Get`]: {
      Type: 'AWS::ApiGateway::Method',
      DependsOn: [`${name}LambdaPermissionApiGateway`],
      Properties: {
        HttpMethod: 'GET',
        RestApiId: { Ref: 'ApiGatewayRestApi' },
        Integration: { Type: 'AWS_PROXY', Uri: { 'Fn::Join': ['', [...path, arn, '/invocations']] } },
      },
    },
    [`${name}LambdaPermissionApiGateway`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: arn,
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: {
          'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiGatewayRestApi}/*/*',
        },
      },
    },
    [`${name}Event`]:
      index % 2 === 0
        ? {
            Type: 'AWS::Lambda::EventSourceMapping',
            DependsOn: ['IamRoleLambdaExecution'],
            Properties: { FunctionName: arn, EventSourceArn: { 'Fn::GetAtt': ['EventsQueue', 'Arn'] } },
          }
        : {
            Type: 'AWS::Events::Rule',
            Properties: { ScheduleExpression: 'rate(1 hour)', Targets: [{ Id: 'a', Arn: arn }] },
          },
  };
}

const role = (functions: readonly string[]): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    Policies: [
      {
        PolicyName: 'shop',
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: ['lambda:InvokeFunction'],
              Resource: functions.map((name) => ({
                'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:shop-prod-${name}`,
              })),
            },
            {
              Effect: 'Allow',
              Action: ['logs:PutLogEvents'],
              Resource: functions.map((name) => ({ 'Fn::GetAtt': [`${name}LogGroup`, 'Arn'] })),
            },
          ],
        },
      },
    ],
  },
});
