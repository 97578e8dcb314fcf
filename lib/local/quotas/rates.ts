import type { Rate } from './token-bucket';

/** Which calls share a bucket, and what it holds. Each account has its own in every region. */
export interface RateQuota {
  /** Signing name of the service. */
  readonly service: string;
  /** `others` are all calls of the service that no other quota names, but for those in `UNLIMITED`. */
  readonly operations: readonly string[] | 'others';
  readonly rate: Rate;
  /** In the regions in which AWS allows less; as `rate` if it is not given. */
  readonly smallRegions?: Rate;
  /** The page that has the figures. */
  readonly source: string;
}

const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests';
const STEP_FUNCTIONS =
  'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-api-action-throttling-general';
/**
 * AWS publishes no rate for CloudFormation. Customers were told that DescribeStacks takes 5 calls a second; the other
 * reads, which are throttled as well, are given the same.
 */
const CLOUDFORMATION = 'https://github.com/aws/aws-sam-cli/issues/2671';

/** AWS says how many calls a second Lambda takes, and nothing of a burst: the bucket holds what comes in a second. */
const lambda = (operations: RateQuota['operations'], perSecond: number): RateQuota => ({
  service: 'lambda',
  operations,
  rate: { burst: perSecond, perSecond },
  source: LAMBDA,
});

type Figures = readonly [burst: number, perSecond: number];

const steps = (
  operation: string,
  [burst, perSecond]: Figures,
  [smallBurst, smallPerSecond]: Figures = [burst, perSecond],
): RateQuota => ({
  service: 'states',
  operations: [operation],
  rate: { burst, perSecond },
  smallRegions: { burst: smallBurst, perSecond: smallPerSecond },
  source: STEP_FUNCTIONS,
});

const cloudFormation = (operation: string): RateQuota => ({
  service: 'cloudformation',
  operations: [operation],
  rate: { burst: 5, perSecond: 5 },
  source: CLOUDFORMATION,
});

/** The rates that AWS enforces, by the names with which they are set. */
export const RATES = {
  'lambda-calls': lambda('others', 15),
  'lambda-get-function': lambda(['GetFunction'], 100),
  'lambda-get-policy': lambda(['GetPolicy'], 15),

  'states-create-state-machine': steps('CreateStateMachine', [100, 1]),
  'states-delete-state-machine': steps('DeleteStateMachine', [100, 1]),
  'states-describe-execution': steps('DescribeExecution', [300, 15], [250, 10]),
  'states-describe-map-run': steps('DescribeMapRun', [200, 1]),
  'states-describe-state-machine': steps('DescribeStateMachine', [200, 20]),
  'states-describe-state-machine-for-execution': steps('DescribeStateMachineForExecution', [200, 1]),
  'states-get-execution-history': steps('GetExecutionHistory', [400, 20]),
  'states-list-executions': steps('ListExecutions', [200, 5], [100, 2]),
  'states-list-map-runs': steps('ListMapRuns', [100, 1]),
  'states-list-state-machines': steps('ListStateMachines', [100, 5]),
  'states-list-tags': steps('ListTagsForResource', [100, 1]),
  'states-redrive-execution': steps('RedriveExecution', [1300, 300], [800, 150]),
  'states-send-task-failure': steps('SendTaskFailure', [3000, 500], [1500, 300]),
  'states-send-task-heartbeat': steps('SendTaskHeartbeat', [3000, 500], [1500, 300]),
  'states-send-task-success': steps('SendTaskSuccess', [3000, 500], [1500, 300]),
  'states-start-execution': steps('StartExecution', [1300, 300], [800, 150]),
  'states-stop-execution': steps('StopExecution', [1000, 200], [500, 25]),
  'states-tag': steps('TagResource', [200, 1]),
  'states-test-state': steps('TestState', [50, 10]),
  'states-untag': steps('UntagResource', [200, 1]),
  'states-update-state-machine': steps('UpdateStateMachine', [100, 1]),
  'states-validate-definition': steps('ValidateStateMachineDefinition', [100, 1]),

  'cloudformation-describe-change-set': cloudFormation('DescribeChangeSet'),
  'cloudformation-describe-stack-events': cloudFormation('DescribeStackEvents'),
  'cloudformation-describe-stack-resources': cloudFormation('DescribeStackResources'),
  'cloudformation-describe-stacks': cloudFormation('DescribeStacks'),
  'cloudformation-get-template': cloudFormation('GetTemplate'),
  'cloudformation-list-stack-resources': cloudFormation('ListStackResources'),
  'cloudformation-list-stacks': cloudFormation('ListStacks'),
} as const satisfies Readonly<Record<string, RateQuota>>;

export type RateName = keyof typeof RATES;

/** Calls that have no rate of their own: they count as executions (invocations). */
const UNLIMITED: Readonly<Record<string, readonly string[]>> = {
  lambda: ['Invoke', 'InvokeAsync', 'InvokeWithResponseStream'],
};

const LARGE_REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1'];

const BY_OPERATION = new Map<string, RateName>(
  (Object.keys(RATES) as RateName[]).flatMap((name) => {
    const { service, operations }: RateQuota = RATES[name];
    return operations === 'others' ? [] : operations.map((operation) => [`${service} ${operation}`, name] as const);
  }),
);
const OTHERS = new Map<string, RateName>(
  (Object.keys(RATES) as RateName[])
    .filter((name) => RATES[name].operations === 'others')
    .map((name) => [RATES[name].service, name]),
);
const SERVICES = new Set(Object.values(RATES).map(({ service }) => service));

/** @returns whether calls of a service have rates. */
export const hasRates = (service: string): boolean => SERVICES.has(service);

/** @returns the quota from which a call takes, if it is limited. */
export function rateOf(service: string, operation: string): RateName | undefined {
  if (UNLIMITED[service]?.includes(operation)) return undefined;
  return BY_OPERATION.get(`${service} ${operation}`) ?? OTHERS.get(service);
}

/** @returns what AWS allows in a region. */
export function publishedRate(name: RateName, region: string): Rate {
  const { rate, smallRegions }: RateQuota = RATES[name];
  return LARGE_REGIONS.includes(region) ? rate : (smallRegions ?? rate);
}
