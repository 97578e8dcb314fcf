import { releaseExecutionName, serviceExecutionName } from '../../core/contracts/execution-name';
import { StartShiftOutput, WaitForShiftOutput, WaitForStackOutput } from '../../core/contracts/payloads';
import type { ReleaseKey } from '../../core/contracts/release';
import type { BuildRecord, ReleaseRecord } from '../../core/contracts/state';
import { WatchOutput } from '../../core/contracts/wait';
import { mapBounded } from '../../core/map-bounded';
import { describeMoving } from '../../core/shift/describe-moving';
import { renderSeconds } from '../../core/text/seconds';
import type { StateEvent } from '../../ports/execution-history';
import type { Platform } from '../platform/connect-platform';
import { cleanText } from './clean-text';
import { describeBy, describeSubject } from './describe-release';
import { hasEnded } from './follow-release';
import { stepThatBegins, TELLING_STATES, WATCHING_STATE } from './service-progress';

/** What a line of a release's log is of. */
const LOG_SOURCES = ['release', 'step', 'build', 'stack', 'shift', 'error'] as const;

/** One line of a release's log. */
export interface LogEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly source: (typeof LOG_SOURCES)[number];
  /** Absent in lines of the release itself. */
  readonly service?: string;
  /** What a build is for: `package`, or a hook. */
  readonly task?: BuildRecord['task'];
  readonly text: string;
}

export type LogPorts = Pick<
  Platform,
  'releases' | 'serviceStates' | 'releaseBuilds' | 'buildLogs' | 'history' | 'serviceExecutions' | 'watchers'
>;

/** The log of a release, as far as it was not read yet. */
export interface ReleaseLog {
  /** @returns what is new, by time, and how the release stands */
  next(): Promise<{ readonly entries: readonly LogEntry[]; readonly record: ReleaseRecord }>;
}

/** Executions, and builds, that are read side by side: an account has few reads of histories a second. */
const AT_ONCE = 5;

/** Gathers the log of a release from where it lies: records, builds' logs, histories of executions. */
export function releaseLog(ports: LogPorts, key: ReleaseKey): ReleaseLog {
  const told = new Set<string>();
  const tokens = new Map<string, string | undefined>();
  const once = (id: string, entries: readonly LogEntry[]): readonly LogEntry[] => {
    if (told.has(id)) return [];
    told.add(id);
    return entries;
  };

  const ofBuild = async ({ path, task, buildId }: BuildRecord): Promise<readonly LogEntry[]> => {
    const { lines, next } = await ports.buildLogs.read(buildId, tokens.get(buildId));
    tokens.set(buildId, next);
    return lines.map(({ at, text }) => ({ at, source: 'build', service: path, task, text }));
  };
  const ofService = async (record: ReleaseRecord, path: string): Promise<readonly LogEntry[]> => {
    const events = await ports.history.read(ports.serviceExecutions.arnOf(serviceExecutionName(record.release, path)));
    return events.flatMap((event, index) => {
      const step = event.kind === 'entered' ? stepThatBegins(event.state, record.release) : undefined;
      if (step === undefined) return once(`${path} ${index}`, entriesOf(event, path));
      return once(`${path} ${step}`, [entry(event.at, 'step', { service: path, text: `${step} …` })]);
    });
  };

  const ofWatcher = async ({ release }: ReleaseRecord): Promise<readonly LogEntry[]> => {
    const events = await ports.history.read(ports.watchers.arnOf(releaseExecutionName(release)));
    return events.flatMap((event, index) => once(`watcher ${index}`, progressIn(event)));
  };

  return {
    async next() {
      const record = (await ports.releases.find(key))!;
      const planned = record.plan?.phases.flat() ?? [];
      // Read after the release: once that has ended, nothing more comes.
      const builds = planned.length > 0 ? await ports.releaseBuilds.list(key) : [];
      const [logs, services, watched, records] = await Promise.all([
        mapBounded(builds, AT_ONCE, ofBuild),
        mapBounded(planned, AT_ONCE, ({ path }) => ofService(record, path)),
        planned.length > 0 ? ofWatcher(record) : [],
        hasEnded(record) && planned.length > 0 ? ports.serviceStates.records(key) : [],
      ]);
      const end = Date.parse(record.finishedAt ?? record.release.requestedAt);
      const failures = records.flatMap(({ path, error }) =>
        error
          ? once(`error ${path}`, [entry(end, 'error', { service: path, text: `${error.code}: ${error.message}` })])
          : [],
      );
      const all = [...ofRelease(record, once), ...logs.flat(), ...watched, ...services.flat(), ...failures];
      const entries = all.flatMap(inLines).sort((a, b) => a.at - b.at);
      return { entries: [...entries, ...(hasEnded(record) ? once('end', endOf(record)) : [])], record };
    },
  };
}

