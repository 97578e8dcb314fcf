import { type Architecture, DEFAULT_ARCHITECTURE } from '../contracts/architecture';
import { machineInstead, type ProjectEnvironment } from '../contracts/build-machine';
import type { BuildQuota, MachineKind } from '../contracts/build-quota';
import { type Finding, fail, ok, warn } from '../contracts/diagnosis';
import { nameSome } from '../text/name-some';

/** How the names of quotas have what CodeBuild's API calls the types of environments. */
const PLATFORMS: Readonly<Record<string, string>> = {
  LINUX_CONTAINER: 'Linux',
  ARM_CONTAINER: 'ARM',
  LINUX_LAMBDA_CONTAINER: 'Linux Lambda',
  ARM_LAMBDA_CONTAINER: 'ARM Lambda',
};
const SIZES: Readonly<Record<string, string>> = { SMALL: 'Small', MEDIUM: 'Medium', LARGE: 'Large' };

/** What is known of where an app is built. */
export interface BuildReadings {
  /** By stage; one that is not in it has no project. */
  readonly machines: ReadonlyMap<string, ProjectEnvironment>;
  /** Those of the services that are deployed, by stage: their builds run there. */
  readonly architectures: ReadonlyMap<string, readonly Architecture[]>;
  /** CodeBuild's; undefined if they may not be seen. */
  readonly quotas: readonly BuildQuota[] | undefined;
}

/**
 * @param stages the app's configured stages
 * @returns for each kind of machine whether its builds can run, and whether more than one at a time can
 */
export function diagnoseBuilds(
  stages: readonly string[],
  { machines, architectures, quotas }: BuildReadings,
): readonly Finding[] {
  const builtOn = new Map<string, string[]>();
  const followed = new Map<string, string[]>();
  const note = (where: Map<string, string[]>, kind: MachineKind, stage: string) =>
    where.set(nameOf(kind), [...(where.get(nameOf(kind)) ?? []), stage]);
  const lost: string[] = [];
  for (const stage of stages) {
    const machine = machines.get(stage);
    if (!machine) lost.push(stage);
    else note(builtOn, machine, stage);
    for (const architecture of new Set(machine && architectures.get(stage))) {
      const instead = architecture === DEFAULT_ARCHITECTURE ? undefined : machineInstead(machine!, architecture);
      if (instead) note(followed, instead, stage);
    }
  }
  return [
    ...(lost.length > 0
      ? [fail('builds', `CodeBuild has no project for ${named(lost)}`, 'make it with: npx cdk deploy --all')]
      : []),
    ...[...builtOn].map(([machine, itsStages]) => judge(machine, itsStages, quotas)),
    ...[...followed].flatMap(([machine, itsStages]) => judgeFollowed(machine, itsStages, quotas)),
  ];
}

/**
 * Builds that follow the functions run on the stage's own machine where the account has no other, so that a quota that
 * is 0 or not known keeps nothing from being released.
 */
function judgeFollowed(
  machine: string,
  stages: readonly string[],
  quotas: readonly BuildQuota[] | undefined,
): readonly Finding[] {
  const quota = quotas?.find(({ name }) => name === quotaName(machine));
  if (!quota) return [];
  if (quota.value > 0) return [judge(machine, stages, quotas)];
  const message =
    `the account may run no build on ${machine}, which functions of ${named(stages)} have: they are built on the ` +
    "stage's machine, and native code is refused";
  return [warn('builds', message, raise(quota))];
}

function judge(machine: string, stages: readonly string[], quotas: readonly BuildQuota[] | undefined): Finding {
  const name = quotaName(machine);
  const quota = quotas?.find((one) => one.name === name);
  const on = `on ${machine} (${named(stages)})`;
  if (!quota) {
    const why = quotas ? `Service Quotas gives no value of "${name}"` : 'the platform may not read Service Quotas';
    const fix = 'look it up in the console of Service Quotas, under AWS CodeBuild: with 0, no build starts';
    return warn('builds', `how many builds run at once ${on} is not known: ${why}`, fix);
  }
  if (quota.value === 0 && / Lambda\//.test(machine)) {
    return warn('builds', `the account may run no build ${on}: builds run on EC2 instead, and say so`, raise(quota));
  }
  if (quota.value === 0) {
    const fix =
      `${raise(quota)}, which takes AWS hours to days; or give the stage another "build.compute" or ` +
      '"build.architecture" in seedbed.yml, and deploy the platform';
    return fail('builds', `the account may run no build ${on}: releases fail at their first build`, fix);
  }
  if (quota.value === 1) {
    return warn('builds', `the account may run one build at a time ${on}: services wait for each other`, raise(quota));
  }
  return ok('builds', `the account may run ${quota.value} builds at once ${on}`);
}

/** @returns a machine as the names of quotas have it, such as `Linux/Medium` or `ARM Lambda/4GB` */
function nameOf({ type, computeType }: MachineKind): string {
  const size = computeType.replace(/^BUILD_(GENERAL1|LAMBDA)_/, '');
  return `${PLATFORMS[type] ?? type}/${SIZES[size] ?? size}`;
}

/** China has one quota for all: https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html */
const quotaName = (machine: string): string => `Concurrently running builds for ${machine} environment`;

const raise = ({ code }: BuildQuota): string =>
  'ask for more with: aws service-quotas request-service-quota-increase --service-code codebuild ' +
  `--quota-code ${code} --desired-value 20`;

const named = (stages: readonly string[]): string =>
  stages.length === 1 ? `stage ${stages[0]}` : `stages ${nameSome(stages)}`;
