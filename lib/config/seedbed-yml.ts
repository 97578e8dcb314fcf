import * as z from 'zod';
import { BuildRead } from '../core/build/build-reads';
import { FUNCTION_PATTERN } from '../core/code-only/function-pattern';
import { KEPT_RELEASES, TAG_ORDERS } from '../core/contracts/app-config';
import { Architecture } from '../core/contracts/architecture';
import { Compute, FleetArn } from '../core/contracts/build-machine';
import { GITHUB_API_URL, GITHUB_SECRET } from '../core/contracts/github-secret';
import { BOUNDARY_NAME, Name } from '../core/contracts/release';
import { WrittenStageShift } from '../core/shift/written-shift';
import { useInstead } from '../core/text/nearest';
import { AlarmsInput, EXPECTED_ALARMS } from './alarms';
import { EXPECTED_NOTIFICATIONS, NotificationInput } from './notifications';

/** Where the platform's owner says what deploys where: a file in the root of the platform's repository. */
export const SEEDBED_YML = 'seedbed.yml';

/** A key written without a value, such as `default:`, means every default. */
const orEmpty = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? {}, schema);

/** YAML reads an account id without quotes as a number, which loses nothing as long as it has its 12 digits. */
const Account = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z.string().regex(/^\d{12}$/),
);

const RoleArn = z.string().regex(/^arn:[a-z-]+:iam::\d{12}:role\/\S+$/);

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html */
const LONGEST_ARN = 2048;
const POLICY_ARN = /^arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}|aws):policy(\/(?!\.{1,2}(\/|$))[\w+=,.@-]+)+$/;
const PolicyArn = z.string().max(LONGEST_ARN).regex(POLICY_ARN);
/** IAM's: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_POLICIES = 10;

/** Of a policy of the target's account, with its path if it has one, as the option of `cdk bootstrap` takes it. */
const POLICY_NAME = /^((?!\.{1,2}\/)[\w+=,.@-]+\/)*(?!\.{1,2}$)[\w+=,.@-]{1,128}$/;

/** An account that services are deployed to. All keys have defaults: see `resolveConfig`. */
const TargetInput = z.strictObject({
  account: Account.optional().describe("The account, in quotes; the platform's own unless given."),
  region: z.string().min(1).optional().describe("The region; for now it has to be the platform's own."),
  deployRoleArn: RoleArn.optional().describe(
    "Role that the platform's workers assume; `seedbed-deploy` of the target's account unless given.",
  ),
  executionRoleArn: RoleArn.optional().describe(
    "Role that CloudFormation gets; `seedbed-cloudformation` of the target's account unless given.",
  ),
  codeDeployRoleArn: RoleArn.optional().describe(
    'Role with which CodeDeploy moves aliases; the deploy role must be allowed to pass it on. ' +
      "`seedbed-codedeploy` of the target's account unless given.",
  ),
  executionPolicies: z
    .array(PolicyArn)
    .min(1)
    .max(MOST_POLICIES)
    .optional()
    .describe(
      "ARNs of managed policies, AWS's or of the target's account: what CloudFormation may do for stacks of services, as " +
        '`--cloudformation-execution-policies` of `cdk bootstrap`. `AdministratorAccess` unless given; never what is ' +
        "the platform's own.",
    ),
  permissionsBoundary: z
    .string()
    .max(LONGEST_ARN)
    .regex(new RegExp(`${POLICY_ARN.source}|${POLICY_NAME.source}`))
    .optional()
    .describe(
      "Name or ARN of the policy that CloudFormation's role has as its permissions boundary, as " +
        '`--custom-permissions-boundary` of `cdk bootstrap`, and that all roles and users of stacks must have. ' +
        `\`${BOUNDARY_NAME}\`, which keeps roles of stacks from what is the platform's, is in every account, and in the ` +
        "platform's own holds for them unless another is given.",
    ),
});

/** Each is a package to read after every release. */
const MOST_KEPT = 100;

const Globs = z.array(z.string().min(1));

