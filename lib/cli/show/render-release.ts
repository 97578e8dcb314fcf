import { BUILD_PARTS, type BuildTimes } from '../../core/contracts/build-times';
import { OPERATIONS } from '../../core/contracts/operations';
import type { Reason } from '../../core/contracts/reasons';
import type { Durations, PlannedService, ReleaseRecord, ServiceRecord } from '../../core/contracts/state';
import { STEPS } from '../../core/contracts/steps';
import { isPlannedHeld } from '../../core/plan/holds';
import { isGoneFromCommit } from '../../core/plan/not-in-commit';
import { didNotRun } from '../../core/record/release-outcome';
import { failedFirst } from '../../core/record/service-outcomes';
import { nameSome } from '../../core/text/name-some';
import { renderSeconds } from '../../core/text/seconds';
import { describeCaller } from './describe-release';
import { hasEnded, type ReleaseView } from './follow-release';
import { type Paint, PLAIN } from './paint';
import { renderShifts } from './render-shifts';
import { type ServiceProgress, shownDurations, stepTimes } from './service-progress';
import { fitEndToWidth, fitToWidth, padToWidth, textWidth } from './text-width';

const INDENT = '    ';
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** How lines are to look. */
export interface Look {
  readonly paint?: Paint;
  /** Columns of the terminal; undefined where nothing is cut: a file, or another program. */
  readonly width?: number;
}

/**
 * @param before the reading before, none at first
 * @param after this reading
 * @returns the lines that tell what is new between two readings: the release, its plan, services that are done, its end
 */
export function renderNews(
  before: ReleaseView | undefined,
  after: ReleaseView,
  { paint = PLAIN, width }: Look = {},
): string[] {
  const { record, services } = after;
  const known = new Set(before?.services.map(({ path }) => path));
  return [
    ...(before ? [] : [renderHeader(record, paint)]),
    ...(record.status === 'waiting' && !before ? ['waits until the running release has ended'] : []),
    ...(record.plan && !before?.record.plan ? renderPlan(record, { paint, width }) : []),
    ...failedFirst(services)
      .filter(({ path }) => !known.has(path))
      .flatMap((service) => renderService(service, after, { paint, width })),
    ...(hasEnded(record) && !(before && hasEnded(before.record)) ? renderEnd(after, paint) : []),
  ];
}

/** @returns a line for each service that has come to another step since the reading before. */
export function renderStepChanges(before: ReleaseView | undefined, after: ReleaseView): string[] {
  const steps = new Map(before?.running.map((service) => [service.path, stepTimes(service).current?.step]));
  return after.running.flatMap((service) => {
    const { current } = stepTimes(service);
    if (!current || current.step === steps.get(service.path)) return [];
    return [`  ${padded(service.path, after)}  ${current.step} …`];
  });
}

/** A moment to draw. */
export interface Frame {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Columns of the terminal. */
  readonly width: number;
  /** Counts up; turns the spinner. */
  readonly count: number;
}

/** @returns what runs at this moment, a line each: to be drawn over and over. */
export function renderRunning(view: ReleaseView, frame: Frame, paint: Paint = PLAIN): string[] {
  const { record, running } = view;
  if (hasEnded(record)) return [];
  const spinner = paint.cyan(SPINNER[frame.count % SPINNER.length]!);
  const line = (name: string, text: string) =>
    `${spinner} ${paint.bold(name)}  ${fitToWidth(text, frame.width - textWidth(name) - 5)}`;
  if (record.status === 'waiting') {
    return [line('trigger', `waits for another release  ${since(record.release.requestedAt, frame)}`)];
  }
  if (!record.plan) return [line('plan', since(record.startedAt ?? record.release.requestedAt, frame))];
  // When all services have ended there may be commands for all of them.
  if (view.ending?.includes('after_all')) return [line('after_all', view.ending)];
  // A terminal may have no room for all: those that wait for their turn come last.
  const begun = [...running].sort((a, b) => Number(hasNotBegun(a)) - Number(hasNotBegun(b)));
  return begun.map((service) => line(padded(service.path, view, frame.width), renderProgress(service, frame)));
}

const hasNotBegun = (service: ServiceProgress): boolean => stepTimes(service).current === undefined;

/** A look with every default filled in. */
interface Drawing extends Look {
  readonly paint: Paint;
}

