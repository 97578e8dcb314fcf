import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { chooseRef, type RefOptions } from '../ask/choose-ref';
import { chooseStage } from '../ask/choose-stage';
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
import { EXIT, ToldFailure } from '../platform/run-command';
import { realWorld, type World } from '../platform/world';
import { showToEnd } from '../show/show-to-end';

/** `seedbed deploy`, as commander parses it. */
interface DeployOptions extends PlatformOptions, RefOptions {
  readonly service?: readonly string[];
  readonly force?: true;
  readonly follow: boolean;
}

const HELP = `
Without --commit, --branch or --tag, releases the head of the branch that deploys to the stage, if there is only one.
Deploys what changed since the last release; --service limits that to the services you name, --force deploys in full
whatever changed. If a release is already running in the stage, this one waits, and supersedes one that was waiting.
${PLATFORM_HELP}
Exit code: 0 the release succeeded (with --no-follow: was accepted), 1 it did not, 2 the command was called wrongly,
130 you stopped watching; the release goes on.

Example:
  $ seedbed deploy --stage dev
  $ seedbed deploy --app shop --stage prod --tag v1.2.0 --service services/orders
`;

/** Adds `seedbed deploy`: a release by request. */
export function registerDeploy(program: Command, world: World = realWorld()): void {
  const command = program.command('deploy').description('release a commit, branch or tag to a stage');
  platformOptions(command)
    .option('--commit <hash>', 'this commit')
    .option('--branch <branch>', 'the head of this branch')
    .option('--tag <tag>', 'the commit of this tag')
    .option('--service <path...>', 'only these services, by their directories; "." is the root')
    .option('--force', 'deploy in full, whatever changed')
    .option('--no-follow', 'do not wait for the release to end')
    .addHelpText('after', HELP)
    .action(async (options: DeployOptions) => {
      checkPlatformOptions(options);
      const service = options.service?.map(checkService);
      await world.open(options.local, (platform) => deploy(platform, { ...options, service }, world));
    });
}

async function deploy(platform: Platform, options: DeployOptions, world: World): Promise<void> {
  const { service: services, force, json, follow } = options;
  const where = choiceWorld(world);
  const chosen = await chooseStage(platform, options, where);
  const [app, stage] = [chosen.config.app, chosen.stage];
  const started = await platform.workers.startRelease({
    app,
    stage,
    ...chooseRef(options, chosen, where.tell),
    services: services && [...services],
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
