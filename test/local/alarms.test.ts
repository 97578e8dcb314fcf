import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeAlarmsCommand,
  type Dimension,
  GetMetricStatisticsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateEventSourceMappingCommand, InvokeCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { aCloud, aRecorder, CloudClock, eventually, PATIENCE } from './a-cloud';
import { anAppSpec, ShiftingCloud } from './a-shift';

jest.setTimeout(PATIENCE);

/** A minute of an alarm. */
const PERIOD = 1_000;
/** So often CodeDeploy looks at alarms. */
const NEXT_LOOK = 250;
const THROWING = 'exports.handler = async () => { throw new Error("bad version"); };';

describe('CloudWatch in the local cloud, where a minute takes a second', () => {
  const clock = new CloudClock();
  let cloud: ShiftingCloud;

  beforeAll(async () => {
    cloud = new ShiftingCloud(await aCloud('alarms', { speed: 60, clock, clockFile: clock.file }));
  });
  afterAll(async () => {
    await cloud.at.cloud.stop();
    clock.remove();
  });

  const dimensions = (values: Readonly<Record<string, string>>): Dimension[] =>
    Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
  const sum = async (MetricName: string, of: Readonly<Record<string, string>>) => {
    const { Datapoints = [] } = await cloud.cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda',
        MetricName,
        Dimensions: dimensions(of),
        StartTime: new Date(clock.now() - 3_600_000),
        EndTime: new Date(clock.now() + 60_000),
        Period: 86_400,
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
  };
  const invoke = (FunctionName: string, Qualifier?: string) =>
    cloud.lambda.send(new InvokeCommand({ FunctionName, Qualifier }));
  const weigh = (FunctionName: string, weight: number) =>
    cloud.lambda.send(
      new UpdateAliasCommand({
        FunctionName,
        Name: 'live',
        FunctionVersion: '1',
        RoutingConfig: { AdditionalVersionWeights: { 2: weight } },
      }),
    );
  const state = async (name: string) => {
    const AlarmTypes = ['MetricAlarm', 'CompositeAlarm'] as const;
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloud.cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: [...AlarmTypes] }),
    );
    return (MetricAlarms[0] ?? CompositeAlarms[0])?.StateValue;
  };
  const becomes = (name: string, words: string) =>
    eventually(async () => ((await state(name)) === words ? true : undefined));
  const anAlarm = async (settings: Partial<PutMetricAlarmCommandInput>) => {
    const AlarmName = cloud.name('alarm');
    await cloud.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'Tests',
        MetricName: AlarmName,
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        ...settings,
      }),
    );
    return AlarmName;
  };
  /** Waits until all alarms that are there have been judged by what time it is now. */
  const allAreJudged = async () => {
    for (let round = 0; round < 2; round += 1) await becomes(await anAlarm({ TreatMissingData: 'breaching' }), 'ALARM');
  };
  const anErrorAlarm = (of: Readonly<Record<string, string>>) =>
    anAlarm({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: dimensions(of),
      TreatMissingData: 'notBreaching',
    });
  const put = (MetricName: string, Value: number) =>
    cloud.cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Tests', MetricData: [{ MetricName, Value }] }));

  describe('the metrics of a function', () => {
    it('count invocations and errors by function, alias and the version that served', async () => {
      const FunctionName = await cloud.twoVersions(THROWING);
      const Resource = `${FunctionName}:live`;
      await weigh(FunctionName, 0.5);
      let failed = 0;
      for (let each = 0; each < 30; each += 1) failed += (await invoke(FunctionName, 'live')).FunctionError ? 1 : 0;
      await invoke(FunctionName, '1');
      expect(failed).toBeGreaterThan(0);
      expect(await sum('Invocations', { FunctionName })).toBe(31);
      expect(await sum('Errors', { FunctionName })).toBe(failed);
      expect(await sum('Invocations', { FunctionName, Resource })).toBe(30);
      expect(await sum('Errors', { FunctionName, Resource })).toBe(failed);
      expect(await sum('Invocations', { FunctionName, Resource, ExecutedVersion: '2' })).toBe(failed);
      expect(await sum('Errors', { FunctionName, Resource, ExecutedVersion: '2' })).toBe(failed);
      expect(await sum('Errors', { FunctionName, Resource, ExecutedVersion: '1' })).toBe(0);
      expect(await sum('Invocations', { FunctionName, Resource: `${FunctionName}:1` })).toBe(1);
      expect(await sum('Duration', { FunctionName, Resource })).toBeGreaterThan(0);
    });

    it('count asynchronous invocations', async () => {
      const FunctionName = await cloud.twoVersions();
      await cloud.lambda.send(new InvokeCommand({ FunctionName, Qualifier: 'live', InvocationType: 'Event' }));
      await eventually(
        async () => (await sum('Invocations', { FunctionName, Resource: `${FunctionName}:live` })) === 1 || undefined,
      );
    });

    it('count invocations by a queue', async () => {
      const [FunctionName, sqs] = [await cloud.twoVersions(), new SQSClient(cloud.at.client)];
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: FunctionName }));
      await cloud.lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: `${FunctionName}:live`,
          EventSourceArn: `arn:aws:sqs:us-east-1:111122223333:${FunctionName}`,
        }),
      );
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
      await eventually(
        async () => (await sum('Invocations', { FunctionName, Resource: `${FunctionName}:live` })) === 1 || undefined,
      );
    });

    it('count invocations through an API', async () => {
      const [FunctionName, StackName] = [await cloud.twoVersions(THROWING), cloud.name('api')];
      const alias = `arn:aws:lambda:us-east-1:111122223333:function:${FunctionName}:live`;
      await createStack(StackName, {
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: StackName, ProtocolType: 'HTTP' } },
        Integration: {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: {
            ApiId: { Ref: 'Api' },
            IntegrationType: 'AWS_PROXY',
            IntegrationUri: alias,
            PayloadFormatVersion: '2.0',
          },
        },
        Route: {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: {
            ApiId: { Ref: 'Api' },
            RouteKey: '$default',
            Target: { 'Fn::Sub': 'integrations/${Integration}' },
          },
        },
        Stage: {
          Type: 'AWS::ApiGatewayV2::Stage',
          Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
        },
        Leave: {
          Type: 'AWS::Lambda::Permission',
          Properties: { FunctionName: alias, Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' },
        },
      });
      const { Stacks } = await new CloudFormationClient(cloud.at.client).send(new DescribeStacksCommand({ StackName }));
      const api = Stacks?.[0]?.Outputs?.[0]?.OutputValue;
      await weigh(FunctionName, 1);
      const answer = await fetch(`${cloud.at.cloud.endpoint}/_aws/execute-api/${api}/$default/`);
      expect(answer.status).toBeGreaterThanOrEqual(500);
      expect(await sum('Errors', { FunctionName, Resource: `${FunctionName}:live`, ExecutedVersion: '2' })).toBe(1);
    });
  });

  const createStack = async (StackName: string, Resources: object) => {
    const client = new CloudFormationClient(cloud.at.client);
    const [first] = Object.keys(Resources);
    const TemplateBody = JSON.stringify({ Resources, Outputs: { First: { Value: { Ref: first } } } });
    await client.send(new CreateStackCommand({ StackName, TemplateBody }));
    return eventually(async () => {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
      return /COMPLETE$|FAILED$/.exec(Stacks?.[0]?.StackStatus ?? '')?.input;
    });
  };

  describe('an alarm', () => {
    it('of a template goes off when the alias throws, and ends when it no longer does', async () => {
      const [FunctionName, AlarmName] = [await cloud.twoVersions(THROWING), cloud.name('stack')];
      const created = await createStack(AlarmName, {
        Alarm: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: {
            AlarmName,
            Namespace: 'AWS/Lambda',
            MetricName: 'Errors',
            Statistic: 'Sum',
            Period: 60,
            EvaluationPeriods: 1,
            ComparisonOperator: 'GreaterThanOrEqualToThreshold',
            Threshold: 1,
            TreatMissingData: 'notBreaching',
            Dimensions: dimensions({ FunctionName, Resource: `${FunctionName}:live` }),
          },
        },
      });
      expect(created).toBe('CREATE_COMPLETE');
      await becomes(AlarmName, 'OK');
      await weigh(FunctionName, 1);
      await invoke(FunctionName, 'live');
      await becomes(AlarmName, 'ALARM');
      clock.windOn(PERIOD);
      await becomes(AlarmName, 'OK');
    });

    it('looks only at its own dimensions', async () => {
      const [good, bad] = [await cloud.twoVersions(), await cloud.twoVersions(THROWING)];
      const [ofGood, ofBad] = [await anErrorAlarm({ FunctionName: good }), await anErrorAlarm({ FunctionName: bad })];
      await weigh(bad, 1);
      await invoke(bad, 'live');
      await becomes(ofBad, 'ALARM');
      expect(await state(ofGood)).toBe('OK');
    });

    it.each([
      ['missing', 'INSUFFICIENT_DATA'],
      ['breaching', 'ALARM'],
      ['notBreaching', 'OK'],
    ])('without data is, with missing data as %s, %s', async (TreatMissingData, words) => {
      await becomes(await anAlarm({ TreatMissingData }), words);
    });

    it('uses the statistic and the comparison of its settings', async () => {
      const MetricName = cloud.name('metric');
      const settings = { MetricName, Threshold: 5, Period: 3600, TreatMissingData: 'ignore' } as const;
      const average = await anAlarm({ ...settings, Statistic: 'Average' });
      const maximum = await anAlarm({ ...settings, Statistic: 'Maximum' });
      const low = await anAlarm({ ...settings, Statistic: 'Minimum', ComparisonOperator: 'LessThanThreshold' });
      for (const value of [1, 2, 9]) await put(MetricName, value);
      await becomes(maximum, 'ALARM');
      await becomes(low, 'ALARM');
      await becomes(average, 'OK');
    });

    it('needs as many breaching periods as its settings say', async () => {
      const name = await anAlarm({ EvaluationPeriods: 60, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching' });
      await put(name, 1);
      await becomes(name, 'OK');
      clock.windOn(PERIOD);
      await put(name, 1);
      await becomes(name, 'ALARM');
    });

    it('keeps a state that was set by hand until there is data', async () => {
      const name = await anAlarm({ TreatMissingData: 'notBreaching' });
      await becomes(name, 'OK');
      await cloud.setAlarm(name, 'ALARM');
      clock.windOn(4 * PERIOD);
      await allAreJudged();
      expect(await state(name)).toBe('ALARM');
      await put(name, 0);
      await becomes(name, 'OK');
    });

    it('updates the composite alarms above it', async () => {
      const [child, composite] = [await cloud.anAlarm(), cloud.name('composite')];
      await cloud.cloudWatch.send(
        new PutCompositeAlarmCommand({ AlarmName: composite, AlarmRule: `ALARM("${child}")` }),
      );
      await cloud.setAlarm(child, 'ALARM');
      await becomes(composite, 'ALARM');
    });

    it('tells EventBridge', async () => {
      const recorder = await aRecorder(cloud.at, {
        source: ['aws.cloudwatch'],
        detail: { state: { value: ['ALARM'] } },
      });
      const name = await cloud.anAlarm();
      await cloud.setAlarm(name, 'ALARM');
      await eventually(async () => {
        const events = await recorder.events(1);
        return events.find(({ detail }) => detail.alarmName === name);
      });
    });
  });

  it('stops the deployment of a version that throws under load', async () => {
    const FunctionName = await cloud.twoVersions(THROWING);
    const alarm = await anErrorAlarm({ FunctionName, Resource: `${FunctionName}:live` });
    const group = await cloud.aGroup({
      deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent30Minutes',
      alarmConfiguration: { enabled: true, alarms: [{ name: alarm }] },
    });
    const id = await cloud.deploy(group, anAppSpec({ name: FunctionName }));
    await eventually(async () => {
      await invoke(FunctionName, 'live');
      return (await state(alarm)) === 'ALARM' || undefined;
    });
    await clock.passes(NEXT_LOOK);
    const info = await cloud.ended(id);
    expect(info).toMatchObject({ status: 'Stopped', errorInformation: { code: 'ALARM_ACTIVE' } });
    await cloud.ended(info.rollbackInfo?.rollbackDeploymentId ?? '');
    expect(await cloud.alias(FunctionName)).toBe('1');
    expect(await cloud.answers(FunctionName, 20)).toEqual({ 1: 20 });
  });
});
