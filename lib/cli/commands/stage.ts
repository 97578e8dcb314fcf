import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { AppConfig } from '../../core/contracts/app-config';
import { mapBounded } from '../../core/map-bounded';
import { findOrphans, type Orphan } from '../../core/trigger/orphans';
import { chooseApps, chooseStage } from '../ask/choose-stage';
import type { Platform } from '../platform/connect-platform';
import {
  checkPlatformOptions,
  choiceWorld,
  PLATFORM_HELP,
  type PlatformOptions,
  platformOptions,
  printJson,
  printLines,
} from '../platform/platform-options';
import { checkName, EXIT, ToldFailure, UsageError } from '../platform/run-command';
import { realWorld, type World } from '../platform/world';
import { cleanDeep } from '../show/clean-text';
import { describeAgo, describeOrigin, describeSubject, shortId } from '../show/describe-release';
import { paintFor } from '../show/paint';
import { showToEnd } from '../show/show-to-end';
import { headedTable } from '../show/table';
import { columnsOf } from '../show/text-width';
import { registerHolds } from './stage-hold';
import { readStatuses, type StageStatus } from './stage-status';

/** `seedbed stage rm`, as commander parses it. */
interface RemoveOptions extends PlatformOptions {
  readonly yes?: true;
  readonly emptyBuckets?: true;
  readonly follow: boolean;
}

const LIST_HELP = `
The stages of seedbed.yml, and those made for pull requests and branches. A stage that still exists although nothing
deploys to it any more is an orphan, and is listed with the reason. The repository is not asked whether the pull request
is still open or the branch still exists: the platform's own sweep does that.
${PLATFORM_HELP}
Exit code: 0, 1 if the platform could not be reached, 2 the command was called wrongly.

Example:
  $ seedbed stage list --app shop
`;
const RM_HELP = `
Deletes all stacks of the stage's services, in reverse order of their phases, and keeps the history of its releases.
Buckets that hold objects can only be deleted with --empty-buckets. You can release to a stage of seedbed.yml again
later. You are asked to type the stage's name, unless you give --yes.
${PLATFORM_HELP}
Exit code: 0 the stage is removed (with --no-follow: the removal was accepted), 1 something is left, 2 the command was
called wrongly or not confirmed, 130 you stopped watching.

Example:
  $ seedbed stage rm pr-12 --app shop --empty-buckets
`;

/** Adds `seedbed stage` and its commands. */
export function registerStage(program: Command, world: World = realWorld()): void {
  const stage = program.command('stage').description('the stages of an app');
  platformOptions(stage.command('list').description('all stages, where they come from, and orphans'), { stage: false })
    .addHelpText('after', LIST_HELP)
    .action(async (options: PlatformOptions) => {
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => list(platform, options, world));
    });
  platformOptions(
    stage.command('rm').description('delete everything that is deployed in a stage').argument('<stage>', 'its name'),
    { stage: false },
  )
    .option('--empty-buckets', 'empty the buckets of its stacks first, old versions included')
    .option('--yes', 'do not ask')
    .option('--no-follow', 'do not wait for the removal to end')
    .addHelpText('after', RM_HELP)
    .action(async (name: string, options: RemoveOptions) => {
      checkName('STAGE', name);
      checkPlatformOptions(options);
      await world.open(options.local, (platform) => remove(platform, { ...options, stage: name }, world));
    });
  registerHolds(stage, world);
}

/** Apps whose stages are read side by side. */
const APPS_AT_ONCE = 3;

type Listed = StageStatus & { readonly orphan?: Orphan };

