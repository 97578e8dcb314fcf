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
Without RELEASE, cancels the release that is running in the stage, or else the one that is waiting. A waiting release
ends at once. A running one is stopped wherever it is: builds are stopped, CloudFormation cancels its update, CodeDeploy
moves traffic back, and aliases and code are put back. At the end you see how each service was left. The next release is
not held up.
${PLATFORM_HELP}
Exit code: 0 the release is cancelled, 1 there was nothing to cancel or it had already ended, 2 the command was called
wrongly, 130 you stopped watching.

Example:
  $ seedbed cancel --app shop --stage dev
  $ seedbed cancel --stage dev 01JABCDE
`;

/** Adds `seedbed cancel`: stops what runs or waits in a stage. */
export function registerCancel(program: Command, world: World = realWorld()): void {
  const command = program
    .command('cancel')
    .description('stop the release that is running or waiting in a stage, and undo what it has done')
    .argument('[release]', 'its id, or at least six characters of its beginning or end');
  platformOptions(command)
    .option('--no-follow', 'do not wait until everything is undone')
    .addHelpText('after', HELP)
    .action(async (release: string | undefined, options: CancelOptions) => {
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => cancel(platform, { ...options, release }, world));
    });
}

/** What happens to a release, by what it did when it was cancelled. */
const CANCELLING = {
  running: 'was running and is being undone',
  waiting: 'was waiting and is cancelled',
} as const;

async function cancel(
  platform: Platform,
  options: CancelOptions & { readonly release?: string },
  world: World,
): Promise<void> {
  const { config, stage } = await chooseStage(platform, options, choiceWorld(world));
  const { app } = config;
  const named =
    options.release === undefined ? undefined : await pickRelease(platform.releases, { app, stage }, options.release);
  const input = { app, stage, releaseId: named?.release.id };
  const { releaseId, was } = await platform.workers.cancelRelease(input);
  const key = { app, stage, id: releaseId };
  if (!options.follow) {
    if (options.json) printJson(world, { releaseId, was });
    else printLines(world, [`release ${releaseId} ${CANCELLING[was]}`]);
    return;
  }
  const { error } = await showToEnd(platform, key, { options, world, more: { was } });
  if (error?.code !== CANCELLED) throw new ToldFailure(EXIT.failed);
}
