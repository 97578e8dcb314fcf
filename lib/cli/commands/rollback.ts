import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { StartRollbackOutput } from '../../core/contracts/payloads';
import type { StageKey } from '../../core/contracts/release';
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
import { paintFor } from '../show/paint';
import { renderPreview } from '../show/render-preview';
import { showToEnd } from '../show/show-to-end';

/** `seedbed rollback`, as commander parses it. */
interface RollbackOptions extends PlatformOptions {
  readonly service?: string;
  readonly to?: string;
  readonly dryRun?: true;
}

const EXAMPLE = `
Where only the code of functions differs, their aliases move back to the versions that served at that time, in seconds.
Otherwise the package stored at that time is deployed again. Nothing is built. A running release is stopped first; a
waiting one is superseded.

Without --to: if the newest release succeeded, goes back to the last good one before it; if it failed or is still
running, to what was there before it.
${PLATFORM_HELP}
Exit code: 0 the stage is rolled back, 1 it could not be, 2 the command was called wrongly.

Example:
  $ seedbed rollback --app shop --stage prod --dry-run
  $ seedbed rollback --app shop --stage prod
`;

/** Adds `seedbed rollback`: a stage returns to what an earlier release left. */
export function registerRollback(program: Command, world: World = realWorld()): void {
  const command = program
    .command('rollback')
    .description('return a stage to the state in which an earlier release left it');
  platformOptions(command)
    .option('--service <path>', 'only this service, by its directory; "." is the root')
    .option('--to <release>', 'release to return to: its id, or at least six characters of its beginning or end')
    .option('--dry-run', 'show what would be done, and do nothing')
    .addHelpText('after', EXAMPLE)
    .action(async (options: RollbackOptions) => {
      checkPlatformOptions(options);
      const service = options.service === undefined ? undefined : checkService(options.service);
      await world.open(options.local, (platform) => rollback(platform, { ...options, service }, world));
    });
}

async function rollback(platform: Platform, options: RollbackOptions, world: World): Promise<void> {
  const { service, to, dryRun, json } = options;
  const { config, stage } = await chooseStage(platform, options, choiceWorld(world));
  const { app } = config;
  const answer = await platform.workers.startRollback({
    app,
    stage,
    service,
    to,
    dryRun: dryRun === true,
    requestId: randomUUID(),
  });
  if (dryRun) return showPreview(answer, { app, stage }, { json, world });

  const key = { app, stage, id: answer.started!.releaseId };
  const { status } = await showToEnd(platform, key, { options, world, more: { rollback: answer.preview } });
  if (status !== 'succeeded') throw new ToldFailure(EXIT.failed);
}

function showPreview(
  { preview }: StartRollbackOutput,
  key: StageKey,
  { json, world }: { readonly json?: true; readonly world: World },
): void {
  if (json) printJson(world, preview);
  else printLines(world, renderPreview(preview, key, paintFor(world.out)));
  if (preview.services.some(({ problems }) => problems.length > 0)) throw new ToldFailure(EXIT.failed);
}