const oneOf = (what: string, options: readonly string[]) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    typeof input === 'string'
      ? `, which is no ${what}; ${useInstead(input, options)}`
      : `write one of ${options.join(', ')}`,
});

/** https://docs.aws.amazon.com/codebuild/latest/APIReference/API_VpcConfig.html */
const MOST_SUBNETS = 16;
const MOST_SECURITY_GROUPS = 5;
/** @returns how EC2 writes ids: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const idOf = (prefix: string): RegExp => new RegExp(`^${prefix}-([\\da-f]{8}|[\\da-f]{17})$`);
const VpcInput = z.strictObject({
  id: z.string().regex(idOf('vpc')).describe("A VPC of the platform's account and region."),
  subnets: z
    .array(z.string().regex(idOf('subnet')))
    .min(1)
    .max(MOST_SUBNETS)
    .describe('Its private subnets: builds need a way out to the internet, such as a NAT gateway.'),
  securityGroups: z
    .array(z.string().regex(idOf('sg')))
    .min(1)
    .max(MOST_SECURITY_GROUPS)
    .describe('What builds may reach, and who may reach them.'),
});

const BuildInput = z.strictObject(
  {
    reads: z
      .array(BuildRead)
      .default([])
      .describe(
        "What builds of the stage may read in the stage's account and region: `ssm:/shop/prod/*`, " +
          '`secretsmanager:NAME`, `s3:BUCKET/KEY`, `cloudformation` (all stacks) or `cloudformation:STACK`, ' +
          '`codeartifact:DOMAIN/REPOSITORY`; a `*` at the end stands for anything.',
      ),
    policies: z
      .array(PolicyArn)
      .max(MOST_POLICIES)
      .default([])
      .describe(
        "ARNs of managed policies, AWS's or of the stage's account, that packager and hooks have besides; at most " +
          `${MOST_POLICIES}. Never do they get rights over IAM, other roles, stacks, APIs, or what is the platform's own.`,
      ),
    architecture: z
      .enum(Architecture.options, oneOf('architecture', Architecture.options))
      .optional()
      .describe(
        "Processor of the machine, arm64 or x86_64; unless given, that of the service's functions that were deployed " +
          'last, and x86_64 for its first release.',
      ),
    compute: z
      .enum(Compute.options, oneOf('size of a machine', Compute.options))
      .default('medium')
      .describe(
        'Machine: small, medium or large on EC2; lambda, which starts fastest and has 15 minutes; or reserved, one of ' +
          '`fleet`. A build that cannot start on lambda or reserved starts on EC2.',
      ),
    fleet: FleetArn.optional().describe("ARN of the platform's fleet of reserved machines, with `compute: reserved`."),
    image: z
      .string()
      .regex(/^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+|@sha256:[\da-f]{64})?$/)
      .optional()
      .describe("Image that builds run in, with Node.js and git, for that processor; AWS's own unless given."),
    docker: z.boolean().default(false).describe('Whether builds can run Docker, for which they are privileged.'),
    vpc: VpcInput.optional().describe("Network of the platform's account in which builds run; AWS's own unless given."),
  },
  'write its keys: reads, policies, architecture, compute, fleet, image, docker, vpc',
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/resources-section-structure.html */
const STACK_RESOURCE = /^[A-Za-z][A-Za-z0-9-]{0,127}(\/[A-Za-z0-9]{1,255}){1,8}$/;
const PROTECT = ['stateful', 'nothing'] as const;
const MOST_FUNCTIONS = 100;

