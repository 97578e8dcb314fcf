import type { Command } from 'commander';
import { CANCELLED } from '../../core/record/step-error';
import { chooseStage } from '../ask/choose-stage';
import type { Platform } from '../platform/connect-platform';
import { pickRelease } from '../platform/pick-release';
import {
  checkPlatformOptions,
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

/** `seedbed cancel`, as commander parses it. */
interface CancelOptions extends PlatformOptions {
  readonly follow: boolean;
}

const HELP = `
Without RELEASE the one that runs in the stage is cancelled, or else the one that waits. A release that waits ends at once.
One that runs is stopped wherever it is: builds are stopped, CloudFormation gives its update up, CodeDeploy takes traffic
back, aliases and code are put back. What is left of each service is told at the end. The next release is not held up.
${PLATFORM_HELP}
Exit code: 0 it is cancelled, 1 there was nothing to cancel or it had ended by itself, 2 the command was called wrongly,
130 you stopped watching.

Example:
  $ seedbed cancel --app shop --stage dev
  $ seedbed cancel --stage dev 01JABCDE
`;

/** Adds `seedbed cancel`: stops what runs or waits in a stage. */
export function registerCancel(program: Command, world: World = realWorld()): void {
  const command = program
    .command('cancel')
    .description('stop the release that runs or waits in a stage, and undo what it began')
    .argument('[release]', 'its id, or at least six characters of its beginning or end');
  platformOptions(command)
    .option('--no-follow', 'do not wait until everything is undone')
    .addHelpText('after', HELP)
    .action(async (release: string | undefined, options: CancelOptions) => {
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => cancel(platform, { ...options, release }, world));
    });
}

async function cancel(
  platform: Platform,
  options: CancelOptions & { readonly release?: string },
  world: World,
): Promise<void> {
  const { config, stage } = await chooseStage(platform, options, choiceWorld(world));
  const { app } = config;
  const named =
    options.release === undefined ? undefined : await pickRelease(platform.releases, { app, stage }, options.release);
  const input = { app, stage, releaseId: named?.release.id, by: world.user };
  const { releaseId, was } = await platform.canceller.cancel(input);
  const key = { app, stage, id: releaseId };
  if (!options.follow) {
    if (options.json) printJson(world, { releaseId, was });
    else
      printLines(world, [
        `release ${releaseId}, which ${was === 'running' ? 'ran, is being undone' : 'waited, is cancelled'}`,
      ]);
    return;
  }
  const { error } = await showToEnd(platform, key, { options, world, more: { was } });
  if (error?.code !== CANCELLED) throw new ToldFailure(EXIT.failed);
}
