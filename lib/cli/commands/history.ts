import type { Command } from 'commander';
import type { IgnoredPush, ReleaseRecord } from '../../core/contracts/state';
import { isReadable, type ListedRelease } from '../../core/contracts/unreadable';
import { isPlannedHeld } from '../../core/plan/holds';
import { nameSome } from '../../core/text/name-some';
import { chooseApp, chooseStage } from '../ask/choose-stage';
import type { Platform } from '../platform/connect-platform';
import {
  checkCount,
  checkPlatformOptions,
  choiceWorld,
  PLATFORM_HELP,
  type PlatformOptions,
  platformOptions,
  printJson,
  printLines,
} from '../platform/platform-options';
import { realWorld, type World } from '../platform/world';
import { cleanDeep } from '../show/clean-text';
import { describeAgo, describeBy, describeSubject, describeTook, paintStatus, shortId } from '../show/describe-release';
import { paintFor } from '../show/paint';
import { headedTable } from '../show/table';
import { columnsOf } from '../show/text-width';
import { unreadEntry } from '../show/unread-entry';

/** `seedbed history`, as commander parses it. */
interface HistoryOptions extends PlatformOptions {
  readonly limit: string;
  readonly ignored?: true;
}

const MOST = 1000;
const HELP = `
With --ignored: the pushes that started no release, and why: those to the app's repository, and to repositories that no
app is connected to.
${PLATFORM_HELP}
Exit code: 0, 1 if the platform could not be reached, 2 the command was called wrongly.

Example:
  $ seedbed history --app shop --stage prod --limit 5
  $ seedbed history --app shop --ignored
`;

/** Adds `seedbed history`: the releases of a stage, or the pushes that made none. */
export function registerHistory(program: Command, world: World = realWorld()): void {
  const command = program
    .command('history')
    .description('the releases of a stage, newest first; or the pushes that were ignored');
  platformOptions(command)
    .option('--limit <count>', 'how many at most', '20')
    .option('--ignored', 'the pushes that started no release, and why')
    .addHelpText('after', HELP)
    .action(async (options: HistoryOptions) => {
      checkPlatformOptions(options);
      const limit = checkCount('--limit', options.limit, MOST);
      const show = options.ignored ? showIgnored : showReleases;
      await world.open(options.local, (platform) => show(platform, { ...options, limit }, world));
    });
}

type Wanted = PlatformOptions & { readonly limit: number };

async function showReleases(platform: Platform, options: Wanted, world: World): Promise<void> {
  const { config, stage } = await chooseStage(platform, options, choiceWorld(world));
  const records = cleanDeep(await platform.releases.latest({ app: config.app, stage }, options.limit));
  if (options.json) return void printJson(world, records.map(historyEntry));
  if (records.length === 0)
    return void printLines(world, [`nothing has been released to stage "${stage}" of "${config.app}" yet`]);
  const paint = paintFor(world.out);
  const rows = records.map((record) => [
    shortId(record.release.id),
    record.status,
    ...(isReadable(record) ? cellsOf(record, world.now()) : ['', '', '', '', '', record.why]),
  ]);
  const head = ['release', 'status', 'what', 'by', 'when', 'took', 'services', 'why'];
  const paintRow = (line: string, index: number) => paintStatus(line, records[index]!.status, paint);
  printLines(world, headedTable(rows, { head, columns: columnsOf(world.out), paintHead: paint.bold, paintRow }));
}

const cellsOf = (record: ReleaseRecord, now: number): readonly string[] => [
  describeSubject(record.release),
  describeBy(record.release),
  describeAgo(record.release.requestedAt, now),
  describeTook(record, now),
  describePlan(record),
  why(record),
];

/** What `--json` prints of one release. */
const historyEntry = (record: ListedRelease) => (isReadable(record) ? readEntry(record) : unreadEntry(record));

const readEntry = ({
  release,
  status,
  startedAt,
  finishedAt,
  plan,
  durations,
  buildTimes,
  error,
  supersededBy,
  cancel,
}: ReleaseRecord) => ({
  releaseId: release.id,
  status,
  commit: release.commit,
  branch: release.branch,
  tag: release.tag,
  pullRequest: release.pullRequest?.number,
  rollback: release.rollback,
  remove: release.remove,
  trigger: release.trigger.type,
  by: release.trigger.by,
  requestedAt: release.requestedAt,
  startedAt,
  finishedAt,
  durations,
  buildTimes,
  supersededBy,
  cancel,
  error,
  planned: plan?.phases.flat().map(({ path }) => path),
  skipped: plan?.skip.length,
  held: heldBy(plan),
});

function describePlan({ plan }: ReleaseRecord): string {
  if (!plan) return '';
  const planned = plan.phases.flat().length;
  return `${planned} of ${planned + plan.skip.length}`;
}

/** @returns the services that the plan left alone because they were held. */
const heldBy = (plan: ReleaseRecord['plan']): readonly string[] =>
  (plan?.skip ?? []).filter(isPlannedHeld).map(({ path }) => path);

function why({ error, supersededBy, plan }: ReleaseRecord): string {
  if (supersededBy !== undefined) return `by ${shortId(supersededBy)}`;
  const held = heldBy(plan);
  return error?.message.split('\n')[0] ?? (held.length > 0 ? `held: ${nameSome(held)}` : '');
}

async function showIgnored(platform: Platform, options: Wanted, world: World): Promise<void> {
  const { app } = await chooseApp(platform, options, choiceWorld(world));
  const [ofApp, ofNone] = await Promise.all([
    platform.releases.ignored(app, options.limit),
    platform.releases.ignored(undefined, options.limit),
  ]);
  const all: readonly IgnoredPush[] = cleanDeep(
    [...ofApp, ...ofNone].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, options.limit),
  );
  if (options.json) return void printJson(world, all);
  if (all.length === 0) return void printLines(world, ['no push was ignored']);
  const rows = all.map(({ at, repository, branch, reason }) => [
    describeAgo(at, world.now()),
    repository.name,
    branch,
    reason.message,
  ]);
  const head = ['when', 'repository', 'pushed', 'why'];
  printLines(world, headedTable(rows, { head, columns: columnsOf(world.out), paintHead: paintFor(world.out).bold }));
}
