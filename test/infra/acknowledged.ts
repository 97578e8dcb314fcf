/** A finding of cdk-nag that is right as it is. */
export interface Acknowledged {
  /** Rule, with its finding where the rule has several. */
  readonly rule: RegExp;
  /** Path of the construct. */
  readonly construct: RegExp;
  readonly reason: string;
}

/** All of them; the test fails on a finding that is not here, and on an entry that no finding needs. */
export const ACKNOWLEDGED: readonly Acknowledged[] = [
  {
    rule: /^AwsSolutions-APIG4$/,
    construct: /^Seedbed\/GitHubWebhook\/Api\/POST--github\//,
    reason: 'GitHub cannot sign for an authorizer of AWS: the worker checks its signature before it reads anything',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:parameter\/seedbed\/clone\/\w+\/\*\]$/,
    construct: /^Seedbed\/(PlanWorkers\/Plan|BuildWorkers\/StartBuild)\//,
    reason: 'clone tokens are kept by stage, and stages come and go; the app is what is granted',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:parameter\/seedbed\/env-stamps\/\*\]$/,
    construct: /^Seedbed\/PlanWorkers\//,
    reason: 'plans are made of all stages; a stamp tells that an environment changed, and nothing of it',
  },
  {
    rule: /^AwsSolutions-SQS3$/,
    construct: /^Seedbed\/(Notifications\/Untold|\w+\/\w+GivenUp)\//,
    reason: 'it is itself where what failed ends; an alarm watches it',
  },
  {
    rule: /^AwsSolutions-S1$/,
    construct: /^Seedbed\/Artifacts\//,
    reason:
      'builds and workers are all who may use it, and CloudTrail has each of them; a bucket of logs would outweigh it',
  },
  {
    rule: /^AwsSolutions-CB4$/,
    construct: /^SeedbedApps\/Builds\/Project-/,
    reason: 'the project has no output of its own: what it keeps is in the artifact repository, which is encrypted',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    construct: /^Seedbed\/(\w+Workers\/\w+|Notifications\/Worker\/Notify)\/Role\//,
    reason: 'X-Ray, the list of Service Quotas and calls of states that wait take no resources',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<\w+\.Arn>\/(bundles|packages|rendered)\/\*\]$/,
    construct: /^Seedbed\/\w+Workers\//,
    reason: 'keys of artifacts are made by releases; the prefix is what is granted',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:project\/seedbed-\*\]$/,
    construct: /^Seedbed\/\w+Workers\//,
    reason: 'workers build all apps, each stage in the project of its own',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*\]$/,
    construct: /^SeedbedApps\/Builds\/Role-/,
    reason:
      'keys, variables and log streams below what is the app’s and the stage’s own; tests say what is out of reach',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:parameter\/seedbed\/(apps|repositories)\/\*\]$/,
    construct: /^Seedbed\/(TriggerWorkers|DoorWorkers|RecordWorkers\/(Sweep|Prune)|PlanWorkers\/Preview)\//,
    reason: 'a call may name any app, and is told the names of all if it named none of them; a sweep looks after all',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:function:Seedbed-\*(:\*)?\]$/,
    construct: /^Seedbed\/RecordWorkers\/Prune\//,
    reason: 'it deletes versions of all workers that no execution calls any more; CloudFormation makes their names',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:parameter\/seedbed\/env(-stamps)?\/\*\/\*\/made\/\*\]$/,
    construct: /^Seedbed\/RecordWorkers\/(Finish|Sweep)\//,
    reason: 'stages of pull requests and branches are made by what happens in repositories',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*:execution:Seedbed-((Service)?Release|Watcher):\*\]$/,
    construct: /^Seedbed\/(DoorWorkers|RecordWorkers\/(Finish|Sweep|Prune)|TriggerWorkers\/(Rollback|Cancel))\//,
    reason: 'executions are named after releases',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::(\*|<\w+\.Arn>:\*|.*:execution:.*\*)\]$/,
    construct: /^Seedbed\/((Service)?Release|Watcher)\/StateMachine\//,
    reason:
      'X-Ray and log delivery take no resources; versions of a worker and executions of a state machine are numbered',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*\]$/,
    construct: /^SeedbedTarget(-\d+)?\/Roles\/Deploy\//,
    reason:
      'stacks, functions and alarms are named by services, keys of artifacts are made by releases, deployments are listed for the whole account',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::(\*|.*:function:\*|.*:sns:.*:\*|.*:kms:.*:key\/\*)\]$/,
    construct: /^SeedbedTarget(-\d+)?\/Roles\/CodeDeploy\//,
    reason: 'functions and topics are named by services; composite alarms are told only to who may see all',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::(\*|.*:function:\*|.*:deploymentgroup:seedbed-\*\/\*)\]$/,
    construct: /^SeedbedTarget(-\d+)?\/Hooks\/\w+\/Role\//,
    reason: 'X-Ray takes no resources, nor does asking for deployments; hooks are named by services',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:.*:s3:::\*(\/\*)?\]$/,
    construct: /^SeedbedTarget(-\d+)?\/Removal\//,
    reason: 'buckets are named by services; each session is narrowed to one bucket, and the role may not read any',
  },
  {
    rule: /^AwsSolutions-IAM5\[(Resource|Action)::\*\]$/,
    construct: /^SeedbedTarget(-\d+)?\/(Builds\/Boundary|StackBoundary\/Policy)\//,
    reason:
      'a boundary grants nothing: it says what builds and roles of stacks never do; what they do is for seedbed.yml and ' +
      'the services to say',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::.*\/(bundles|rendered\/\d{12})\/\*\]$/,
    construct: /^SeedbedTarget(-\d+)?\/Roles\/CloudFormation\//,
    reason: 'stacks take code from the keys of their releases',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:.*:ecr:.*:repository\/\*\]$/,
    construct: /^SeedbedTarget(-\d+)?\/Roles\/CloudFormation\//,
    reason:
      'functions take images of repositories that services name; those of other accounts decide by policies of their own, ' +
      'and the right holds for no other',
  },
  {
    rule: /^AwsSolutions-IAM4\[.*AdministratorAccess\]$/,
    construct: /^SeedbedTarget(-\d+)?\/Roles\/CloudFormation\//,
    reason: 'services may consist of any resource, as with the role that `cdk bootstrap` makes for CloudFormation',
  },
];
