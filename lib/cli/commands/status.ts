import type { Command } from 'commander';
import type { ReleaseRecord } from '../../core/contracts/state';
import { mapBounded } from '../../core/map-bounded';
import { describeHold, heldServices } from '../../core/plan/holds';
import { boundText } from '../../core/text/bound-text';
import { type ChosenStage, chooseApps, chooseStage } from '../ask/choose-stage';
import type { Platform } from '../platform/connect-platform';
import {
  checkPlatformOptions,
  choiceWorld,
  type PlatformOptions,
  platformOptions,
  printJson,
  printLines,
} from '../platform/platform-options';
import { realWorld, type World } from '../platform/world';
import { cleanDeep } from '../show/clean-text';
import {
  describeAgo,
  describeBy,
  describeOrigin,
  describeSubject,
  describeTook,
  paintStatus,
  shortId,
} from '../show/describe-release';
import { describeStorage } from '../show/describe-storage';
import { paintFor } from '../show/paint';
import { headedTable } from '../show/table';
import { columnsOf } from '../show/text-width';
import { unreadEntry } from '../show/unread-entry';
import { type LiveService, readServices, readStatus, readStatuses, type StageStatus } from './stage-status';

const HELP = `
Without --stage: all stages of the app, or of all apps, and how much of Lambda's code storage the targets use. With --stage: what is deployed in it, with versions and URLs.

The platform is the one that your AWS environment points at (AWS_REGION, credentials or AWS_PROFILE, AWS_ENDPOINT_URL),
or with --local the one on this machine.

Exit code: 0, 1 if the platform could not be reached, 2 the command was called wrongly.

Example:
  $ seedbed status
  $ seedbed status --app shop --stage prod
`;

/** Adds `seedbed status`: what runs, waits and is deployed. */
export function registerStatus(program: Command, world: World = realWorld()): void {
  const command = program.command('status');
  platformOptions(command.description('what is running, waiting and deployed, in all stages or in one'))
    .addHelpText('after', HELP)
    .action(async (options: PlatformOptions) => {
      checkPlatformOptions(options);
      const show = options.stage === undefined ? showAll : showOne;
      await world.open(options.local, (platform) => show(platform, options, world));
    });
}

/** Apps whose stages are read side by side. */
const APPS_AT_ONCE = 3;

async function showAll(platform: Platform, options: PlatformOptions, world: World): Promise<void> {
  const configs = await chooseApps(platform, options, choiceWorld(world));
  const all = await mapBounded(configs, APPS_AT_ONCE, (config) => readStatuses(platform, config));
  const statuses = cleanDeep(all.flat());
  if (options.json) return void printJson(world, statuses.map(stageReport));
  if (statuses.length === 0)
    return void printLines(world, ['no app is connected yet; add one to seedbed.yml with: npx seedbed app add']);
  const paint = paintFor(world.out);
  const rows = statuses.map((status) => [
    status.app,
    status.stage,
    nowIn(status),
    ...lastOf(status, world.now()),
    servicesOf(status),
    status.waiting ? shortId(status.waiting.release.id) : '',
  ]);
  const head = ['app', 'stage', 'status', 'release', 'what', 'by', 'when', 'took', 'services', 'waits'];
  const paintRow = (line: string, index: number) =>
    paintStatus(line, shown(statuses[index]!)?.status ?? 'waiting', paint);
  const table = headedTable(rows, { head, columns: columnsOf(world.out), paintHead: paint.bold, paintRow });
  printLines(world, [...table, ...(await describeStorages(platform, world))]);
}

/** How full the code storage of each target is: when it is full, Lambda takes no more code. */
async function describeStorages({ codeStorages }: Platform, world: World): Promise<string[]> {
  const all = cleanDeep(await codeStorages.list());
  if (all.length === 0) return [];
  return ['', ...all.map((storage) => describeStorage(storage, world.now()))];
}

/** The release that says how a stage stands. */
const shown = ({ running, waiting, last }: StageStatus): ReleaseRecord | undefined => running ?? last ?? waiting;

/** A release that cannot be read says nothing of how the stage stands, but may be newer than the one that does. */
function nowIn(status: StageStatus): string {
  const record = shown(status);
  const [newest] = status.unreadable;
  if (newest && !(record && newest.release.id < record.release.id)) return 'unreadable';
  return record?.status ?? 'never released';
}

function lastOf(status: StageStatus, now: number): string[] {
  const record = shown(status);
  if (!record) return ['', '', '', '', ''];
  const { release } = record;
  const when = describeAgo(record.finishedAt ?? release.requestedAt, now);
  return [shortId(release.id), describeSubject(release), describeBy(release), when, describeTook(record, now)];
}

function servicesOf({ services, notBegun, notInCommit }: StageStatus): string {
  const count = (status: string) => services.filter((one) => one.status === status).length;
  const parts = [
    `${count('deployed')} deployed`,
    count('failed') && `${count('failed')} failed`,
    count('deploying') && `${count('deploying')} deploying`,
    services.some(({ held }) => held) && `${services.filter(({ held }) => held).length} held`,
    notInCommit.length > 0 && `${notInCommit.length} not in the commit`,
    notBegun.length > 0 && `${notBegun.length} not begun`,
  ];
  return services.length + notBegun.length === 0 ? '' : parts.filter(Boolean).join(', ');
}

async function showOne(platform: Platform, options: PlatformOptions, world: World): Promise<void> {
  const chosen = await chooseStage(platform, options, choiceWorld(world));
  const status = {
    ...(await readStatus(platform, { app: chosen.config.app, stage: chosen.stage })),
    made: chosen.made,
  };
  const services = cleanDeep(await readServices(platform, status));
  if (options.json)
    return void printJson(world, { ...stageReport(cleanDeep(status)), services: services.map(serviceReport) });
  const { notBegun, notInCommit } = cleanDeep(status);
  printLines(world, [
    ...describeStage(chosen, cleanDeep(status), world),
    ...describeServices({ services, notBegun, notInCommit }, world),
  ]);
}

