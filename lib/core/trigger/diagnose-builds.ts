import type { BuildQuota, ProjectMachine } from '../contracts/build-quota';
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

/**
 * @param stages the app's configured stages
 * @param machines on what they are built; one that is not in it has no project
 * @param quotas CodeBuild's quotas; undefined if they may not be seen
 * @returns for each kind of machine whether its builds can run, and whether more than one at a time can
 */
export function diagnoseBuilds(
  stages: readonly string[],
  machines: ReadonlyMap<string, ProjectMachine>,
  quotas: readonly BuildQuota[] | undefined,
): readonly Finding[] {
  const builtOn = new Map<string, string[]>();
  const lost: string[] = [];
  for (const stage of stages) {
    const machine = machines.get(stage);
    if (!machine) lost.push(stage);
    else builtOn.set(nameOf(machine), [...(builtOn.get(nameOf(machine)) ?? []), stage]);
  }
  return [
    ...(lost.length > 0
      ? [fail('builds', `CodeBuild has no project for ${named(lost)}`, 'make it with: npx cdk deploy --all')]
      : []),
    ...[...builtOn].map(([machine, itsStages]) => judge(machine, itsStages, quotas)),
  ];
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
function nameOf({ type, computeType }: ProjectMachine): string {
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
