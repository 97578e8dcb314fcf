import { type Files, serverlessYml } from './a-service';

/** How a guarded service is released. */
export interface GuardedOptions {
  /** Names the stack and the functions, as in `a-service.ts`. */
  readonly name: string;
  /** What each of the two functions answers. */
  readonly text: string;
  /** An environment variable of all functions: another value makes the release a full one. */
  readonly variable?: string;
  /** How traffic moves, as in `deploymentSettings`. */
  readonly shift?: Readonly<Record<string, unknown>>;
}

/** The functions that an API reaches; both shift gradually, the first one past a hook and an alarm. */
export const GUARDED = ['hello', 'bye'] as const;

/**
 * Three minutes of CodeDeploy's, which are three seconds on these local clouds: time to see the aliases split. And
 * little patience with hooks that do not end.
 */
export const BRIEF_CANARY = { canary: { percent: 50, minutes: 3 }, hookTimeout: 6 } as const;

/** @returns the name of the service's alarm, which stops its shifts. */
export const alarmOf = (name: string): string => `${name}-fails`;

/** @returns all files of a service whose traffic shifts by CodeDeploy, with a pre-traffic hook and an alarm. */
export function guardedService({ name, text, variable = 'first', shift = BRIEF_CANARY }: GuardedOptions): Files {
  const functions = Object.fromEntries(GUARDED.map((id) => [id, text]));
  const alarm = {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: alarmOf(name),
      Namespace: 'Test',
      MetricName: 'Failures',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    },
  };
  const config = JSON.parse(
    serverlessYml({
      path: '.',
      name,
      functions,
      api: true,
      environment: { VARIABLE: variable },
      resources: { Fails: alarm },
      moreFunctions: { verify: { handler: 'verify.handler', package: { patterns: ['verify.js'] } } },
    }),
  );
  config.custom.deploymentSettings = shift;
  Object.assign(config.functions.hello, { deploymentSettings: { preTrafficHook: 'verify', alarms: ['Fails'] } });
  return {
    'serverless.yml': `${JSON.stringify(config, undefined, 2)}\n`,
    'verify.js': VERIFY,
    ...Object.fromEntries(GUARDED.map((id) => [`${id}.js`, guardedCode(text)])),
  };
}

/** @returns the code of a function that answers a text, or fails if the text is `broken`. */
export const guardedCode = (text: string): string => `exports.handler = async () => {
  if (${JSON.stringify(text)} === 'broken') throw new Error('broken');
  return { statusCode: 200, body: ${JSON.stringify(text)} };
};
`;

/** A hook that calls the version under test. */
const VERIFY = `const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda');
const lambda = new LambdaClient();
exports.handler = async ({ versionArn }) => {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: versionArn, Payload: '{}' }));
  const { body } = JSON.parse(Buffer.from(Payload).toString('utf8'));
  if (body === 'refused') throw new Error('the version under test is refused');
};
`;