const StageInput = z.strictObject({
  branches: Globs.default([]).describe(
    'Branch names or globs that deploy to the stage; without branches and tags, releases to it are started by ' +
      'hand only.',
  ),
  tags: Globs.default([]).describe('Tag names or globs that deploy to the stage.'),
  tagOrder: z
    .enum(TAG_ORDERS, oneOf('order of tags', TAG_ORDERS))
    .optional()
    .describe(
      'Which tags are too old for the stage, and so are not released by themselves. `newest-commit`: those whose commit is ' +
        'below that of the tag that was released there last, and lower versions of other lines; `semver`: lower versions, ' +
        'and what names none; `any`: none. `newest-commit` unless given.',
    ),
  target: z.string().default('default').describe('Name of the target in which the stage lives.'),
  build: orEmpty(BuildInput).describe('What builds of the stage may do where it lives, and on what machine they run.'),
  keepReleases: z
    .number()
    .int()
    .min(1)
    .max(MOST_KEPT)
    .optional()
    .describe(
      `How many deployments of a service keep the versions of their functions, 1 to ${MOST_KEPT}: to these a rollback ` +
        `only moves aliases. Older versions that nothing needs are deleted. ${KEPT_RELEASES} unless given.`,
    ),
  shift: WrittenStageShift.optional().describe(
    'How carefully traffic must move to a new version, at the least: a type of shift, or a map with `type`, ' +
      '`canary` or `linear`, and `mustBeGradual`. An app may be more careful, never less: at no moment may more ' +
      'traffic be on the new version. All at once unless given.',
  ),
  protect: z
    .enum(PROTECT, oneOf('word for it', PROTECT))
    .optional()
    .describe(
      '`stateful`: a release stops before its stack update removes or replaces what holds data, such as tables, buckets, ' +
        'databases, user pools and keys; `nothing`: it does not. `stateful` if `shift` of the stage demands anything, ' +
        'else `nothing`.',
    ),
  adopt: z
    .array(z.string().regex(STACK_NAME))
    .default([])
    .describe(
      'Names of stacks that neither Seedbed nor the framework of the service has made, and that releases may take over ' +
        'all the same.',
    ),
  replace: z
    .array(z.string().regex(STACK_RESOURCE))
    .default([])
    .describe(
      'Resources, as `STACK/LOGICAL-ID`, that releases may remove or replace although they hold data or are a public ' +
        'address; of one in a nested stack `STACK/LOGICAL-ID OF THE NESTED STACK/LOGICAL-ID`.',
    ),
  functions: z
    .array(z.string().regex(FUNCTION_PATTERN))
    .max(MOST_FUNCTIONS)
    .default([])
    .describe(
      'Names of functions that something else makes, and whose code releases may change (`code_only` of seed.yml), ' +
        'with `*` for anything and `${stage}` for the stage, such as `shop-${stage}-*`.',
    ),
});

const template = z.string().describe('The configured stage whose settings the made stages have.');
const emptyBuckets = z
  .boolean()
  .default(false)
  .describe('Whether buckets are emptied when a made stage is removed; a bucket with objects in it cannot be deleted.');

const PullRequestInput = z
  .strictObject({
    template,
    into: Globs.min(1)
      .optional()
      .describe(
        'Base branches (names or globs) of the pull requests that get a stage; the branches that stages deploy ' +
          'unless given.',
      ),
    emptyBuckets,
  })
  .describe('Each pull request has a stage of its own, called pr-<number>.');

const BranchRuleInput = z.strictObject({
  branches: Globs.min(1).describe('Branch names or globs; each branch that matches has a stage of its own.'),
  template,
  emptyBuckets,
});

const SkipMarksInput = z
  .strictObject({
    tags: z
      .boolean()
      .default(false)
      .describe(
        'Whether a tag is ignored, too, if its commit is marked; unless given, whoever tags a commit wants it released.',
      ),
  })
  .describe('For what marks in messages of commits count, such as `[skip ci]`: always for branches and pull requests.');

// https://docs.aws.amazon.com/codecommit/latest/APIReference/API_RepositoryMetadata.html
const CodeCommitName = z.string().regex(/^[\w.-]{1,100}$/);
/** GitHub keeps names that end in `.git` to itself. */
const GitHubName = z.string().regex(/^[\w-]{1,100}\/(?!\.{1,2}$)(?!.*\.git$)[\w.-]{1,100}$/i);

