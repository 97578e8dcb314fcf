import type { Reason } from '../contracts/reasons';
import type { ReleaseRecord, ServiceRecord } from '../contracts/state';
import { failedFirst, isHeld, isNotInCommit, type ServiceOutcome, serviceOutcomes } from '../record/service-outcomes';
import { renderSeconds } from '../text/seconds';
import { codeBlock, codeOf, linkOf } from './markdown';
import { shownOutputs } from './service-urls';
import { linkTo, type ReleaseView, type StageView } from './stage-view';
import { counts, took } from './summary';

/** @returns the invisible beginning of our comment on a pull request, by which it is found again. */
export const commentMarker = (app: string): string => `<!-- seedbed:${app} -->`;

/**
 * GitHub takes 65,536 characters in all; the facts, the error and the names of those left alone take 20,000 at most.
 */
const MOST_OF_SERVICES = 26_000;
const MOST_OF_WARNINGS = 8_000;
const LONGEST_WARNING = 500;
const MOST_OF_OUTPUTS = 10_000;
const MOST_ROWS = 200;
const COMMIT = 7;

/** @returns the text of the one comment on a pull request: the present state of its stage. */
export function pullRequestComment({ record, services }: ReleaseView, view: StageView): string {
  const { release, error } = record;
  const outcomes = serviceOutcomes(record, services);
  const isRemoved = release.remove !== undefined && record.status === 'succeeded';
  const head = [
    commentMarker(release.app),
    `### Stage ${codeOf(release.stage)} of ${codeOf(release.app)} ${headline(record)}`,
    '',
    factsOf(record, view, outcomes),
    ...waitingLine(record, view),
  ];
  const problem = error && record.status !== 'succeeded' ? ['', codeBlock(`${error.code}: ${error.message}`)] : [];
  const body = isRemoved ? [] : [...serviceTable(outcomes), ...warningList(services), ...outputTable(view)];
  return [...head, ...problem, ...body].join('\n');
}

function headline({ status, release: { remove, rollback }, cancel }: ReleaseRecord): string {
  switch (status) {
    case 'waiting':
      return 'waits for its turn';
    case 'running':
      if (cancel) return 'is being cancelled';
      return remove ? 'is being removed' : 'is being released';
    case 'succeeded':
      if (remove) return 'is removed';
      return rollback ? 'is rolled back' : 'is up to date';
    case 'failed':
      return remove ? 'could not be removed' : 'failed';
    case 'aborted':
      return 'was cancelled';
    case 'superseded':
      return 'waits for a newer release';
  }
}

function factsOf(record: ReleaseRecord, view: StageView, outcomes: readonly ServiceOutcome[]): string {
  const { release, executionArn } = record;
  const link = linkTo(record, view);
  const execution = link ? [`[execution](${link})`] : executionArn ? [`execution ${codeOf(executionArn, 500)}`] : [];
  const commit = `commit ${codeOf(release.commit.slice(0, COMMIT))}`;
  return [commit, `release ${codeOf(release.id)}`, ...counts(outcomes), ...took(record), ...execution].join(' · ');
}

/** A newer release that has not begun yet. */
function waitingLine(shown: ReleaseRecord, { latest }: StageView): readonly string[] {
  const waiting = latest.find(({ status, release }) => status === 'waiting' && release.id > shown.release.id);
  if (!waiting) return [];
  const what = waiting.release.remove ? 'the removal' : `commit ${codeOf(waiting.release.commit.slice(0, COMMIT))}`;
  return ['', `Next is ${what}, which waits until this release has ended.`];
}

function serviceTable(outcomes: readonly ServiceOutcome[]): readonly string[] {
  const told = failedFirst(outcomes.filter(({ status }) => status !== 'left-out'));
  const leftOut = outcomes.filter((one) => one.status === 'left-out' && !isHeld(one) && !isNotInCommit(one));
  const rest = [
    ...listOf('Held', outcomes.filter(isHeld)),
    ...listOf('Deployed, not in this commit', outcomes.filter(isNotInCommit)),
    ...(leftOut.length === 0 ? [] : ['', `Left alone: ${named(leftOut)}.`]),
  ];
  if (told.length === 0) return rest;
  const rows = told.map(
    ({ path, status, decision, planned, durations = {} }) =>
      `| ${codeOf(path)} | ${RESULTS[status]} | ${decision ? DECISIONS[decision.kind] : ''} | ` +
      `${reasonsOf(decision?.reasons ?? planned)} | ${total(Object.values(durations))} |`,
  );
  return [
    '',
    '| service | result | decision | why | time |',
    '| --- | --- | --- | --- | ---: |',
    ...firstRows(rows, MOST_OF_SERVICES, (shown) => ` (${counts(told.slice(shown)).join(', ')})`),
    ...rest,
  ];
}

/** What a release leaves alone although it is not what the commit says. */
function listOf(title: string, outcomes: readonly ServiceOutcome[]): readonly string[] {
  const lines = outcomes.map(({ path, planned }) => `- ${codeOf(path)}: ${reasonsOf(planned)}`);
  if (lines.length === 0) return [];
  return ['', `**${title}**`, '', ...firstRows(lines, MOST_OF_WARNINGS)];
}

const RESULTS: Readonly<Record<ServiceOutcome['status'], string>> = {
  planned: '…',
  deployed: 'deployed',
  skipped: 'unchanged',
  failed: '**failed**',
  removed: 'removed',
  'not-run': 'not run',
  'left-out': 'left alone',
};
const DECISIONS = { skip: 'nothing to deploy', incremental: 'direct', full: 'full' } as const;

const reasonsOf = (reasons: readonly Reason[]): string =>
  codeOf([...new Set(reasons.map(({ message }) => message))].join('; '), 300);

const total = (durations: readonly number[]): string =>
  durations.length === 0 ? '' : renderSeconds(durations.reduce((sum, one) => sum + one, 0));

/** What stopped nothing, but is not as the configuration says, or is to be done by hand. */
function warningList(services: readonly ServiceRecord[]): readonly string[] {
  const lines = services.flatMap(({ path, warnings = [] }) =>
    warnings.map((warning) => `- ${codeOf(path)}: ${codeOf(warning, LONGEST_WARNING)}`),
  );
  if (lines.length === 0) return [];
  return ['', '**Warnings**', '', ...firstRows(lines, MOST_OF_WARNINGS)];
}

function outputTable({ states }: StageView): readonly string[] {
  const rows = shownOutputs(states).flatMap(({ path, outputs }) =>
    Object.entries(outputs).map(([key, value]) => `| ${codeOf(path)} | ${codeOf(key)} | ${linkOf(value)} |`),
  );
  if (rows.length === 0) return [];
  return ['', '| service | output | value |', '| --- | --- | --- |', ...firstRows(rows, MOST_OF_OUTPUTS)];
}

/**
 * @param room in characters
 * @param inWords what those after so many are, to follow their number
 * @returns as many rows as there is room for, and how many are left out
 */
function firstRows(rows: readonly string[], room: number, inWords = (_: number): string => ''): readonly string[] {
  let left = room;
  const more = rows.findIndex((row, index) => {
    left -= row.length + 1;
    return left < 0 || index >= MOST_ROWS;
  });
  return more === -1 ? rows : [...rows.slice(0, more), '', `… and ${rows.length - more} more${inWords(more)}`];
}

const MOST_NAMED = 20;
const named = (outcomes: readonly ServiceOutcome[]): string => {
  const names = outcomes.slice(0, MOST_NAMED).map(({ path }) => codeOf(path));
  const more = outcomes.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};
