import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { chooseRef, type RefOptions } from '../ask/choose-ref';
import { chooseStage } from '../ask/choose-stage';
import { whatFailed } from '../ask/what-failed';
import type { Platform } from '../platform/connect-platform';
import {
  checkPlatformOptions,
  checkService,
  choiceWorld,
  PLATFORM_HELP,
  type PlatformOptions,
  platformOptions,
  printJson,
  printLines,
} from '../platform/platform-options';
import { EXIT, ToldFailure, UsageError } from '../platform/run-command';
import { realWorld, type World } from '../platform/world';
import { showToEnd } from '../show/show-to-end';

/** `seedbed deploy`, as commander parses it. */
interface DeployOptions extends PlatformOptions, RefOptions {
  readonly service?: readonly string[];
  /** `true` means the newest release. */
  readonly failed?: string | true;
  readonly force?: true;
  readonly follow: boolean;
}

const HELP = `
Without --commit, --branch or --tag, releases the head of the branch that deploys to the stage, if there is only one.
Deploys what changed since the last release; --service limits that to the services you name, --force deploys in full
whatever changed. --failed releases the commit of a release again, and of its services those that failed or were not
come to. A hash may be cut to six digits or more in a clone, and where its commit was released. If a release is already
running in the stage, this one waits, and supersedes one that was waiting.
${PLATFORM_HELP}
Exit code: 0 the release succeeded (with --no-follow: was accepted), 1 it did not, 2 the command was called wrongly,
130 you stopped watching; the release goes on.

Example:
  $ seedbed deploy --stage dev
  $ seedbed deploy --app shop --stage prod --tag v1.2.0 --service services/orders
  $ seedbed deploy --stage prod --failed
`;

/** Adds `seedbed deploy`: a release by request. */
export function registerDeploy(program: Command, world: World = realWorld()): void {
  const command = program.command('deploy').description('release a commit, branch or tag to a stage');
  platformOptions(command)
    .option('--commit <hash>', 'this commit')
    .option('--branch <branch>', 'the head of this branch')
    .option('--tag <tag>', 'the commit of this tag')
    .option('--service <path...>', 'only these services, by their directories; "." is the root')
    .option('--failed [release]', 'again what failed in this release, by default in the newest')
    .option('--force', 'deploy in full, whatever changed')
    .option('--no-follow', 'do not wait for the release to end')
    .addHelpText('after', HELP)
    .action(async (options: DeployOptions) => {
      checkPlatformOptions(options);
      checkFailed(options);
      const service = options.service?.map(checkService);
      await world.open(options.local, (platform) => deploy(platform, { ...options, service }, world));
    });
}

async function deploy(platform: Platform, options: DeployOptions, world: World): Promise<void> {
  const { service, failed, force, json, follow } = options;
  const where = choiceWorld(world);
  const chosen = await chooseStage(platform, options, where);
  const [app, stage] = [chosen.config.app, chosen.stage];
  const started = await platform.workers.startRelease({
    app,
    stage,
    services: service && [...service],
    ...(failed === undefined
      ? await chooseRef(platform, options, chosen, where)
      : await whatFailed(platform, { app, stage }, failed === true ? undefined : failed)),
    force: force === true,
    requestId: randomUUID(),
  });
  const key = { app, stage, id: started.releaseId };
  if (!follow) {
    if (json) printJson(world, started);
    else printLines(world, [`release ${started.releaseId} of "${app}" to "${stage}": ${started.status}`]);
    return;
  }
  const { status } = await showToEnd(platform, key, { options, world });
  if (status !== 'succeeded') throw new ToldFailure(EXIT.failed);
}

function checkFailed({ failed, ...options }: DeployOptions): void {
  const other = (['commit', 'branch', 'tag', 'service'] as const).find((key) => options[key] !== undefined);
  if (failed === undefined || other === undefined) return;
  throw new UsageError(`--failed says what to release; leave --${other} out`);
}
