import type { Command } from 'commander';
import type { ReleaseRecord } from '../../core/contracts/state';
import { chooseStage } from '../ask/choose-stage';
import type { Platform } from '../platform/connect-platform';
import { pickRelease } from '../platform/pick-release';
import {
  checkPlatformOptions,
  choiceWorld,
  PLATFORM_HELP,
  type PlatformOptions,
  platformOptions,
} from '../platform/platform-options';
import { EXIT, ToldFailure } from '../platform/run-command';
import { realWorld, type World } from '../platform/world';
import { hasEnded } from '../show/follow-release';
import { type Paint, paintFor } from '../show/paint';
import { type LogEntry, releaseLog } from '../show/release-log';
import { padToWidth, textWidth } from '../show/text-width';

/** `seedbed logs`, as commander parses it. */
interface LogsOptions extends PlatformOptions {
  readonly follow?: true;
  readonly release?: string;
}

const INTERVAL = 1_000;
const HELP = `
Everything a release did, by time: its plan, the steps of its services, the output of their builds and hooks, events of
stacks, shifts of traffic, errors. Without RELEASE: the newest one. Events of a stack arrive in groups, up to a minute
late; if an operation fails, its error says what failed first. With --json each line is a JSON object:
{ at, source, service, task, text }.
${PLATFORM_HELP}
Exit code: 0; with --follow 1 if the release did not succeed; 1 if there is none; 2 the command was called wrongly.

Example:
  $ seedbed logs --stage dev --follow
  $ seedbed logs --app shop --stage prod 01JABCDE
`;

/** Adds `seedbed logs`: what a release did and does, in one stream. */
export function registerLogs(program: Command, world: World = realWorld()): void {
  const command = program
    .command('logs')
    .description('everything a release did, in one stream')
    .argument('[release]', 'its id, or at least six characters of its beginning or end');
  platformOptions(command)
    .option('-f, --follow', 'keep going until it has ended')
    .addHelpText('after', HELP)
    .action(async (release: string | undefined, options: LogsOptions) => {
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => show(platform, { ...options, release }, world));
    });
}

async function show(platform: Platform, options: LogsOptions, world: World): Promise<void> {
  const { config, stage } = await chooseStage(platform, options, choiceWorld(world));
  const { release } = await pickRelease(platform.releases, { app: config.app, stage }, options.release);
  const log = releaseLog(platform, release);
  const line = options.json ? (one: LogEntry) => JSON.stringify(one) : lineRenderer(paintFor(world.out));
  const tell = async (): Promise<ReleaseRecord> => {
    const { entries, record } = await log.next();
    if (entries.length > 0) world.out.write(`${entries.map(line).join('\n')}\n`);
    return record;
  };
  let record = await tell();
  if (!options.follow) return;
  for (let isLast = hasEnded(record); !isLast; ) {
    // Once more after the end: the last lines of a log come a moment later.
    isLast = hasEnded(record);
    await world.sleep(INTERVAL);
    record = await tell();
  }
  if (record.status !== 'succeeded') throw new ToldFailure(EXIT.failed);
}

/** Keeps columns: the widest name so far sets them. */
function lineRenderer(paint: Paint): (one: LogEntry) => string {
  let width = 'release'.length;
  return ({ at, source, service, task, text }) => {
    const name = service === undefined ? 'release' : `${service} ${source === 'build' ? nameOf(task) : source}`;
    width = Math.max(width, textWidth(name));
    const colour = source === 'error' ? paint.red : source === 'build' ? paint.dim : paint.cyan;
    return `${paint.dim(new Date(at).toISOString().slice(11, 19))} ${colour(padToWidth(name, width))}  ${text}`;
  };
}

const nameOf = (task: LogEntry['task']): string => (task === undefined || task === 'package' ? 'build' : task);
