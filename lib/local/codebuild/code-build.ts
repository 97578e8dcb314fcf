import { AwsError } from '../calls/aws-error';
import type { Caller } from '../calls/caller';
import type { EmitEvent } from '../calls/event-delivery';
import { logUnforeseen, type ReportUnforeseen } from '../calls/unforeseen';
import type { GatewayService } from '../gateway/gateway';
import { passRole, type Right } from '../gateway/rights';
import type { AccountQuotas } from '../quotas/account-quotas';
import { BuildPlaces } from './build-places';
import { BuildRecord, isOnLambda, type Project } from './build-record';
import { type CreateFleetInput, Fleets } from './fleets';
import { refuseOddMachine } from './odd-machine';
import { type BuildHost, type EndBuild, runBuild } from './run-build';

/** How many ids BatchGetBuilds takes. */
const MOST_IDS = 100;

interface StartBuildInput {
  readonly projectName?: string;
  readonly sourceVersion?: string;
  readonly sourceTypeOverride?: string;
  readonly sourceLocationOverride?: string;
  readonly buildspecOverride?: string;
  readonly environmentVariablesOverride?: NonNullable<Project['environment']>['environmentVariables'];
  readonly environmentTypeOverride?: string;
  readonly computeTypeOverride?: string;
  readonly imageOverride?: string;
  readonly imagePullCredentialsTypeOverride?: string;
  readonly privilegedModeOverride?: boolean;
  readonly fleetOverride?: { readonly fleetArn?: string };
  readonly timeoutInMinutesOverride?: number;
  readonly serviceRoleOverride?: string;
  readonly logsConfigOverride?: Project['logsConfig'];
  readonly idempotencyToken?: string;
}

/** How the operations of fleets name them. */
interface FleetNames {
  readonly name?: string;
  readonly arn?: string;
  readonly names?: readonly string[];
}

/**
 * CodeBuild's builds, run on this machine. Projects stay in the emulator, where CloudFormation creates them; each build
 * is a process group with a scratch directory.
 */
export class CodeBuild implements GatewayService {
  readonly target = 'CodeBuild_20161006';
  readonly model = 'codebuild';
  readonly others = 'forward';
  readonly #builds = new Map<string, { record: BuildRecord; end?: EndBuild; over: Promise<void> }>();
  readonly #started = new Map<string, { input: string; id: string }>();
  readonly #places: BuildPlaces;
  readonly #fleets = new Fleets();

  /**
   * @param minute how long a minute of the time that a build may take is, in milliseconds
   * @param mayEnd what a build waits for when its commands have ended; another may run meanwhile
   */
  constructor(
    private readonly host: BuildHost,
    private readonly emit: EmitEvent,
    quotas: AccountQuotas,
    private readonly report: ReportUnforeseen = logUnforeseen,
    private readonly minute = 60_000,
    private readonly mayEnd?: () => Promise<void>,
  ) {
    this.#places = new BuildPlaces(quotas);
  }

