import type { AppConfig, StageConfig } from '../core/contracts/app-config';
import { specialCompute } from '../core/contracts/build-machine';
import { ReleaseError } from '../core/contracts/errors';
import type { GitHubAccess } from '../core/contracts/github-secret';
import {
  BOUNDARY_NAME,
  CODE_DEPLOY_ROLE_NAME,
  DEPLOY_ROLE_NAME,
  EXECUTION_ROLE_NAME,
  hasOurRoles,
  type Repository,
  type Target,
} from '../core/contracts/release';
import type { StageShift } from '../core/contracts/settings';
import { buildRoleOf, type StageBuild } from '../core/contracts/stage-build';
import type { WebhookNotification } from '../core/notices/webhook-notification';
import { stageShiftOf } from '../core/shift/written-shift';
import { boundProblems } from '../core/text/bound-problems';
import { checkWritten } from '../core/text/check-written';
import type { ConfigProblem } from '../core/text/place';
import type { AlarmSettings } from './alarms';
import { lineFinder } from './line-finder';
import { parseYaml } from './parse-yaml';
import { brokenRules, type PlatformPlace } from './seedbed-rules';
import { EXPECTED, SEEDBED_YML, SeedbedYml } from './seedbed-yml';

/** What CloudFormation's role may do in an account. */
interface Execution {
  readonly account: string;
  /** ARNs of its managed policies; without any it is administrator. */
  readonly policies: readonly string[];
  /** ARN of the boundary that it has, and that the roles and users of stacks must have. */
  readonly permissionsBoundary?: string;
}

/** seedbed.yml as the code reads it: with every default filled in. */
export interface PlatformConfig {
  /** External id that the deploy roles of all targets ask for. */
  readonly externalId: string;
  readonly github: GitHubAccess;
  /** What GitHub's webhook takes at most: requests a second, and at a time. */
  readonly webhook: { readonly rate: number; readonly concurrency?: number };
  readonly apps: readonly AppConfig[];
  /** How each of their stages is built. */
  readonly builds: readonly StageBuild[];
  /** What CloudFormation's role may do in accounts of which seedbed.yml says it. */
  readonly executions: readonly Execution[];
  /** Of apps for which the platform has a further stack its name, by app. */
  readonly furtherStacks: Readonly<Record<string, string>>;
  readonly notifications: readonly WebhookNotification[];
  readonly alarms: AlarmSettings;
  /** Name of the state table, if it is not the one that the stack made. */
  readonly stateTable?: string;
}

/**
 * Reads seedbed.yml, the only place that says where apps are deployed to.
 *
 * @param text content of the file; an empty one connects no app
 * @param platform where the platform lives; CDK tokens will do for what is not known at synthesis
 * @throws ReleaseError `ConfigInvalid` with all problems, each with line and key and how to mend it
 */
export function resolveConfig(text: string, platform: PlatformPlace): PlatformConfig {
  const value = parseYaml({ name: SEEDBED_YML, text }, 'none') ?? {};
  const { data: config, problems } = checkWritten(SeedbedYml, value, { expected: EXPECTED });
  if (config === undefined) throw invalid(text, problems);
  const broken = brokenRules(config, platform);
  if (broken.length > 0) throw invalid(text, broken);

  const { apiUrl, secret, webhookRate, webhookConcurrency } = config.github;
  const apps = Object.entries(config.apps).map(([app, input]) => resolveApp(app, input, { config, platform }));
  return {
    externalId: config.externalId,
    github: { apiUrl: apiUrl.replace(/(?<!\/)\/+$/, ''), secret },
    webhook: { rate: webhookRate, concurrency: webhookConcurrency },
    apps,
    builds: apps.flatMap((app) => resolveBuilds(app, { config, platform })),
    executions: Object.keys(config.targets).flatMap((name) => resolveExecution(config, name, platform)),
    furtherStacks: Object.fromEntries(
      Object.entries(config.apps).flatMap(([app, { stack }]) => (stack === undefined ? [] : [[app, stack]])),
    ),
    notifications: config.notifications,
    alarms: config.alarms,
    stateTable: config.stateTable,
  };
}

type Input = SeedbedYml['apps'][string];

interface Context {
  readonly config: SeedbedYml;
  readonly platform: PlatformPlace;
}