async function list(platform: Platform, options: PlatformOptions, world: World): Promise<void> {
  const configs = await chooseApps(platform, options, choiceWorld(world));
  const all = await mapBounded(configs, APPS_AT_ONCE, (config) => listOf(platform, config, world.now()));
  const stages = cleanDeep(all.flat());
  if (options.json) return void printJson(world, stages.map(entryOf));
  const rows = stages.map((one) => [
    one.app,
    one.stage,
    originOf(one),
    ...lastOf(one, world.now()),
    one.services.length > 0 ? String(one.services.length) : '',
    one.orphan ? `orphan: ${one.orphan.reason.message}` : '',
  ]);
  const paint = paintFor(world.out);
  const head = ['app', 'stage', 'of', 'last release', 'when', 'services', ''];
  const paintRow = (line: string, index: number) => (stages[index]!.orphan ? paint.yellow(line) : line);
  printLines(world, headedTable(rows, { head, columns: columnsOf(world.out), paintHead: paint.bold, paintRow }));
}

async function listOf(platform: Platform, config: AppConfig, now: number): Promise<readonly Listed[]> {
  const statuses = await readStatuses(platform, config);
  const newest = statuses.flatMap(({ stage, running, waiting, last }) => {
    const record = waiting ?? running ?? last;
    return record ? [[stage, record] as const] : [];
  });
  const orphans = findOrphans({
    config,
    made: statuses.flatMap(({ made }) => made ?? []),
    states: new Map(statuses.map(({ stage, services }) => [stage, services])),
    newest: new Map(newest),
    now,
  });
  return statuses.map((status) => ({ ...status, orphan: orphans.find(({ stage }) => stage === status.stage) }));
}

const originOf = ({ made }: StageStatus): string => (made ? describeOrigin(made) : 'seedbed.yml');

function lastOf({ running, last }: StageStatus, now: number): string[] {
  const record = running ?? last;
  if (!record) return ['', ''];
  const { release, status } = record;
  return [`${shortId(release.id)} ${status} ${describeSubject(release)}`, describeAgo(release.requestedAt, now)];
}

/** What `--json` prints of a stage. */
const entryOf = ({ app, stage, made, running, waiting, last, services, orphan }: Listed) => ({
  app,
  stage,
  template: made?.template,
  origin: made?.origin,
  madeAt: made?.madeAt,
  removeAskedAt: made?.removeAskedAt,
  running: running?.release.id,
  waiting: waiting?.release.id,
  last: last && { releaseId: last.release.id, status: last.status, finishedAt: last.finishedAt },
  services: services.map(({ path, status }) => ({ path, status })),
  orphan: orphan?.reason,
});

async function remove(platform: Platform, options: RemoveOptions, world: World): Promise<void> {
  const { config, stage } = await chooseStage(platform, options, choiceWorld(world));
  const { app } = config;
  const services = await platform.serviceStates.list({ app, stage });
  await confirm(stage, { ...options, app, services: services.map(({ path }) => path) }, world);
  const started = await platform.workers.removeStage({
    app,
    stage,
    emptyBuckets: options.emptyBuckets,
    requestId: randomUUID(),
  });
  const key = { app, stage, id: started.releaseId };
  if (!options.follow) {
    if (options.json) printJson(world, started);
    else printLines(world, [`removal ${started.releaseId} of "${app}" from "${stage}": ${started.status}`]);
    return;
  }
  const { status } = await showToEnd(platform, key, { options, world });
  if (status !== 'succeeded') throw new ToldFailure(EXIT.failed);
}

interface ToRemove extends RemoveOptions {
  readonly app: string;
  readonly services: readonly string[];
}

async function confirm(
  stage: string,
  { app, services, yes, emptyBuckets }: ToRemove,
  { ask, err }: World,
): Promise<void> {
  if (yes) return;
  if (!ask) {
    throw new UsageError(`there is no terminal to confirm the removal of stage "${stage}" on; confirm it with --yes`);
  }
  const buckets = emptyBuckets ? ', with all objects of their buckets' : '';
  const what = `the stacks of ${services.length} services of "${app}" in "${stage}"${buckets}`;
  err.write(`This deletes ${what}: ${services.join(', ') || '(none)'}\n`);
  if ((await ask(`type the stage's name to remove it`)) === stage) return;
  throw new UsageError(`stage "${stage}" was not removed: that is not its name`);
}
