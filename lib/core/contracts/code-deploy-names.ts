import { createHash } from 'node:crypto';
import { LIMITS } from './limits';
import type { Release } from './release';
import type { Shift } from './shift';
import type { HookMoment } from './started-shift';

/** For names of applications, groups and configurations. */
const LONGEST = LIMITS.codeDeployName.most;
const HASH = 10;

/** What the names of all the platform's CodeDeploy applications begin with. */
export const APPLICATION_PREFIX = 'seedbed-';

/**
 * Names of the platform's hook functions, one for each moment: what CodeDeploy sends does not say which moment it is,
 * and which function it called does. CodeDeploy's managed policies allow it to call functions named like this.
 */
export const HOOK_FUNCTIONS: Readonly<Record<HookMoment, string>> = {
  BeforeAllowTraffic: 'CodeDeployHook_SeedbedBeforeTraffic',
  AfterAllowTraffic: 'CodeDeployHook_SeedbedAfterTraffic',
};

/** Name of the target's table in which hooks leave what became of them. */
export const HOOKS_TABLE = 'seedbed-hooks';

/** @returns the CodeDeploy application of a service in a stage: at most 100 characters, different for every service. */
export function applicationName({ app, stage }: Pick<Release, 'app' | 'stage'>, service: string): string {
  const slug = service === '.' ? '_' : service.replace(/[^A-Za-z0-9._+=,@-]/g, '_');
  return fitted(`${APPLICATION_PREFIX}${app}-${stage}-${slug}`, `${app} ${stage} ${service}`);
}

/** @returns the deployment group of a function: at most 100 characters, different for every logical id. */
export const groupName = (logicalId: string): string =>
  logicalId.length <= LONGEST ? logicalId : fitted(logicalId, logicalId);

/** Two services may differ only in what a name cannot hold, or where it is cut: the hash tells them apart. */
function fitted(name: string, identity: string): string {
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, HASH);
  return `${name.slice(0, LONGEST - HASH - 1)}-${hash}`;
}

/** The nine configurations that every account has, by percent and minutes. */
const PREDEFINED: Readonly<Record<string, string>> = {
  'canary 10 5': 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
  'canary 10 10': 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
  'canary 10 15': 'CodeDeployDefault.LambdaCanary10Percent15Minutes',
  'canary 10 30': 'CodeDeployDefault.LambdaCanary10Percent30Minutes',
  'linear 10 1': 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
  'linear 10 2': 'CodeDeployDefault.LambdaLinear10PercentEvery2Minutes',
  'linear 10 3': 'CodeDeployDefault.LambdaLinear10PercentEvery3Minutes',
  'linear 10 10': 'CodeDeployDefault.LambdaLinear10PercentEvery10Minutes',
};

/** What the names of the platform's own configurations begin with. */
export const CONFIGURATION_PREFIX = 'Seedbed.';

/**
 * @returns the deployment configuration of a shift: CodeDeploy's own where there is one, else one of the platform's.
 */
export function configurationName(shift: Shift): string {
  if (shift.kind === 'all-at-once') return 'CodeDeployDefault.LambdaAllAtOnce';
  const { kind, percent, minutes } = shift;
  const every = kind === 'linear' ? 'Every' : '';
  const name = kind === 'canary' ? 'Canary' : 'Linear';
  const pace = `Lambda${name}${percent}Percent${every}${minutes}Minute${minutes === 1 ? '' : 's'}`;
  return PREDEFINED[`${kind} ${percent} ${minutes}`] ?? `${CONFIGURATION_PREFIX}${pace}`;
}
