import type { ReleaseRecord, ServiceRecord } from '../../core/contracts/state';
import { STEPS, type Step } from '../../core/contracts/steps';
import { table } from '../show/table';
import { textWidth } from '../show/text-width';

/** A release as the state table has it, and what it was in the demo. */
export interface DemoRow {
  readonly act: string;
  readonly record: ReleaseRecord;
  readonly services: readonly ServiceRecord[];
}

/** What is shown of a release or a service. */
interface Line {
  readonly name: string;
  readonly decision: string;
  /** Of a service: functions; of a release: services that the plan left alone. */
  readonly updated?: string;
  readonly left?: string;
  readonly durations: ReleaseRecord['durations'];
  readonly total?: number;
}

/** Steps that take long enough to be worth a column where there is little room. */
const LONG_STEPS: readonly Step[] = ['build', 'deploy', 'shift'];

/**
 * @param width columns of the terminal; where not all steps fit, those that take long are shown
 * @returns what became of every release and service of the demo, with seconds per step, as lines of a table
 */
export function demoTable(rows: readonly DemoRow[], width: number): readonly string[] {
  const lines = rows.flatMap((row, index) => linesOf(row, rows.slice(0, index)));
  const full = render(lines, STEPS);
  return textWidth(full[0]!) <= width ? full : render(lines.map(withoutLeft), LONG_STEPS);
}

function linesOf({ act, record, services }: DemoRow, before: readonly DemoRow[]): readonly Line[] {
  const { release, plan, finishedAt, status, durations } = record;
  const count = before.filter((row) => row.act === act).length + 1;
  return [
    {
      name: count === 1 ? act : `${act} (${count})`,
      decision: status,
      left: plan?.skip.length ? `${plan.skip.length} left alone` : '',
      durations,
      ...(finishedAt && { total: Date.parse(finishedAt) - Date.parse(release.requestedAt) }),
    },
    ...services.map((service) => ({
      name: `  ${service.path}`,
      decision: service.decision?.kind ?? service.status,
      updated: `${service.functions.filter(({ updated }) => updated).length} of ${service.functions.length}`,
      durations: service.durations,
    })),
  ];
}

function render(lines: readonly Line[], steps: readonly Step[]): readonly string[] {
  const [header = '', ...body] = table([
    ['act, its services', 'decision', 'updated', ...steps, 'seconds'],
    ...lines.map(({ name, decision, updated, left, durations = {}, total }) => [
      name,
      decision,
      updated ?? left ?? '',
      ...steps.map((step) => seconds(durations[step])),
      seconds(total),
    ]),
  ]);
  return [header, '─'.repeat(Math.max(...[header, ...body].map(textWidth))), ...body];
}

const withoutLeft = ({ left: _, ...line }: Line): Line => line;

const seconds = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '' : (milliseconds / 1000).toFixed(1);
