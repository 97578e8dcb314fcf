import type { Template } from 'aws-cdk-lib/assertions';
import { finish } from '../../lambdas/record/finish';
import { sweep } from '../../lambdas/record/sweep';
import { push } from '../../lambdas/trigger/push';
import { reconcile } from '../../lambdas/trigger/reconcile';
import { emfMetrics } from '../../lib/aws/telling/emf-metrics';
import { codeStorageMetrics } from '../../lib/core/record/code-storage';
import { METRICS_NAMESPACE } from '../../lib/core/record/release-metrics';
import { COMMIT } from '../builders';
import { anExecutionEnd, aPush, memoryPlatform, NOW } from '../memory-platform';
import type { AlarmProperties } from './evaluate-alarm';

type Dimensions = Readonly<Record<string, unknown>>;
/** Whether AWS sends a metric with these dimensions, of a platform with this template. */
type Emits = (dimensions: Dimensions, template: Template, alarm: AlarmProperties) => boolean;

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
const resources = (template: Template): Readonly<Record<string, Resource>> => template.toJSON().Resources;
const namesOf = (dimensions: Dimensions): string => Object.keys(dimensions).sort().join();
/** @returns the logical id of what a value refers to, by `Ref` or by an attribute */
function referred(value: unknown, attribute?: string): string | undefined {
  const { Ref, 'Fn::GetAtt': got } = (value ?? {}) as { Ref?: string; 'Fn::GetAtt'?: readonly [string, string] };
  if (attribute === undefined) return Ref;
  return got?.[1] === attribute ? got[0] : undefined;
}
const isA = (template: Template, type: string, id = ''): Resource | undefined =>
  resources(template)[id]?.Type === type ? resources(template)[id] : undefined;
const ofType = (template: Template, type: string): readonly Resource[] =>
  Object.values(resources(template)).filter((one) => one.Type === type);

const ofFunction =
  (also: (id: string, template: Template, alarm: AlarmProperties) => boolean = () => true): Emits =>
  (dimensions, template, alarm) => {
    const id = referred(dimensions.FunctionName);
    const there = namesOf(dimensions) === 'FunctionName' && isA(template, 'AWS::Lambda::Function', id);
    return !!there && also(id!, template, alarm);
  };

/** Only of a function that is called asynchronously there is an age; all of ours keep what they give up. */
const isCalled = (id: string, template: Template): boolean =>
  ofType(template, 'AWS::Lambda::EventInvokeConfig').some(
    ({ Properties }) => referred(Properties?.FunctionName) === id,
  );

/** Once in each period, or the alarm would go off by itself. */
const runsByTheClock = (id: string, template: Template, { Period = 0 }: AlarmProperties): boolean =>
  ofType(template, 'AWS::Events::Rule').some(
    ({ Properties }) =>
      Properties?.ScheduleExpression === `rate(${Period / 60} minutes)` &&
      Properties.State === 'ENABLED' &&
      JSON.stringify(Properties.Targets).includes(`"${id}"`),
  );

const ofHttpApi: Emits = (dimensions, template) => {
  const api = referred(dimensions.ApiId);
  const stages = ofType(template, 'AWS::ApiGatewayV2::Stage').filter(
    ({ Properties }) => referred(Properties?.ApiId) === api && Properties?.StageName === dimensions.Stage,
  );
  const { ProtocolType } = isA(template, 'AWS::ApiGatewayV2::Api', api)?.Properties ?? {};
  return namesOf(dimensions) === 'ApiId,Stage' && ProtocolType === 'HTTP' && stages.length === 1;
};

/** What AWS sends, by namespace and metric. Of what is not here nobody has looked up that it does. */
const AWS: Readonly<Record<string, Readonly<Record<string, Emits>>>> = {
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  'AWS/Lambda': {
    Errors: ofFunction(),
    Throttles: ofFunction(),
    AsyncEventAge: ofFunction(isCalled),
    Invocations: ofFunction(runsByTheClock),
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  'AWS/SQS': {
    ApproximateNumberOfMessagesVisible: (dimensions, template) =>
      namesOf(dimensions) === 'QueueName' &&
      !!isA(template, 'AWS::SQS::Queue', referred(dimensions.QueueName, 'QueueName')),
  },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
  'AWS/ApiGateway': { '4xx': ofHttpApi, '5xx': ofHttpApi },
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  'AWS/States': {
    ExecutionThrottled: (dimensions, template) =>
      namesOf(dimensions) === 'StateMachineArn' &&
      !!isA(template, 'AWS::StepFunctions::StateMachine', referred(dimensions.StateMachineArn)),
  },
};

const DEV = { app: 'shop', stage: 'dev' };

/** Lets the platform's own workers do what they measure. @returns the lines that they write to their logs */
async function workersLines(): Promise<readonly string[]> {
  const lines: string[] = [];
  const metrics = emfMetrics(
    (line) => lines.push(line),
    () => NOW,
  );
  const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
  await push(platform)(aPush('topic/a'));
  await sweep({ ...platform, metrics, now: () => NOW + 7 * 3_600_000 })();
  for (const next of ['again-1', 'again-2']) {
    const [latest] = await platform.releases.latest(DEV, 1);
    await finish({ ...platform, metrics })(anExecutionEnd(latest!.release, 'FAILED'));
    await push(platform)(platform.moved('topic/a', next));
  }
  await reconcile({ ...platform, metrics })({});
  platform.repository.id = '666';
  await reconcile({ ...platform, metrics })({});
  const { dimensions, values } = codeStorageMetrics({ account: '111122223333', used: 1, limit: 2 });
  metrics.add(dimensions, values);
  return lines;
}

interface EmfLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

/** @returns says whether AWS or the platform's own workers send the metric of an alarm, with its dimensions */
export async function emittedMetrics(template: Template): Promise<(alarm: AlarmProperties) => boolean> {
  const own = new Set(
    (await workersLines()).flatMap((line) =>
      (JSON.parse(line) as EmfLine)._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Metrics.flatMap(({ Name }) => Dimensions.map((names) => `${Namespace} ${Name} ${[...names].sort().join()}`)),
      ),
    ),
  );
  return (alarm) => {
    const { Namespace = '', MetricName = '', Dimensions = [] } = alarm;
    const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
    if (Namespace === METRICS_NAMESPACE) return own.has(`${Namespace} ${MetricName} ${namesOf(dimensions)}`);
    return AWS[Namespace]?.[MetricName]?.(dimensions, template, alarm) ?? false;
  };
}