const RepositoryInput = z
  .strictObject({
    codecommit: CodeCommitName.optional().describe('Name of a CodeCommit repository.'),
    github: GitHubName.optional().describe('Owner and name of a GitHub repository, such as acme/shop.'),
    id: z
      .union([z.string().regex(/^[\w-]{1,64}$/), z.number().int().positive()])
      .transform(String)
      .optional()
      .describe(
        "The host's id of it. What has the name but another id is never released. Unless given, the id that the platform " +
          'finds at first counts.',
      ),
  })
  .refine(({ codecommit, github }) => (codecommit === undefined) !== (github === undefined), {
    // A misspelt key is reported as such, and not also as missing.
    when: ({ issues }) => issues.length === 0,
  });

const AppInput = z.strictObject({
  repository: RepositoryInput.describe('Where the repository is; a repository belongs to one app.'),
  stack: Name.optional().describe(
    'Name of a further stack, `SeedbedApps-<stack>`, for what the platform has of the app; `SeedbedApps` unless given, ' +
      'which holds some 60 apps.',
  ),
  stages: z.record(Name, orEmpty(StageInput)).describe('The stages of the app, by name.'),
  pullRequests: PullRequestInput.optional(),
  branchStages: z
    .array(BranchRuleInput)
    .default([])
    .describe('Which branches have a stage of their own; if several rules match a branch, the first one counts.'),
  skipMarks: SkipMarksInput.optional(),
});

/** The defaults are what nearly all have; GitHub Enterprise Server has its API at `https://HOST/api/v3`. */
const GitHubInput = z.strictObject({
  apiUrl: z
    .string()
    .regex(/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])\S+$/)
    .default(GITHUB_API_URL)
    .describe('URL of the API of GitHub or of a GitHub Enterprise Server.'),
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
  secret: z
    .string()
    .regex(/^[\w/+=.@-]{1,512}$/)
    .default(GITHUB_SECRET)
    .describe('Name of the secret in AWS Secrets Manager with which the platform reaches GitHub.'),
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  webhookRate: z
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(500)
    .describe(
      'So many requests a second the webhook takes, signed or not; more are answered 429, and found by looking.',
    ),
  webhookConcurrency: z
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'So many runs of the worker `Webhook` at a time, kept for it out of those of the account, which must have 100 more.',
    ),
});

/** seedbed.yml as the platform's owner writes it. Code reads what `resolveConfig` makes of it. */
export const SeedbedYml = z.strictObject(
  {
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/)
      .default('seedbed')
      .describe('External id with which the platform assumes the deploy roles of all its targets.'),
    targets: orEmpty(z.record(Name, orEmpty(TargetInput))).describe(
      "Where stages can live, by name; `default` is the platform's own account and region unless it is given.",
    ),
    github: orEmpty(GitHubInput).describe('How the platform reaches GitHub.'),
    apps: orEmpty(z.record(Name, AppInput)).describe('The connected apps, by name.'),
    notifications: z
      .preprocess((value) => value ?? [], z.array(NotificationInput))
      .describe('Webhooks that are called when the status of a release changes.'),
    alarms: orEmpty(AlarmsInput).describe('Who is told when the platform itself needs somebody.'),
    // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
    stateTable: z
      .string()
      .regex(/^[\w.-]{3,255}$/)
      .optional()
      .describe(
        'Name of a table that was restored from a backup, which takes the place of the state table that the stack made: ' +
          'docs/restoring.md.',
      ),
  },
  'write its keys: externalId, targets, github, apps, notifications, alarms, stateTable',
);
export type SeedbedYml = z.output<typeof SeedbedYml>;

/**
 * What each key holds, in its writer's words; unnamed keys (of apps, stages, targets) hold what their parent's entry
 * says. An entry with a dot is for that key below that other one.
 */