  readonly operations: GatewayService['operations'] = {
    StartBuild: (input: StartBuildInput, caller) => this.#start(input, caller),
    BatchGetBuilds: async ({ ids = [] }: { ids?: string[] }, caller) => {
      if (ids.length === 0 || ids.length > MOST_IDS)
        throw new AwsError('InvalidInputException', `ids: between 1 and ${MOST_IDS} builds, not ${ids.length}`);
      const found = ids.map((id) => this.#find(id, caller)?.record.describe());
      return { builds: found.filter(Boolean), buildsNotFound: ids.filter((_, index) => !found[index]) };
    },
    StopBuild: async ({ id = '' }: { id?: string }, caller) => {
      const build = this.#find(id, caller);
      if (!build) throw new AwsError('ResourceNotFoundException', `Build ${id} does not exist`);
      build.end?.('STOPPED');
      return { build: build.record.describe() };
    },
    CreateFleet: async (input: CreateFleetInput, caller) => ({ fleet: this.#fleets.create(input, caller) }),
    DeleteFleet: async ({ arn = '' }: { arn?: string }) => {
      this.#fleets.delete(arn);
      return {};
    },
    BatchGetFleets: async ({ names = [] }: { names?: string[] }, caller) => {
      const found = names.map((name) => this.#fleets.find(name, caller));
      return { fleets: found.filter(Boolean), fleetsNotFound: names.filter((_, index) => !found[index]) };
    },
    ListBuilds: async (input: { sortOrder?: string }, caller) => ({ ids: this.#list(caller, input.sortOrder) }),
    ListBuildsForProject: async (input: { projectName?: string; sortOrder?: string }, caller) => {
      const project = await this.#project(input.projectName ?? '', caller);
      return { ids: this.#list(caller, input.sortOrder).filter((id) => id.startsWith(`${project.name}:`)) };
    },
  };

  /** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html */
  rights(
    operation: string,
    input: StartBuildInput & FleetNames & { readonly id?: string; readonly ids?: readonly string[] },
    { accountId, region }: Caller,
  ): readonly Right[] {
    const action = `codebuild:${operation}`;
    if (/Fleets?$/.test(operation)) {
      const { names = [input.name ?? input.arn ?? ''] } = input;
      const arnOf = (name: string) =>
        name.startsWith('arn:') ? name : `arn:aws:codebuild:${region}:${accountId}:fleet/${name}:*`;
      return names.map((name) => ({ action, resource: arnOf(name) }));
    }
    if (operation === 'ListBuilds') return [{ action, resource: '*' }];
    const builds = input.ids ?? (input.id === undefined ? undefined : [input.id]);
    const projects = builds?.map((id) => id.replace(/^arn:.*:build\//, '').split(':')[0]) ?? [input.projectName];
    const names = [...new Set(projects)];
    const pass = input.serviceRoleOverride;
    return [
      ...names.map((name) => ({ action, resource: `arn:aws:codebuild:${region}:${accountId}:project/${name}` })),
      ...(pass ? [passRole(pass, 'codebuild.amazonaws.com')] : []),
    ];
  }

  /** Stops all builds; resolves when their processes and directories are gone. */
  async stopAll(): Promise<void> {
    for (const { end } of this.#builds.values()) end?.('STOPPED');
    await Promise.all([...this.#builds.values()].map(({ over }) => over));
  }

  async #start(input: StartBuildInput, caller: Caller) {
    const { idempotencyToken: token, ...rest } = input;
    const asked = withOverrides(await this.#project(input.projectName ?? '', caller), input);
    const { environment, fleet } = this.#fleets.place(asked, caller);
    const project = { ...asked, environment };
    refuseOddMachine(environment);
    const key = `${caller.accountId} ${caller.region} ${project.name} ${token}`;
    const same = token ? this.#started.get(key) : undefined;
    if (same) {
      if (same.input !== JSON.stringify(rest))
        throw new AwsError('InvalidInputException', 'the idempotency token was used with other parameters');
      return { build: this.#find(same.id, caller)?.record.describe() };
    }
    const { accountId, region } = caller;
    const turn = this.#places.take({ accountId, region, environment, fleet });
    const number = this.#list(caller).filter((id) => id.startsWith(`${project.name}:`)).length + 1;
    const record = new BuildRecord(project, caller, number, this.emit);
    if (token) this.#started.set(key, { input: JSON.stringify(rest), id: record.id });
    const build: { record: BuildRecord; end?: EndBuild; over: Promise<void> } = { record, over: Promise.resolve() };
    this.#builds.set(record.arn, build);
    build.over = this.#run(record, turn, (end) => {
      build.end = end;
    }).catch((error) => this.report(`build ${record.id}`, error));
    return { build: record.describe() };
  }

  /** @param turn resolves when the build may run, with what to call when it has ended */
  async #run(record: BuildRecord, turn: Promise<() => void>, onStart: (end: EndBuild) => void): Promise<void> {
    let stopped = false;
    onStart(() => {
      stopped = true;
    });
    record.begin('QUEUED');
    record.announce().catch((error) => this.report(`the start of build ${record.id}`, error));
    const free = await turn;
    let isHere = true;
    const leave = () => {
      if (isHere) free();
      isHere = false;
    };
    const { mayEnd } = this;
    try {
      record.finish('QUEUED', stopped ? 'STOPPED' : 'SUCCEEDED');
      if (stopped) return await record.end('STOPPED');
      let timer: NodeJS.Timeout | undefined;
      const limit = minutesOf(record.project) * this.minute;
      await runBuild(record, this.host, {
        onStart: (end) => {
          onStart(end);
          timer = setTimeout(() => end('TIMED_OUT'), limit);
        },
        mayEnd:
          mayEnd &&
          (() => {
            leave();
            return mayEnd();
          }),
      }).finally(() => clearTimeout(timer));
    } catch (error) {
      this.report(`build ${record.id}`, error);
      record.finish(record.currentPhase, 'FAULT', {
        statusCode: 'INTERNAL_SERVICE_ERROR',
        message: (error as Error).message,
      });
      await record.end('FAULT');
    } finally {
      onStart(() => undefined);
      leave();
    }
  }

  async #project(name: string, caller: Caller): Promise<Project> {
    const { projects } = await this.host.emulator.json<{ projects: Project[] }>(
      { accessKey: caller.accountId, region: caller.region },
      'codebuild',
      'CodeBuild_20161006.BatchGetProjects',
      { names: [name] },
    );
    const [project] = projects;
    if (project) return project;
    const arn = `arn:aws:codebuild:${caller.region}:${caller.accountId}:project/${name}`;
    throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${arn}`);
  }

  #find(id: string, { accountId, region }: Caller) {
    const arn = id.startsWith('arn:') ? id : `arn:aws:codebuild:${region}:${accountId}:build/${id}`;
    return this.#builds.get(arn);
  }

  #list({ accountId, region }: Caller, order = 'DESCENDING'): string[] {
    const prefix = `arn:aws:codebuild:${region}:${accountId}:build/`;
    const ids = [...this.#builds.keys()].filter((arn) => arn.startsWith(prefix)).map((arn) => arn.slice(prefix.length));
    return order === 'DESCENDING' ? ids.reverse() : ids;
  }
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html: no build on Lambda has longer. */
const MINUTES_ON_LAMBDA = 15;

const minutesOf = (project: Project): number =>
  isOnLambda(project) ? MINUTES_ON_LAMBDA : (project.timeoutInMinutes ?? 60);

function withOverrides(project: Project, input: StartBuildInput): Project {
  const names = new Set((input.environmentVariablesOverride ?? []).map(({ name }) => name));
  const kept = (project.environment?.environmentVariables ?? []).filter(({ name }) => !names.has(name));
  return {
    ...project,
    source: {
      type: input.sourceTypeOverride ?? project.source.type,
      location: input.sourceLocationOverride ?? project.source.location,
      buildspec: input.buildspecOverride ?? project.source.buildspec,
    },
    sourceVersion: input.sourceVersion ?? project.sourceVersion,
    environment: {
      ...project.environment,
      type: input.environmentTypeOverride ?? project.environment?.type,
      computeType: input.computeTypeOverride ?? project.environment?.computeType,
      image: input.imageOverride ?? project.environment?.image,
      imagePullCredentialsType: input.imagePullCredentialsTypeOverride ?? project.environment?.imagePullCredentialsType,
      privilegedMode: input.privilegedModeOverride ?? project.environment?.privilegedMode,
      fleet: input.fleetOverride ?? project.environment?.fleet,
      environmentVariables: [...kept, ...(input.environmentVariablesOverride ?? [])],
    },
    timeoutInMinutes: input.timeoutInMinutesOverride ?? project.timeoutInMinutes,
    serviceRole: input.serviceRoleOverride ?? project.serviceRole,
    logsConfig: input.logsConfigOverride ?? project.logsConfig,
  };
}
