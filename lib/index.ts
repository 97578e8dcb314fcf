import { existsSync, readFileSync, statSync } from 'node:fs';
import { type App, Aws, type Stack } from 'aws-cdk-lib';
import { resolveConfig } from './config/resolve-config';
import { SEEDBED_YML } from './config/seedbed-yml';
import { ReleaseError } from './core/contracts/errors';
import { addSeedbed } from './infra/seedbed-app';

// All that is public of the npm package, and the promise of its version. Whatever else is in it may change.

/** What {@link Seedbed} is made of. */
export interface SeedbedProps {
  /**
   * Path of seedbed.yml, from the directory in which the CDK runs. The CDK's context `config` takes precedence: a local
   * cloud has a seedbed.yml of its own. Without both, seedbed.yml of that directory. Where there is none, the context
   * `empty=true` makes a platform without any app: deployed over one that has apps, it would take their builds away.
   */
  readonly config?: string;
}

/**
 * The platform: adds its stacks to a CDK app, in the account and region of the CDK's credentials. The app may have
 * other stacks, tags and aspects besides. Stack names and logical ids do not change from version to version.
 *
 * With the CDK's context `local=true`, nothing outlives its stack.
 *
 * @throws Error with what is wrong in seedbed.yml, line by line, and how to mend it
 */
export class Seedbed {
  /** `Seedbed`: state machines, workers, state table, artifact repository, webhook, dashboard. */
  readonly platform: Stack;
  /** `SeedbedApps`: what each connected app has of its own. */
  readonly apps: Stack;
  /** `SeedbedApps-<stack>`: the same of apps for which seedbed.yml names a further stack, by that name. */
  readonly furtherApps: Readonly<Record<string, Stack>>;
  /** `SeedbedTarget`: what the platform's own account grants it as a target. */
  readonly target: Stack;
  /** `SeedbedTarget-<account>`: the same of each other account that stages live in, by account. */
  readonly otherTargets: Readonly<Record<string, Stack>>;

  /** @param app the CDK app that the stacks are added to */
  constructor(app: App, { config: path }: SeedbedProps = {}) {
    const account = process.env.CDK_DEFAULT_ACCOUNT ?? Aws.ACCOUNT_ID;
    const region = process.env.CDK_DEFAULT_REGION ?? Aws.REGION;
    const config = withoutTrace(() => resolveConfig(readConfig(app, path), { account, region }));
    const keep = app.node.tryGetContext('local') !== 'true';
    const stacks = addSeedbed(app, { config, account, region, keep });
    this.platform = stacks.platform;
    this.apps = stacks.apps;
    this.furtherApps = stacks.furtherApps;
    this.target = stacks.target;
    this.otherTargets = stacks.otherTargets;
  }
}

/**
 * Whoever wrote seedbed.yml is to see what is wrong in it, and not where our code noticed: the CDK shows what the app
 * prints, and Node prints the trace of an error that ends it.
 */
function withoutTrace<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ReleaseError) error.stack = `${error.name}: ${error.message}`;
    throw error;
  }
}

/** @returns the text of seedbed.yml, or none if there may be none. */
function readConfig({ node }: App, given: string | undefined): string {
  const context: string | undefined = node.tryGetContext('config');
  const path = context ?? given;
  if (path === undefined && !existsSync(SEEDBED_YML)) {
    if (String(node.tryGetContext('empty')) === 'true') return '';
    throw new ReleaseError(
      'ConfigInvalid',
      `there is no ${SEEDBED_YML} in this directory; go where it is, write it with "npx seedbed init", or, for a platform ` +
        'without any app, give -c empty=true',
    );
  }
  const file = path ?? SEEDBED_YML;
  const named = context === undefined ? '`config`' : 'the context "config"';
  const whose = path === undefined ? '' : `, which ${named} names`;
  if (!existsSync(file))
    throw new ReleaseError('ConfigInvalid', `there is no file ${file}${whose}; write it, or name another one`);
  if (statSync(file).isDirectory())
    throw new ReleaseError('ConfigInvalid', `${file}${whose}${whose && ','} is a directory; name a file`);
  return readFileSync(file, 'utf8');
}