function resolveApp(
  app: string,
  { repository, stages, pullRequests, branchStages, skipMarks }: Input,
  { config, platform }: Context,
): AppConfig {
  return {
    app,
    repository: resolveRepository(repository),
    ...(repository.id !== undefined && { repositoryId: repository.id }),
    stages: Object.fromEntries(
      Object.entries(stages).map(
        ([name, { branches, tags, tagOrder, target, keepReleases, shift, build, ...guard }]) => [
          name,
          {
            branches,
            tags,
            ...(tagOrder !== undefined && { tagOrder }),
            target: resolveTarget(config, target, platform),
            ...(keepReleases !== undefined && { keepReleases }),
            shift: stageShiftOf(shift),
            ...stageGuard(stageShiftOf(shift), guard),
            ...(specialCompute(build) && { build: specialCompute(build) }),
          },
        ],
      ),
    ),
    ...(pullRequests && {
      pullRequests: { ...pullRequests, into: pullRequests.into ?? deployedBranches(stages) },
    }),
    branchStages,
    ...(skipMarks?.tags && { skipMarks }),
  };
}

/** A stage that demands anything of its shifts is one whose data counts. */
function stageGuard(
  { shift, mustBeGradual }: StageShift,
  { protect, adopt, replace, functions }: Pick<Input['stages'][string], 'protect' | 'adopt' | 'replace' | 'functions'>,
): Pick<StageConfig, 'guard'> {
  const hasFloor = mustBeGradual || shift.kind !== 'all-at-once';
  const guard = { protect: protect === undefined ? hasFloor : protect === 'stateful', adopt, replace };
  if (!guard.protect && [adopt, replace, functions].every(({ length }) => length === 0)) return {};
  return { guard: { ...guard, ...(functions.length > 0 && { functions }) } };
}

/** How each stage of an app is built. */
const resolveBuilds = ({ app, stages }: AppConfig, { config, platform }: Context): readonly StageBuild[] =>
  Object.entries(stages).map(([stage, { target }]) => {
    const { reads, policies, vpc, ...machine } = config.apps[app]!.stages[stage]!.build;
    const role = hasOurRoles(target, platform.account) ? buildRoleOf(target, { app, stage }) : undefined;
    return { app, stage, target, ...(role && { role }), reads, policies, machine, ...(vpc && { vpc }) };
  });

/** The default of `into` of pull requests: every branch that a configured stage deploys. */
const deployedBranches = (stages: Input['stages']): string[] => [
  ...new Set(Object.values(stages).flatMap(({ branches }) => branches)),
];

/** The schema makes sure that there is exactly one of the two. */
const resolveRepository = ({ codecommit, github }: Input['repository']): Repository =>
  github === undefined ? { provider: 'codecommit', name: codecommit! } : { provider: 'github', name: github };

/** Rules make sure that all targets of an account say the same. */
function resolveExecution(
  { targets }: Pick<SeedbedYml, 'targets'>,
  name: string,
  platform: PlatformPlace,
): readonly Execution[] {
  const { account = platform.account, executionPolicies: policies = [], permissionsBoundary } = targets[name]!;
  if (policies.length === 0 && permissionsBoundary === undefined) return [];
  return [
    {
      account,
      policies,
      ...(permissionsBoundary !== undefined && {
        permissionsBoundary: policyArn(permissionsBoundary, account, platform),
      }),
    },
  ];
}

/** @returns the ARN of a policy that is given by its name or its ARN */
const policyArn = (policy: string, account: string, { partition = 'aws' }: PlatformPlace): string =>
  policy.startsWith('arn:') ? policy : `arn:${partition}:iam::${account}:policy/${policy}`;

function resolveTarget({ externalId, targets }: SeedbedYml, name: string, platform: PlatformPlace): Target {
  const target = targets[name] ?? {};
  const account = target.account ?? platform.account;
  const ours = account === platform.account && target.executionRoleArn === undefined ? BOUNDARY_NAME : undefined;
  const boundary = target.permissionsBoundary ?? ours;
  const role = (roleName: string): string => `arn:${platform.partition ?? 'aws'}:iam::${account}:role/${roleName}`;
  return {
    account,
    region: target.region ?? platform.region,
    deployRoleArn: target.deployRoleArn ?? role(DEPLOY_ROLE_NAME),
    executionRoleArn: target.executionRoleArn ?? role(EXECUTION_ROLE_NAME),
    codeDeployRoleArn: target.codeDeployRoleArn ?? role(CODE_DEPLOY_ROLE_NAME),
    ...(boundary !== undefined && { permissionsBoundary: policyArn(boundary, account, platform) }),
    externalId,
  };
}

function invalid(text: string, problems: readonly ConfigProblem[]): ReleaseError {
  const lineOf = lineFinder(text);
  const lines = boundProblems(problems).map(({ place, message }) => `${SEEDBED_YML}${lineOf(place)}: ${message}`);
  return new ReleaseError('ConfigInvalid', [...new Set(lines)].join('\n'));
}