/** In characters; the services that failed are in the table below. */
const LONGEST_REASON = 1_000;

function describeStage({ config, stage, made }: ChosenStage, status: StageStatus, world: World): string[] {
  const paint = paintFor(world.out);
  const { target, branches, tags } = config.stages[made?.template ?? stage]!;
  const from = made
    ? describeOrigin(made)
    : [...branches, ...tags.map((tag) => `tag ${tag}`)].join(', ') || 'by hand only';
  const line = (name: string, record: ReleaseRecord | undefined): string[] => {
    if (!record) return [];
    const { release, finishedAt, error } = record;
    const when = describeAgo(finishedAt ?? release.requestedAt, world.now());
    const text = `${release.id}  ${record.status}  ${describeSubject(release)}, by ${describeBy(release)}, ${when}`;
    return [
      paintStatus(`  ${name.padEnd(9)}${text}`, record.status, paint),
      ...(error ? [`           ${boundText(error.message, LONGEST_REASON)}`] : []),
    ];
  };
  return [
    `${paint.bold(`${config.app} → ${stage}`)}  account ${target.account}, ${target.region}`,
    `  ${'of'.padEnd(9)}${from}`,
    ...line('running', status.running),
    ...line('waiting', status.waiting),
    ...line('last', status.last),
    ...status.unreadable.map(({ release, why }) => `  ${'unread'.padEnd(9)}${release.id}  ${why}`),
    ...status.services.flatMap(({ path, unreadable }) =>
      unreadable ? [`  ${'unread'.padEnd(9)}${path}  ${unreadable}`] : [],
    ),
  ];
}

function describeServices(
  {
    services,
    notBegun,
    notInCommit,
  }: Pick<StageStatus, 'notBegun' | 'notInCommit'> & {
    readonly services: readonly LiveService[];
  },
  { out }: World,
): string[] {
  if (services.length + notBegun.length === 0) return ['  nothing is deployed'];
  const paint = paintFor(out);
  const having = (wanted: LiveService['status']) => services.filter(({ status }) => status === wanted);
  const rowsOf = (some: readonly LiveService[]) =>
    some.map(({ path, status, commit, releaseId, record }) => ({
      status,
      cells: [
        path,
        status,
        commit?.slice(0, 7) ?? '',
        shortId(releaseId),
        (record?.functions ?? []).map(({ logicalId, version }) => `${logicalId}:${version}`).join(' '),
      ],
    }));
  const others = notBegun.map(({ path, releaseId }) => ({
    status: 'waiting' as const,
    cells: [path, 'not begun', '', shortId(releaseId), ''],
  }));
  // What failed comes first.
  const rows = [...rowsOf(having('failed')), ...rowsOf(having('deploying')), ...others, ...rowsOf(having('deployed'))];
  const head = ['service', 'status', 'commit', 'release', 'functions:versions'];
  const paintRow = (line: string, index: number) => paintStatus(line, rows[index]!.status, paint);
  const urls = services.flatMap((service) => urlsOf(service).map(([name, url]) => `${service.path}  ${name}  ${url}`));
  const cells = rows.map((row) => row.cells);
  const table = headedTable(cells, { head, columns: columnsOf(out), paintHead: paint.bold, paintRow });
  const held = heldServices(services).map(({ path, hold }) => `${path}  ${describeHold(hold)}`);
  return [
    '',
    ...table,
    ...(notInCommit.length > 0 ? ['', ...notInCommit.map((path) => paint.yellow(`${path}  ${GONE}`))] : []),
    ...(held.length > 0 ? ['', ...held.map((line) => paint.yellow(line)), RELEASED_BY] : []),
    ...(urls.length > 0 ? ['', ...urls] : []),
  ];
}

const GONE = 'deployed, not in the commit that was released last; it stays until the stage is removed';
const RELEASED_BY =
  'What is held stays as it is until a push touches it, or "seedbed stage resume" or "seedbed deploy" releases it.';

/** What of a stack's outputs one can open. */
const urlsOf = ({ outputs, record }: LiveService): [string, string][] =>
  Object.entries(outputs ?? record?.outputs ?? {}).filter(([, value]) => /^https?:\/\//.test(value));

const releaseEntry = (record: ReleaseRecord | undefined) =>
  record && {
    releaseId: record.release.id,
    status: record.status,
    commit: record.release.commit,
    branch: record.release.branch,
    tag: record.release.tag,
    requestedAt: record.release.requestedAt,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    error: record.error,
  };

/** What `--json` prints of a stage. */
const stageReport = ({
  app,
  stage,
  made,
  running,
  waiting,
  last,
  unreadable,
  services,
  notBegun,
  notInCommit,
}: StageStatus) => ({
  app,
  stage,
  template: made?.template,
  origin: made?.origin,
  running: releaseEntry(running),
  waiting: releaseEntry(waiting),
  last: releaseEntry(last),
  unreadable: unreadable.map(unreadEntry),
  services: services.map(({ path, status, commit, releaseId, held, unreadable }) => ({
    path,
    status,
    commit,
    releaseId,
    held,
    unreadable,
  })),
  notBegun,
  notInCommit,
});

const serviceReport = ({
  path,
  status,
  held,
  commit,
  releaseId,
  stackName,
  outputs,
  record,
  unreadable,
}: LiveService) => ({
  path,
  status,
  held,
  unreadable,
  commit,
  releaseId,
  stackName,
  outputs: outputs ?? record?.outputs ?? {},
  functions: record?.functions ?? [],
  error: record?.error,
});