function renderProgress(service: ServiceProgress, { now }: Frame): string {
  const { current, done } = stepTimes(service);
  if (!current) return 'waits';
  const times = renderDurations({ ...done, [current.step]: now - current.since });
  // Waiting states are the ones to show: what is it that takes so long?
  return service.state ? `${times}  ${service.state}` : times;
}

function renderHeader({ release }: ReleaseRecord, paint: Paint): string {
  const { id, app, stage, commit, branch, trigger, force, rollback, remove } = release;
  const what = branch ? `${commit.slice(0, 7)} of ${branch}` : commit.slice(0, 7);
  const more = [...(force ? ['forced'] : []), ...(trigger.by ? [`by ${describeCaller(trigger.by)}`] : [])];
  const head = `${paint.bold(`release ${id}`)}  ${app} → ${stage}`;
  const buckets = remove?.emptyBuckets ? ', emptying its buckets' : '';
  if (remove) return `${head}, removal of the stage${buckets}${listed(more)}`;
  const subject = rollback
    ? `rollback${rollback.service ? ` of ${rollback.service}` : ''} to ${rollback.to} (commit ${what})`
    : `commit ${what}`;
  return `${head}, ${subject}${listed(more)}`;
}

const listed = (more: readonly string[]): string => more.map((one) => `, ${one}`).join('');

function verbOf({ rollback, remove }: ReleaseRecord['release']): string {
  if (remove) return 'remove';
  return rollback ? 'back' : 'build';
}

function renderPlan(record: ReleaseRecord, { paint, width: columns }: Drawing): string[] {
  const { phases = [], skip = [] } = record.plan ?? {};
  const planned = phases.flat();
  const width = pathColumn([...planned, ...skip], columns);
  const took = record.startedAt && record.plannedAt ? `  ${between(record.startedAt, record.plannedAt)}` : '';
  const verb = verbOf(record.release);
  const column = Math.max(verb.length, 'skip'.length);
  const line = ({ path, reasons }: PlannedService) => {
    const text = `${padToWidth(fitEndToWidth(path, width), width)}  ${renderReasons(reasons)}`;
    return fitToWidth(text, columns === undefined ? undefined : columns - column - 3);
  };
  const held = skip.filter(isPlannedHeld).slice(0, MOST_PLANNED);
  const gone = skip.filter(isGoneFromCommit).slice(0, MOST_PLANNED);
  const alone = skip.filter((service) => !held.includes(service) && !gone.includes(service));
  const inPhases = phases.length > 1 ? `, in ${phases.length} phases` : '';
  return [
    `${paint.bold('plan')}  ${planned.length} of ${planned.length + skip.length} services${inPhases}${took}`,
    ...planned.slice(0, MOST_PLANNED).map((service) => `  ${paint.yellow(verb.padEnd(column))} ${line(service)}`),
    ...(planned.length > MOST_PLANNED ? [`  ${' '.repeat(column)} and ${planned.length - MOST_PLANNED} more`] : []),
    ...held.map((service) => `  ${paint.yellow('held'.padEnd(column))} ${line(service)}`),
    ...gone.map((service) => `  ${paint.yellow('gone'.padEnd(column))} ${line(service)}`),
    ...(alone.length > MOST_ALONE
      ? [paint.dim(`  ${'skip'.padEnd(column)} ${alone.length} services: ${countReasons(alone)}`)]
      : alone.map((service) => paint.dim(`  ${'skip'.padEnd(column)} ${line(service)}`))),
  ];
}

/** As many services as a screen has lines; `seedbed plan` tells all. */
const MOST_PLANNED = 40;
/** Services that nothing is done with; of more than these, only their number is of interest. */
export const MOST_ALONE = 5;

