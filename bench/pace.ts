import { serviceExecutionName } from '../lib/core/contracts/execution-name';
import type { CallCount } from '../lib/local/gateway/call-log';
import { PACE } from '../lib/local/pace/pace';
import type { BenchOptions } from './bench-options';
import type { Table } from './markdown-table';
import type { PacedCloud, PacedPush } from './pace-app';
import type { PaceCase } from './pace-cases';
import type { Floor } from './pace-floor';
import { limitOf, neededCalls } from './pace-limit';
import { plotOf } from './pace-plot';
import { type Times, timesOf } from './release-parts';
import { isCallOf, nameOf, sumOf } from './worker-calls';

/** A push and what its parts took, in milliseconds; undefined where it did not get so far. */
interface Measured {
  readonly push: PacedPush;
  /** From the first service that decides how to deploy to the last one that has moved its aliases. */
  readonly deployAndShift?: number;
  readonly all: number;
}

/** Where a case is measured. */
interface PaceSurroundings {
  readonly at: PacedCloud;
  readonly floor: Floor;
}

/** Measures a case as often as it is asked for, and then the floor of it. */
export async function benchPace(
  { at, floor: script }: PaceSurroundings,
  one: PaceCase,
  { runs }: BenchOptions,
): Promise<readonly Table[]> {
  const app = await at.app(one.name);
  await one.setUp(app);
  const measured: Measured[] = [];
  for (let run = 0; run < runs; run += 1) {
    const push = await one.push(app, run);
    const executionOf = (path: string) =>
      app.app.platform.serviceExecutions.arnOf(serviceExecutionName(push.release, path));
    const times = await Promise.all(Object.keys(push.services).map((path) => timesOf(executionOf(path)).catch(none)));
    measured.push({ push, ...spanOf(times), all: Date.parse(push.finishedAt!) - push.pushed });
    if (push.status !== 'succeeded') break; // what comes after it is another push than what was to be measured
  }
  const floor = one.hasFloor ? await script.measure(one.changed) : undefined;
  return [timesTable(one, measured, floor), callsTable(one, measured)];
}

const none = (): Times => ({});

/** @returns how long it is from the first *Decide* to the last *Record*. */
function spanOf(times: readonly Times[]): Pick<Measured, 'deployAndShift'> {
  const begun = times.flatMap(({ Decide }) => (Decide ? [Decide[0]] : []));
  const ended = times.flatMap(({ Record }) => (Record ? [Record[0]] : []));
  return begun.length === 0 || ended.length === 0 ? {} : { deployAndShift: Math.max(...ended) - Math.min(...begun) };
}

function timesTable(one: PaceCase, measured: readonly Measured[], floor: number | undefined): Table {
  const needed = neededCalls(one.inStack === undefined ? one.changed : 0);
  const limit = limitOf(needed);
  const stack = one.inStack === undefined ? 0 : PACE['stack-operation'].aws + one.inStack * PACE['stack-function'].aws;
  const of = (value: number | undefined, base: number | undefined) =>
    value === undefined || !base ? '–' : `${(value / base).toFixed(2)} ×`;
  const rows = measured.map(({ push, deployAndShift, all }) => {
    const control = push.seconds.reduce((sum, { taken, refused }) => sum + taken + refused, 0);
    const refused = push.seconds.reduce((sum, second) => sum + second.refused, 0);
    return [
      endOf(push, one),
      seconds(deployAndShift),
      ...(stack > 0 ? [seconds(deployAndShift === undefined ? undefined : deployAndShift - stack)] : []),
      of(deployAndShift, limit),
      of(deployAndShift, floor),
      seconds(all),
      control,
      refused,
      push.load.map((load) => load.toFixed(1)).join(' – '),
    ];
  });
  const parts = [
    `${needed} control calls are needed`,
    `the bucket takes them in ${seconds(limit)}`,
    ...(floor === undefined ? [] : [`a bare script took ${seconds(floor)} (the floor)`]),
    ...(stack > 0 ? [`at this pace the stack's update takes ${seconds(stack)}`] : []),
  ];
  return {
    title: `At AWS's pace: ${one.title}`,
    columns: [
      'release',
      'deploy + shift',
      ...(stack > 0 ? ['beside the stack'] : []),
      'of the limit',
      'of the floor',
      'whole push',
      'control calls',
      'of them 429',
      'load',
    ],
    rows,
    notes: [
      `${parts.join('; ')}. Times are those of the platform's record; the whole push has the builds in it, for which this machine's processors are what counts.`,
      'Control calls by second, from the first one:',
      plotOf(measured.at(-1)?.push.seconds ?? []),
    ],
  };
}

/** @returns how a release ended, and if it failed with how many of its services. */
function endOf({ status, services, error }: PacedPush, one: PaceCase): string {
  if (status === 'succeeded') return status;
  const good = Object.values(services).filter((service) => service.status !== 'failed').length;
  return `${status}: ${good} of ${one.services} services (${error?.code ?? 'no code'})`;
}

function callsTable({ title }: PaceCase, measured: readonly Measured[]): Table {
  const calls = measured.map(({ push }) => push.calls.filter(isOfRelease));
  const names = [...new Set(calls.flat().map(nameOf))].sort();
  const cell = (some: readonly CallCount[]) => {
    const errors = some.reduce((sum, one) => sum + one.errors, 0);
    return errors === 0 ? String(sumOf(some)) : `${sumOf(some)} (${errors} errors)`;
  };
  return {
    title: `AWS calls of the platform's workers: ${title}`,
    columns: ['call', ...measured.map((_, run) => `run ${run + 1}`)],
    rows: [
      ...names.map((name) => [name, ...calls.map((some) => cell(some.filter((call) => nameOf(call) === name)))]),
      ['all calls', ...calls.map((some) => cell(some))],
    ],
    notes: [
      'From the push to the end of the release, with those of plan, record and finish; without builds and pruning.',
    ],
  };
}

/** Whether a worker of the platform made a call, and for a release. */
const isOfRelease = (call: CallCount): boolean =>
  /:assumed-role\/[^/]+\/(seedbed-|Seedbed-)/.test(call.caller ?? '') && !isCallOf('Prune', call);

const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`);