export const EXPECTED: Readonly<Record<string, string>> = {
  externalId: 'write 2 to 1224 letters, digits or characters of _+=,.@:/-',
  stateTable:
    'write the name of a DynamoDB table in the account and region of the platform, such as seedbed-state-restored',
  targets: 'write targets by name, such as "default: {}"',
  account: 'write the 12 digits of an account id in quotes',
  region: 'write a region, such as eu-central-1',
  deployRoleArn: 'write the ARN of a role, such as arn:aws:iam::123456789012:role/seedbed-deploy',
  executionRoleArn: 'write the ARN of a role, such as arn:aws:iam::123456789012:role/seedbed-cloudformation',
  codeDeployRoleArn: 'write the ARN of a role, such as arn:aws:iam::123456789012:role/seedbed-codedeploy',
  executionPolicies: `write a list of 1 to ${MOST_POLICIES} ARNs of policies, such as "[arn:aws:iam::aws:policy/PowerUserAccess]"`,
  permissionsBoundary:
    "write the name of a policy of the target's account, such as seedbed-boundary, or its ARN, such as " +
    'arn:aws:iam::123456789012:policy/boundary',
  apps:
    'write apps by name, such as "shop: { repository: { codecommit: shop }, stages: { dev: { branches: [main] } ' +
    '} }"',
  github: 'write "apiUrl" or "secret" below it, or leave it out',
  apiUrl: 'write the URL of the API, such as https://api.github.com or https://github.example.com/api/v3',
  secret: 'write the name of a secret in AWS Secrets Manager, such as seedbed/github',
  stack: 'write a short name, such as "b" for the stack SeedbedApps-b',
  repository: 'write where the repository is, such as "{ codecommit: shop }" or "{ github: acme/shop }"',
  'repository.github': 'write owner and name of a GitHub repository, such as acme/shop',
  codecommit: 'write the name of a CodeCommit repository',
  webhookRate: 'write requests a second, from 10 to 10000',
  webhookConcurrency: 'write how many runs at a time, a whole number from 1',
  'repository.id':
    'write the number that GitHub has for it (id in https://api.github.com/repos/OWNER/NAME), or CodeCommit',
  stages: 'write stages by name, such as "dev: { branches: [main] }"',
  branches: 'write a list of branch names or globs, such as "[main]"; put what looks like a number in quotes',
  tags: 'write a list of tag names or globs, such as "[v*]"; put what looks like a number in quotes',
  tagOrder: `write one of ${TAG_ORDERS.join(', ')}`,
  skipMarks: 'write "{ tags: true }" or leave it out',
  'skipMarks.tags': 'write true or false',
  target: 'write the name of a target',
  build: 'write its keys: reads, policies, architecture, compute, fleet, image, docker, vpc',
  fleet: 'write the ARN of a fleet, such as arn:aws:codebuild:eu-central-1:123456789012:fleet/builds:0a1b2c3d',
  image: 'write the name of an image, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com/builds:1',
  docker: 'write true or false',
  vpc: 'write "{ id: vpc-…, subnets: [subnet-…], securityGroups: [sg-…] }"',
  'vpc.id': 'write the id of a VPC, with 8 or 17 digits and letters from a to f, such as vpc-0a1b2c3d',
  subnets: `write a list of 1 to ${MOST_SUBNETS} ids of subnets, with 8 or 17 digits and letters from a to f, such as "[subnet-0a1b2c3d]"`,
  securityGroups: `write a list of 1 to ${MOST_SECURITY_GROUPS} ids of security groups, with 8 or 17 digits and letters from a to f, such as "[sg-0a1b2c3d]"`,
  reads: 'write a list of what builds may read, such as "[ssm:/shop/prod/*]"',
  policies: `write a list of at most ${MOST_POLICIES} ARNs of policies, such as "[arn:aws:iam::123456789012:policy/migrations]"`,
  keepReleases: `write a whole number from 1 to ${MOST_KEPT}`,
  pullRequests: 'write which stage lends its settings, such as "{ template: dev }"',
  branchStages: 'write a list of rules, such as "- { branches: [feature/*], template: dev }"',
  template: 'write the name of a stage of the app',
  into: 'write a list of branch names or globs, such as "[main]"',
  protect: 'write stateful or nothing',
  adopt: 'write a list of names of stacks, such as "[orders-prod]"',
  replace: 'write a list of stacks with logical ids, such as "[orders-prod/OrdersTable]"',
  functions: `write a list of at most ${MOST_FUNCTIONS} names of functions, such as "[shop-\${stage}-*]"`,
  emptyBuckets: 'write true or false',
  ...EXPECTED_NOTIFICATIONS,
  ...EXPECTED_ALARMS,
};