/** @returns how many services have which first reason, most of them first: `198 unchanged, 1 not asked for`. */
export function countReasons(services: readonly Pick<PlannedService, 'reasons'>[]): string {
  const counts = new Map<string, number>();
  for (const { reasons } of services) {
    const why = reasons[0]?.code.replaceAll('-', ' ') ?? 'without a reason';
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return nameSome([...counts].sort(([, a], [, b]) => b - a).map(([why, count]) => `${count} ${why}`));
}

function renderService(service: ServiceRecord, view: ReleaseView, { paint, width }: Drawing): string[] {
  const { status, decision, functions, durations, buildTimes, error } = service;
  const mark = status === 'failed' ? paint.red('✖') : paint.green('✔');
  const updated = functions.filter((one) => one.updated);
  const took = renderDurations(shownDurations(durations, view.record.release));
  return [
    `${mark} ${paint.bold(padded(service.path, view, width))}  ${took}`,
    ...renderBuildTimes(buildTimes).map((line) => INDENT + paint.dim(fitToWidth(line, width && width - INDENT.length))),
    ...(decision ? [`${INDENT}${paint.cyan(decision.kind)}: ${renderReasons(decision.reasons)}`] : []),
    ...(updated.length > 0
      ? [
          `${INDENT}${updated.length} of ${functions.length} functions updated: ` +
            nameSome(updated.map(({ logicalId, version }) => `${logicalId} (version ${version})`)),
        ]
      : []),
    ...renderShifts(service).map((line) => INDENT + line),
    ...(service.warnings ?? []).map((warning) => `${INDENT}${paint.yellow(warning)}`),
    ...(error ? indented(paint.red(error.code), error.message) : []),
  ];
}

function renderEnd({ record, services }: ReleaseView, paint: Paint): string[] {
  const { release, status, finishedAt, error, supersededBy, plan } = record;
  const took = finishedAt ? ` in ${between(release.requestedAt, finishedAt)}` : '';
  if (status === 'succeeded') return [paint.green(`release succeeded${took}`)];
  if (status === 'superseded') return [paint.yellow(`release superseded by the newer ${supersededBy}`)];
  const head = paint.red(`release ${status}${took}`);
  const waited = didNotRun(plan, services);
  const others = waited.length === 0 ? [] : [`did not run because an earlier phase failed: ${nameSome(waited)}`];
  const failed = services.filter((service) => service.status === 'failed').map(({ path }) => path);
  // On a screen they may be out of sight.
  if (failed.length > 0 && services.length > MOST_ALONE)
    others.unshift(`${failed.length} of ${services.length} services failed: ${nameSome(failed)}`);
  // What failed in its services has been shown with them.
  const why = !error || error.code === 'ServiceFailed' ? [] : indented(error.code, error.message);
  const help = release.remove ? OPERATIONS.removalFailed : OPERATIONS.failed;
  // Whoever stopped it knows what to do.
  const whatToDo = status === 'failed' ? [`${INDENT}what to do: ${help}`] : [];
  return [head, ...others.map((line) => INDENT + line), ...why, ...whatToDo];
}

/** @returns what each step took, in order: `build 6.2 s · deploy 0.8 s`. */
const renderDurations = (durations: Durations): string =>
  STEPS.flatMap((step) => (durations[step] === undefined ? [] : [`${step} ${renderSeconds(durations[step])}`])).join(
    ' · ',
  );

/** From so many milliseconds on a part of a build is worth a word. */
const WORTH_TELLING = 100;

/** @returns what of a build took time, in order: `build: provisioning 24.0 s · framework 2.1 s`. */
function renderBuildTimes(times: BuildTimes = {}): string[] {
  const parts = BUILD_PARTS.flatMap((part) => {
    const took = times[part] ?? 0;
    return took < WORTH_TELLING ? [] : [`${part} ${renderSeconds(took)}`];
  });
  return parts.length === 0 ? [] : [`build: ${parts.join(' · ')}`];
}

/** @returns reasons as one sentence. */
export const renderReasons = (reasons: readonly Reason[]): string =>
  [...new Set(reasons.map(({ message }) => message))].join('; ');

const indented = (head: string, message: string): string[] =>
  `${head}: ${message}`.split('\n').map((line) => INDENT + line);

/** @returns a service's path in a column with the others; on a terminal its end, if it is long. */
function padded(path: string, { record }: ReleaseView, columns?: number): string {
  const width = pathColumn(record.plan?.phases.flat() ?? [], columns);
  return padToWidth(columns === undefined ? path : fitEndToWidth(path, Math.max(width, SHORTEST_PATH)), width);
}

/** A path has at most a third of the line: what is told of the service needs the rest. */
const pathColumn = (services: readonly { readonly path: string }[], columns = Number.POSITIVE_INFINITY): number =>
  Math.min(
    Math.max(...services.map(({ path }) => textWidth(path)), 0),
    Math.max(SHORTEST_PATH, Math.floor(columns / 3)),
  );
const SHORTEST_PATH = 12;

const between = (from: string, to: string): string => renderSeconds(Date.parse(to) - Date.parse(from));
const since = (from: string, { now }: Frame): string => renderSeconds(now - Date.parse(from));
