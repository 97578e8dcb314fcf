import type { Command } from 'commander';
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
import { hasEnded, lookAtRelease } from '../show/follow-release';
import { paintFor } from '../show/paint';
import { releaseReport } from '../show/release-report';
import { renderNews, renderStepChanges } from '../show/render-release';
import { showToEnd } from '../show/show-to-end';
import { columnsOf } from '../show/text-width';

/** `seedbed show`, as commander parses it. */
interface ShowOptions extends PlatformOptions {
  readonly follow?: true;
  readonly release?: string;
}

const HELP = `
Tells what a release was to do and why, and what became of each service, with warnings and errors; with --json also
functions, versions and outputs. Without RELEASE: the newest one. --follow goes on until it has ended, as "seedbed
deploy" does.
${PLATFORM_HELP}
Exit code: 0; with --follow 1 if the release did not succeed, 130 you stopped watching; 1 if there is none; 2 the
command was called wrongly.

Example:
  $ seedbed show --stage dev
  $ seedbed show --app shop --stage prod 01JABCDE
`;

/** Adds `seedbed show`: everything of one release. */
export function registerShow(program: Command, world: World = realWorld()): void {
  const command = program
    .command('show')
    .description('what one release did, or does')
    .argument('[release]', 'its id, or at least six characters of its beginning or end');
  platformOptions(command)
    .option('-f, --follow', 'keep going until it has ended')
    .addHelpText('after', HELP)
    .action(async (release: string | undefined, options: ShowOptions) => {
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => show(platform, { ...options, release }, world));
    });
}

async function show(platform: Platform, options: ShowOptions, world: World): Promise<void> {
  const { config, stage } = await chooseStage(platform, options, choiceWorld(world));
  const { release, ...picked } = await pickRelease(platform.releases, { app: config.app, stage }, options.release);
  const { app, commit, branch, tag, pullRequest, requestedAt } = release;
  const more = { app, stage, commit, branch, tag, pullRequest, requestedAt };
  if (options.follow && !hasEnded(picked)) {
    const { status } = await showToEnd(platform, release, { options, world, more });
    if (status !== 'succeeded') throw new ToldFailure(EXIT.failed);
    return;
  }
  const view = await lookAtRelease(platform, release);
  if (options.json) printJson(world, { ...releaseReport(view.record, view.services), ...more });
  const look = { paint: paintFor(world.out), width: columnsOf(world.out) };
  if (!options.json) printLines(world, [...renderNews(undefined, view, look), ...renderStepChanges(undefined, view)]);
  if (options.follow && view.record.status !== 'succeeded') throw new ToldFailure(EXIT.failed);
}
