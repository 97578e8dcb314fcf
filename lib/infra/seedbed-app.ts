import { Annotations, type App } from 'aws-cdk-lib';
import { platformSecrets } from '../config/platform-secrets';
import type { PlatformConfig } from '../config/resolve-config';
import { CODE_DEPLOY_ROLE_NAME, DEPLOY_ROLE_NAME, EXECUTION_ROLE_NAME, hasOurRoles } from '../core/contracts/release';
import { sharedAccounts } from '../core/trigger/shared-accounts';
import { AppsStack } from './apps-stack';
import { PlatformStack } from './platform-stack';
import { TargetStack } from './target-stack';

export interface SeedbedAppProps {
  readonly config: PlatformConfig;
  /** Account and region of the platform; CDK tokens will do. */
  readonly account: string;
  readonly region: string;
  /** Whether state outlives the stacks; false on the local cloud. */
  readonly keep: boolean;
}

/** Adds the platform to a CDK app, and what its own account grants it as a target. */
export function addSeedbed(
  app: App,
  { config, account, region, keep }: SeedbedAppProps,
): {
  readonly platform: PlatformStack;
  readonly apps: AppsStack;
  /** Further stacks of apps, by the names that seedbed.yml gives them. */
  readonly furtherApps: Readonly<Record<string, AppsStack>>;
  readonly target: TargetStack;
  /** Of accounts that are not the platform's, by account. */
  readonly otherTargets: Readonly<Record<string, TargetStack>>;
} {
  const env = { account, region };
  const platform = new PlatformStack(app, 'Seedbed', {
    description: 'Seedbed: deploys what is pushed',
    env,
    keep,
    apps: config.apps,
    gitHub: config.github,
    webhookLimits: config.webhook,
    webhooks: config.notifications,
    alarms: config.alarms,
    restoredTable: config.stateTable,
  });
  const appsIn = (id: string, stack?: string): AppsStack => {
    const isIn = (one: { readonly app: string }) => config.furtherStacks[one.app] === stack;
    return new AppsStack(app, id, {
      description: 'Seedbed: the connected apps, and where their stages are built',
      env,
      apps: config.apps.filter(isIn),
      builds: config.builds.filter(isIn),
      artifacts: platform.artifacts,
      buildLogs: platform.buildLogs,
    });
  };
  const apps = appsIn('SeedbedApps');
  const names = [...new Set(Object.values(config.furtherStacks))].sort();
  const furtherApps = Object.fromEntries(names.map((name) => [name, appsIn(`SeedbedApps-${name}`, name)]));
  // Projects and roles have names, so an app can move only after it has gone from where it was.
  for (const further of Object.values(furtherApps)) further.addStackDependency(apps);
  const grants = {
    description: 'Seedbed: what this account grants it as a target',
    platformStackName: platform.stackName,
    opsAccount: account,
    externalId: config.externalId,
    platformSecrets: platformSecrets(config),
    deployRoleName: DEPLOY_ROLE_NAME,
    executionRoleName: EXECUTION_ROLE_NAME,
    codeDeployRoleName: CODE_DEPLOY_ROLE_NAME,
  };
  const executionIn = (where: string) => {
    const found = config.executions.find(({ account }) => account === where);
    return { executionPolicies: found?.policies ?? [], rolesBoundary: found?.permissionsBoundary };
  };
  const buildsIn = (where: string) => config.builds.filter(({ target }) => target.account === where);
  const target = new TargetStack(app, 'SeedbedTarget', {
    ...grants,
    ...executionIn(account),
    env,
    builds: buildsIn(account),
    artifacts: platform.artifacts,
  });
  // Releases tell stacks of the boundary as soon as the apps' parameters name it: it has to be there by then.
  apps.addStackDependency(target);
  const others = otherAccounts(config, account).map(
    (other) =>
      [
        other,
        new TargetStack(app, `SeedbedTarget-${other}`, {
          ...grants,
          ...executionIn(other),
          env: { account: other, region },
          builds: buildsIn(other),
        }),
      ] as const,
  );
  for (const { rule, message, fix } of sharedAccounts(config.apps, account))
    Annotations.of(platform).addWarningV2(
      `seedbed:shared-account:${rule}`,
      `seedbed.yml: "${rule}": ${message}; ${fix}`,
    );
  return { platform, apps, furtherApps, target, otherTargets: Object.fromEntries(others) };
}

/** @returns the other accounts that stages live in, but for those where the owner has made a deploy role himself. */
function otherAccounts({ apps }: PlatformConfig, own: string): readonly string[] {
  const targets = apps.flatMap(({ stages }) => Object.values(stages).map(({ target }) => target));
  const ours = targets.filter((target) => target.account !== own && hasOurRoles(target, own));
  return [...new Set(ours.map(({ account }) => account))].sort();
}