const entry = (at: number, source: LogEntry['source'], more: Pick<LogEntry, 'text' | 'service'>): LogEntry => ({
  at,
  source,
  ...more,
});

/** What comes of builds and templates must not reach a terminal as it is; a line is a line. */
const inLines = (one: LogEntry): readonly LogEntry[] =>
  cleanText(one.text)
    .split('\n')
    .map((text) => ({ ...one, text: text.trimEnd() }));

function ofRelease(
  { release, startedAt, plan, plannedAt }: ReleaseRecord,
  once: (id: string, entries: readonly LogEntry[]) => readonly LogEntry[],
): readonly LogEntry[] {
  const { requestedAt, id, app, stage } = release;
  const asked = `release ${id}: ${describeSubject(release)} to ${app} → ${stage}, by ${describeBy(release)}`;
  const line = (at: string, text: string) => entry(Date.parse(at), 'release', { text });
  const planned = plan?.phases.flat() ?? [];
  return [
    ...once('asked', [line(requestedAt, asked)]),
    ...(startedAt ? once('begun', [line(startedAt, 'begins')]) : []),
    ...(plan && plannedAt
      ? once('planned', [
          line(plannedAt, `plan: ${planned.length} of ${planned.length + plan.skip.length} services`),
          ...planned.map(({ path, reasons }) =>
            entry(Date.parse(plannedAt), 'step', {
              service: path,
              text: `planned: ${reasons.map(({ message }) => message).join('; ')}`,
            }),
          ),
        ])
      : []),
  ];
}

function endOf({ release, status, finishedAt, error, supersededBy }: ReleaseRecord): readonly LogEntry[] {
  const at = Date.parse(finishedAt ?? release.requestedAt);
  const took = finishedAt ? ` in ${renderSeconds(at - Date.parse(release.requestedAt))}` : '';
  const by = supersededBy ? ` by ${supersededBy}` : '';
  const why = error && error.code !== 'ServiceFailed' ? `${error.code}: ${error.message}` : undefined;
  return [
    ...(why === undefined ? [] : inLines(entry(at, 'error', { text: why }))),
    entry(at, 'release', { text: `${status}${by}${took}` }),
  ];
}

/** What the worker of a state saw of stacks and shifts. */
function entriesOf({ kind, state, at, output }: StateEvent, service: string): readonly LogEntry[] {
  if (kind === 'entered') return [];
  switch (state.replace(/ without watcher$/, '')) {
    case TELLING_STATES.stack: {
      const { data } = WaitForStackOutput.safeParse(output);
      return (data?.events ?? []).map((text) => entry(at, 'stack', { service, text }));
    }
    case TELLING_STATES.shiftBegins: {
      const { data } = StartShiftOutput.pick({ shift: true }).safeParse(output);
      return (data?.shift.functions ?? []).map(({ logicalId, deploymentId }) =>
        entry(at, 'shift', { service, text: `${logicalId}: CodeDeploy deployment ${deploymentId} began` }),
      );
    }
    case TELLING_STATES.shift: {
      const { data } = WaitForShiftOutput.safeParse(output);
      return data ? shiftEntries(data, at, service) : [];
    }
    default:
      return [];
  }
}

function shiftEntries(told: WaitForShiftOutput, at: number, service: string): readonly LogEntry[] {
  const lines =
    told.status === 'done' ? told.moved.map((logicalId) => `${logicalId}: moved`) : describeMoving(told.shift);
  return lines.map((text) => entry(at, 'shift', { service, text }));
}

/** What the watcher has seen of what services wait for, while that ran. */
function progressIn({ kind, state, output, at }: StateEvent): readonly LogEntry[] {
  const { data } = WatchOutput.safeParse(kind === 'exited' && state === WATCHING_STATE ? output : undefined);
  return (data?.progress ?? []).flatMap(({ service, of, lines }) =>
    lines.map((text) => entry(at, of, { service, text })),
  );
}
