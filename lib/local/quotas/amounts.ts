/** How much of something an account may have. */
export interface AmountQuota {
  readonly figure: number;
  /** In an account that is new; as `figure` if it is not given. */
  readonly inNewAccounts?: number;
  /** With what AWS refuses more; `{…}` stand for what the refused call is about, `{figure}` for the figure. */
  readonly error: { readonly code: string; readonly status: number; readonly message: string };
  /** The page that has the figures, or who met the error. */
  readonly source: string;
}

const CLOUDFORMATION = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html';
const GITHUB =
  'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits';
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const LAMBDA = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const PARAMETERS =
  'https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html';
const STEP_FUNCTIONS = 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html';
/** AWS says that the figures depend on the account, and "as high as 20" of some types. */
const CODEBUILD = 'https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html';

const FULL_QUEUE = {
  code: 'AccountLimitExceededException',
  status: 400,
  message: 'Cannot have more than {figure} builds in queue for the account',
};

const builds = (inNewAccounts: number): AmountQuota => ({
  figure: 20,
  inNewAccounts,
  error: FULL_QUEUE,
  source: CODEBUILD,
});

const LARGE_REQUEST = {
  code: 'RequestEntityTooLargeException',
  status: 413,
  message: 'Request must be smaller than {figure} bytes for the InvokeFunction operation',
};
/** MiniStack refuses by the figure, with texts of its own for the two ways to send a template. */
const LARGE_TEMPLATE = {
  code: 'ValidationError',
  status: 400,
  message: 'Template may not exceed {figure} bytes in size.',
};
/** GitHub's errors have no codes. */
const SECONDARY_LIMIT = {
  code: '',
  status: 403,
  message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
};
const invalidTemplate = (what: string) => ({
  code: 'ValidationError',
  status: 400,
  message: `Template format error: ${what}`,
});

/** The amounts that AWS enforces, by the names with which they are set. Sizes are in bytes. */
export const AMOUNTS = {
  'lambda-concurrent-executions': {
    figure: 1000,
    inNewAccounts: 10,
    error: { code: 'TooManyRequestsException', status: 429, message: 'Rate Exceeded.' },
    source: LAMBDA,
  },
  'lambda-code-storage': {
    figure: 75 * 2 ** 30,
    error: { code: 'CodeStorageExceededException', status: 400, message: 'Code storage limit exceeded.' },
    source: LAMBDA,
  },
  'lambda-variables': {
    figure: 4096,
    error: {
      code: 'InvalidParameterValueException',
      status: 400,
      message:
        'Lambda was unable to configure your environment variables because the environment variables you have ' +
        'provided exceeded the 4KB limit. String measured: {measured}',
    },
    source: LAMBDA,
  },
  'lambda-function-policy': {
    figure: 20_480,
    error: {
      code: 'PolicyLengthExceededException',
      status: 400,
      message: 'The final policy size ({size}) is bigger than the limit ({figure}).',
    },
    source: LAMBDA,
  },
  'lambda-synchronous-payload': { figure: 6 * 2 ** 20, error: LARGE_REQUEST, source: LAMBDA },
  'lambda-asynchronous-payload': {
    figure: 2 ** 20,
    error: LARGE_REQUEST,
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html',
  },

  'states-data': {
    figure: 256 * 2 ** 10,
    error: {
      code: 'States.DataLimitExceeded',
      status: 400,
      message:
        "The state/task '{of}' returned a result with a size exceeding the maximum number of bytes service limit.",
    },
    source: STEP_FUNCTIONS,
  },
  'states-events': {
    figure: 25_000,
    error: {
      code: 'States.Runtime',
      status: 400,
      message: 'The execution reached the maximum number of history events ({figure}).',
    },
    source: STEP_FUNCTIONS,
  },

  'cloudformation-template-in-call': { figure: 51_200, error: LARGE_TEMPLATE, source: CLOUDFORMATION },
  'cloudformation-template': { figure: 1_000_000, error: LARGE_TEMPLATE, source: CLOUDFORMATION },
  'cloudformation-resources': {
    figure: 500,
    error: invalidTemplate('Number of resources, {count}, is greater than maximum allowed, {figure}'),
    source: CLOUDFORMATION,
  },
  'cloudformation-parameters': {
    figure: 200,
    error: invalidTemplate('Parameters count {count} is greater than max allowed {figure}'),
    source: CLOUDFORMATION,
  },
  'cloudformation-outputs': {
    figure: 200,
    error: invalidTemplate('Outputs count {count} is greater than max allowed {figure}'),
    source: CLOUDFORMATION,
  },

  'ssm-standard-parameter': {
    figure: 4096,
    error: {
      code: 'ValidationException',
      status: 400,
      message:
        'Standard tier parameters support a maximum parameter value of {figure} characters. To create a larger ' +
        'parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see ' +
        PARAMETERS,
    },
    source: PARAMETERS,
  },
  'ssm-advanced-parameter': {
    figure: 8192,
    error: {
      code: 'ValidationException',
      status: 400,
      message: 'Advanced tier parameters support a maximum parameter value of {figure} characters.',
    },
    source: PARAMETERS,
  },

  // Policies in characters without white space; of a role all inline ones together.
  'iam-role-policies': {
    figure: 10_240,
    error: {
      code: 'LimitExceeded',
      status: 409,
      message: 'Maximum policy size of {figure} bytes exceeded for role {role}',
    },
    source: IAM,
  },
  'iam-managed-policy': {
    figure: 6144,
    error: { code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for PolicySize: {figure}' },
    source: IAM,
  },
  'iam-trust-policy': {
    figure: 2048,
    error: { code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for ACLSizePerRole: {figure}' },
    source: IAM,
  },

  // Of GitHub, for each installation or user, in whatever account.
  'github-content-a-minute': { figure: 80, error: SECONDARY_LIMIT, source: GITHUB },
  'github-content-an-hour': { figure: 500, error: SECONDARY_LIMIT, source: GITHUB },

  // Builds that run at once, by platform and compute type.
  'codebuild-linux-small': builds(1),
  'codebuild-linux-medium': builds(1),
  'codebuild-linux-large': builds(1),
  'codebuild-linux-xlarge': builds(0),
  'codebuild-linux-2xlarge': builds(0),
  'codebuild-arm-small': builds(1),
  'codebuild-arm-medium': builds(1),
  'codebuild-arm-large': builds(1),
  'codebuild-arm-xlarge': builds(0),
  'codebuild-arm-2xlarge': builds(0),
  'codebuild-linux-lambda-1gb': builds(1),
  'codebuild-linux-lambda-2gb': builds(1),
  'codebuild-linux-lambda-4gb': builds(1),
  'codebuild-linux-lambda-8gb': builds(1),
  'codebuild-linux-lambda-10gb': builds(1),
  'codebuild-arm-lambda-1gb': builds(1),
  'codebuild-arm-lambda-2gb': builds(1),
  'codebuild-arm-lambda-4gb': builds(1),
  'codebuild-arm-lambda-8gb': builds(1),
  'codebuild-arm-lambda-10gb': builds(1),
  /**
   * How many builds may wait for each one that may run. AWS says five; new accounts were refused the second build:
   * github.com/awslabs/landing-zone-accelerator-on-aws/issues/249
   */
  'codebuild-waiting-for-each': {
    figure: 5,
    inNewAccounts: 0,
    error: FULL_QUEUE,
    source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html',
  },
} as const satisfies Readonly<Record<string, AmountQuota>>;

export type AmountName = keyof typeof AMOUNTS;
