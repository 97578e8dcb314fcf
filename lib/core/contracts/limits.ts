/** What AWS lets one thing have at most. */
export interface Limit {
  /** What it is a limit of, as it reads after "of": `a template`. */
  readonly of: string;
  readonly most: number;
  /** What is counted. */
  readonly unit: string;
  /** Where AWS says so. */
  readonly source: string;
}

const CLOUDFORMATION = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html';
const CREATE_STACK = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html';
const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const STATES = 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html';
const SSM = 'https://docs.aws.amazon.com/general/latest/gr/ssm.html';
const TAGS = 'https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html';
const EVENTS = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html';

/**
 * The limits of AWS that an app, a service or an installation can grow into. Those of accounts that AWS raises on
 * request are here with what every account has. Whatever is checked against a limit takes its figure from here.
 */
export const LIMITS = {
  // "1 MB" on the page; what is more than a million bytes is refused: "Template may not exceed 1000000 bytes in size."
  templateBytes: { of: 'a template', most: 1_000_000, unit: 'bytes', source: CLOUDFORMATION },
  templateResources: { of: 'a template', most: 500, unit: 'resources', source: CLOUDFORMATION },
  templateOutputs: { of: 'a template', most: 200, unit: 'outputs', source: CLOUDFORMATION },
  templateParameters: { of: 'a template', most: 200, unit: 'parameters', source: CLOUDFORMATION },
  stackTags: { of: 'a stack', most: 50, unit: 'tags', source: CREATE_STACK },
  stackNotifications: { of: 'a stack', most: 5, unit: 'topics that are notified', source: CREATE_STACK },
  rollbackTriggers: {
    of: 'a stack',
    most: 5,
    unit: 'rollback triggers',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html',
  },
  parameterValue: { of: 'a parameter of the advanced tier', most: 8_192, unit: 'bytes', source: SSM },
  standardParameterValue: { of: 'a parameter of the standard tier', most: 4_096, unit: 'bytes', source: SSM },
  parameterName: {
    of: 'the name of a parameter',
    most: 1_011,
    unit: 'characters',
    source: 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html',
  },
  functionPolicy: { of: "a function's policy", most: 20_480, unit: 'bytes', source: LAMBDA },
  functionEnvironment: { of: "a function's environment", most: 4_096, unit: 'bytes', source: LAMBDA },
  functionName: { of: 'the name of a function', most: 64, unit: 'characters', source: LAMBDA },
  roleName: { of: 'the name of a role', most: 64, unit: 'characters', source: IAM },
  rolePolicies: { of: 'the inline policies of a role', most: 10_240, unit: 'characters', source: IAM },
  managedPolicy: { of: 'a managed policy', most: 6_144, unit: 'characters', source: IAM },
  managedPoliciesOfRole: { of: 'a role', most: 10, unit: 'managed policies', source: IAM },
  trustPolicy: { of: 'the trust policy of a role', most: 2_048, unit: 'characters', source: IAM },
  bucketPolicy: {
    of: 'the policy of a bucket',
    most: 20_480,
    unit: 'bytes',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html',
  },
  objectKey: {
    of: 'the key of an object',
    most: 1_024,
    unit: 'bytes',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html',
  },
  tagKey: { of: 'the key of a tag', most: 128, unit: 'characters', source: TAGS },
  tagValue: { of: 'the value of a tag', most: 256, unit: 'characters', source: TAGS },
  rules: { of: 'an event bus', most: 300, unit: 'rules', source: EVENTS },
  ruleName: { of: 'the name of a rule', most: 64, unit: 'characters', source: EVENTS },
  eventPattern: { of: "a rule's pattern", most: 2_048, unit: 'characters', source: EVENTS },
  alarmName: {
    of: 'the name of an alarm',
    most: 255,
    unit: 'characters',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
  },
  projectName: {
    of: 'the name of a build project',
    most: 150,
    unit: 'characters',
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html',
  },
  codeDeployName: {
    of: 'a name of CodeDeploy',
    most: 100,
    unit: 'characters',
    source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html',
  },
  executionName: { of: 'the name of an execution', most: 80, unit: 'characters', source: STATES },
  payload: { of: 'the input or output of a state', most: 262_144, unit: 'bytes', source: STATES },
  stateMachineDefinition: {
    of: 'the definition of a state machine',
    most: 1_048_576,
    unit: 'bytes',
    source: STATES,
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

/** Something that was measured. */
export interface Measured {
  readonly limit: LimitName;
  /** What was measured, as its owner knows it. */
  readonly what: string;
  /** In the limit's unit. */
  readonly size: number;
}

/** @returns whether it is more than AWS takes. */
export const isTooLarge = ({ limit, size }: Measured): boolean => size > LIMITS[limit].most;

/** A warning comes from here on, while there is time to act on it. */
const NEARLY = 0.8;

/** @returns whether AWS takes it still, and it is four fifths of the limit. */
export const isNearlyTooLarge = (measured: Measured): boolean =>
  !isTooLarge(measured) && measured.size >= NEARLY * LIMITS[measured.limit].most;

/** @returns what is how large and by how much too large, without a full stop: `… has 520 resources, 20 too many: …`. */
export function describeSize({ limit, what, size }: Measured): string {
  const { of, most, unit } = LIMITS[limit];
  const over = size > most ? `, ${size - most} more than AWS takes` : '';
  return `${what} has ${size} ${unit}${over} (the most of ${of} is ${most})`;
}
