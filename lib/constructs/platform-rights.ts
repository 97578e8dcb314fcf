import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { APP_PARAMETERS, REPOSITORY_PARAMETERS } from '../core/contracts/app-parameters';
import type { GitHubAccess } from '../core/contracts/github-secret';
import { RENDERED_TEMPLATES } from '../core/contracts/keys';
import { OPEN_RELEASES_INDEX } from '../core/contracts/open-releases-index';
import {
  BUILD_PROJECT_PREFIX,
  cloneParameter,
  ENVIRONMENT_PARAMETERS,
  ENVIRONMENT_STAMPS,
} from '../core/contracts/stage-environment';
import { WAITS } from '../core/contracts/wait';
import type { CodeCommitRight, Right } from '../core/contracts/worker-declaration';
import type { ConnectedApps } from './connected-apps';
import { secretArn } from './secret-arn';
import type { Worker } from './worker';

export interface PlatformRightsProps {
  readonly stack: Stack;
  readonly apps: ConnectedApps;
  readonly gitHub: GitHubAccess;
  readonly stateTable: ITableV2;
  /** The table of reserved calls. */
  readonly callsTable: TableV2;
  readonly artifacts: Bucket;
  /**
   * ARNs of the state machines, built from their names, because the state machines need the workers and the workers
   * start and stop the state machines.
   */
  readonly releaseStateMachineArn: string;
  readonly serviceReleaseStateMachineArn: string;
  readonly watcherStateMachineArn: string;
}

/** Calls of CodeCommit: https://docs.aws.amazon.com/codecommit/latest/APIReference/ */
const CODE_COMMIT_CALLS: Readonly<Record<CodeCommitRight, readonly string[]>> = {
  /** Where builds clone a repository from. */
  findClones: ['GetRepository'],
  /** Which repository has a name now. */
  identify: ['GetRepository'],
  /** All branches, and the commits that they point at. */
  listBranches: ['GetBranch', 'ListBranches'],
  /** All tags: no call is for them, but whoever may pull may ask git for them, at the URL of the repository. */
  listTags: ['GetRepository', 'GitPull'],
  /** What a branch points at. */
  readBranches: ['GetBranch', 'GetCommit'],
  /** What a tag points at: no call is for tags, but the one for folders takes them. */
  readTags: ['GetCommit', 'GetFolder'],
  /** Which of two commits is older. */
  readLineage: ['GetMergeOptions'],
  /** The files of a commit, and what differs between two. */
  readTrees: ['GetDifferences'],
  /** What is written in symbolic links. */
  readLinks: ['GetBlob'],
  readFiles: ['GetFile'],
};
type OtherRight = Exclude<Right, CodeCommitRight>;
const isOfCodeCommit = (right: Right): right is CodeCommitRight => Object.hasOwn(CODE_COMMIT_CALLS, right);

/** What each right means in IAM. Made before the workers, which name the rights that they need. */
export class PlatformRights implements Readonly<Record<OtherRight, (worker: Worker) => void>> {
  constructor(private readonly props: PlatformRightsProps) {}

  /** Grants a worker exactly these rights. */
  grant(worker: Worker, rights: readonly Right[]): void {
    const calls = rights.flatMap((right) => (isOfCodeCommit(right) ? CODE_COMMIT_CALLS[right] : []));
    this.readCodeCommit(worker, [...new Set(calls)]);
    for (const right of rights) if (!isOfCodeCommit(right)) this[right](worker);
  }

  /** Looks whether its release still holds the lock, before each change of a target. */
  proveRelease(worker: Worker): void {
    worker.allow(['dynamodb:GetItem'], [this.props.stateTable.tableArn]);
  }

  readState(worker: Worker): void {
    worker.allow(['dynamodb:GetItem', 'dynamodb:Query'], [this.props.stateTable.tableArn]);
  }

  writeState(worker: Worker): void {
    this.readState(worker);
    worker.allow(
      ['dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [this.props.stateTable.tableArn],
    );
  }

  /** Finds open releases in all stages, by the index that holds only their keys. */
  findOpenReleases(worker: Worker): void {
    worker.allow(['dynamodb:Scan'], [`${this.props.stateTable.tableArn}/index/${OPEN_RELEASES_INDEX.name}`]);
  }

  /** Notes started builds in the state table. IAM cannot tell items of a table apart: it is `PutItem` on all of it. */
  noteBuilds(worker: Worker): void {
    worker.allow(['dynamodb:PutItem'], [this.props.stateTable.tableArn]);
  }

  /** Records what came of something, and takes nothing away. IAM cannot tell items of a table apart. */
  writeRecords(worker: Worker): void {
    this.readState(worker);
    worker.allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], [this.props.stateTable.tableArn]);
  }

  /** Lets the next release of a stage begin, or takes one that waits out of its queue, and puts none into it. */
  moveQueue(worker: Worker): void {
    this.readState(worker);
    worker.allow(['dynamodb:DeleteItem', 'dynamodb:UpdateItem'], [this.props.stateTable.tableArn]);
  }

  /** Keeps what is known of what releases wait for, and takes away what has ended: items of these partitions only. */
  keepWaits(worker: Worker): void {
    worker.allow(['dynamodb:DeleteItem', 'dynamodb:UpdateItem'], [this.props.stateTable.tableArn], ONLY_WAITS);
  }

  /** Calls back states that wait. It takes no resources: a token is known to nobody who is not told it. */
  callBack(worker: Worker): void {
    worker.allow(['states:SendTaskFailure', 'states:SendTaskHeartbeat', 'states:SendTaskSuccess'], ['*']);
  }

  readPackages(worker: Worker): void {
    this.readArtifacts(worker, 'packages');
  }

  readBundles(worker: Worker): void {
    this.readArtifacts(worker, 'bundles');
  }

  /** Only builds write bundles. */
  writePackages(worker: Worker): void {
    worker.allow(['s3:PutObject'], [this.props.artifacts.arnForObjects('packages/*')]);
  }

  /** Stores templates as CloudFormation gets them. */
  writeTemplates(worker: Worker): void {
    worker.allow(['s3:PutObject'], [this.props.artifacts.arnForObjects(RENDERED_TEMPLATES)]);
  }

  /** Reads the secret with the access to GitHub, if any app's repository is there; with it, GitHub is read. */
  readGitHubSecret(worker: Worker): void {
    if (!this.props.apps.useGitHub) return;
    worker.allow(['secretsmanager:GetSecretValue'], [secretArn(worker, this.props.gitHub.secret)]);
  }

  /** Stores the tokens with which builds clone from GitHub. */
  keepCloneCredentials(worker: Worker): void {
    const parameters = this.props.apps.all
      .filter(({ repository }) => repository.provider === 'github')
      .map(({ app }) => this.parameterArn(cloneParameter(app, '*')));
    if (parameters.length > 0) worker.allow(['ssm:GetParameter', 'ssm:PutParameter'], parameters);
  }

  /** Reads the configuration of the apps. */
  readApps(worker: Worker): void {
    const parameters = [APP_PARAMETERS, `${APP_PARAMETERS}/*`, `${REPOSITORY_PARAMETERS}/*`];
    worker.allow(
      ['ssm:GetParameter', 'ssm:GetParametersByPath'],
      parameters.map((name) => this.parameterArn(name)),
    );
  }

  /** Reads stamps, which show that a stage's environment has changed without revealing its contents. */
  readEnvironmentStamps(worker: Worker): void {
    worker.allow(['ssm:GetParameters'], [this.parameterArn(`${ENVIRONMENT_STAMPS}/*`)]);
  }

  /** Removes the environments of stages that a branch or a pull request made, never those of stages in seedbed.yml. */
  removeMadeEnvironments(worker: Worker): void {
    const own = [ENVIRONMENT_PARAMETERS, ENVIRONMENT_STAMPS].map((path) => `${path}/*/*/made/*`);
    worker.allow(
      ['ssm:DeleteParameters', 'ssm:GetParametersByPath'],
      own.map((name) => this.parameterArn(name)),
    );
  }

  /** Publishes what becomes of releases. */
  publishEvents(worker: Worker): void {
    const { stack } = this.props;
    const bus = stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
    worker.allow(['events:PutEvents'], [bus]);
  }

  /** Starts builds, and looks at a project before a build runs on another machine. */
  startBuilds(worker: Worker): void {
    worker.allow(['codebuild:BatchGetProjects', 'codebuild:StartBuild'], [this.buildProjects]);
  }

  watchBuilds(worker: Worker): void {
    worker.allow(['codebuild:BatchGetBuilds'], [this.buildProjects]);
  }

  stopBuilds(worker: Worker): void {
    worker.allow(['codebuild:StopBuild'], [this.buildProjects]);
  }

  /** Reads on what machines stages are built, and how many builds may run there at once. */
  readBuildQuotas(worker: Worker): void {
    worker.allow(['codebuild:BatchGetProjects'], [this.buildProjects]);
    // It takes no resources: not even the service can be named.
    worker.allow(['servicequotas:ListServiceQuotas'], ['*']);
  }

  /** Reads how many functions the platform's account may run at once. */
  readLambdaSettings(worker: Worker): void {
    // It is of the account, and takes no resources.
    worker.allow(['lambda:GetAccountSettings'], ['*']);
  }

  startReleases(worker: Worker): void {
    worker.allow(['states:StartExecution'], [this.props.releaseStateMachineArn]);
  }

  watchReleases(worker: Worker): void {
    worker.allow(['states:DescribeExecution'], [executionsOf(this.props.releaseStateMachineArn)]);
  }

  /** Reads how far executions of releases and of their services have come. */
  followReleases(worker: Worker): void {
    const { releaseStateMachineArn, serviceReleaseStateMachineArn } = this.props;
    worker.allow(
      ['states:DescribeExecution', 'states:GetExecutionHistory'],
      [executionsOf(releaseStateMachineArn), executionsOf(serviceReleaseStateMachineArn)],
    );
  }

  /** Stops executions; of one that cannot be stopped it looks whether it has ended. */
  stopReleases(worker: Worker): void {
    worker.allow(
      ['states:DescribeExecution', 'states:StopExecution'],
      [executionsOf(this.props.releaseStateMachineArn)],
    );
  }

  watchServiceReleases(worker: Worker): void {
    worker.allow(['states:DescribeExecution'], [executionsOf(this.props.serviceReleaseStateMachineArn)]);
  }

  /** As {@link stopReleases}. */
  stopServiceReleases(worker: Worker): void {
    worker.allow(
      ['states:DescribeExecution', 'states:StopExecution'],
      [executionsOf(this.props.serviceReleaseStateMachineArn)],
    );
  }

  /** Acts in the targets as their deploy roles. */
  actInTargets(worker: Worker): void {
    assume(worker, this.props.apps.deployRoles);
  }

  /** Empties buckets in the targets as their removal roles. */
  emptyBuckets(worker: Worker): void {
    assume(worker, this.props.apps.removalRoles);
  }

  /** Reserves the calls that all releases share; nothing else is in that table. */
  reserveCalls(worker: Worker): void {
    worker.allow(['dynamodb:PutItem'], [this.props.callsTable.tableArn]);
  }

  /**
   * Deletes versions of the platform's own workers, and never a worker: the pattern asks for a qualifier behind the
   * name. Which versions executions call, it finds by their definitions.
   */
  pruneWorkers(worker: Worker): void {
    const { stack, releaseStateMachineArn, serviceReleaseStateMachineArn, watcherStateMachineArn } = this.props;
    const machines = [releaseStateMachineArn, serviceReleaseStateMachineArn, watcherStateMachineArn];
    const functions = stack.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: `${stack.stackName}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    worker.allow(['states:DescribeStateMachine', 'states:ListExecutions'], machines);
    worker.allow(['states:DescribeStateMachineForExecution'], machines.map(executionsOf));
    worker.allow(['lambda:ListVersionsByFunction'], [functions]);
    worker.allow(['lambda:DeleteFunction'], [`${functions}:*`]);
  }

  private readArtifacts(worker: Worker, part: 'bundles' | 'packages'): void {
    const { artifacts } = this.props;
    worker.allow(['s3:GetObject'], [artifacts.arnForObjects(`${part}/*`)]);
    // Without it S3 answers "forbidden" for an object that is missing.
    worker.allow(['s3:ListBucket'], [artifacts.bucketArn]);
  }

  /** All calls in one statement: it names every repository, and a role's policies have 10,240 characters. */
  private readCodeCommit(worker: Worker, calls: readonly string[]): void {
    const repositories = this.props.apps.codeCommitRepositories;
    if (calls.length === 0) return;
    worker.allow(
      calls.map((call) => `codecommit:${call}`),
      repositories,
    );
  }

  private get buildProjects(): string {
    const projects = { service: 'codebuild', resource: 'project', resourceName: `${BUILD_PROJECT_PREFIX}*` };
    return this.props.stack.formatArn(projects);
  }

  private parameterArn(name: string): string {
    return this.props.stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) });
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
export const ONLY_WAITS = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${WAITS}*`] } };

const executionsOf = (stateMachine: string): string => `${stateMachine.replace(':stateMachine:', ':execution:')}:*`;

function assume(worker: Worker, roles: readonly string[]): void {
  if (roles.length > 0) worker.allow(['sts:AssumeRole'], roles);
}
