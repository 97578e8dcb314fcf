import type { ReleaseRecord, ServiceRecord } from '../core/state';
import { STEPS } from '../core/steps';
import { table } from './table';

/** A release as the state table has it, and what it was in the demo. */
export interface DemoRow {
  readonly act: string;
  readonly record: ReleaseRecord;
  readonly services: readonly ServiceRecord[];
}

const HEADER = ['act', 'service', 'decision', 'functions updated', ...STEPS, 'total (s)'];

/** @returns what became of every release and service of the demo, with seconds per step, as lines of a table. */
export function demoTable(rows: readonly DemoRow[]): readonly string[] {
  const lines = rows.flatMap(({ act, record, services }, index) => {
    const name = rows[index - 1]?.act === act ? '' : act;
    const { release, plan, finishedAt } = record;
    const total = finishedAt ? Date.parse(finishedAt) - Date.parse(release.requestedAt) : undefined;
    const left = plan?.skip.length ? `, ${plan.skip.length} left alone` : '';
    return [
      [name, `release${left}`, record.status, '', ...stepCells(record.durations), seconds(total)],
      ...services.map((service) => [
        '',
        `  ${service.path}`,
        service.decision?.kind ?? service.status,
        `${service.functions.filter(({ updated }) => updated).length} of ${service.functions.length}`,
        ...stepCells(service.durations),
      ]),
    ];
  });
  const [header = '', ...body] = table([HEADER, ...lines]);
  return [header, '─'.repeat(Math.max(...[header, ...body].map((line) => line.length))), ...body];
}

const stepCells = (durations: ReleaseRecord['durations'] = {}): string[] =>
  STEPS.map((step) => seconds(durations[step]));
const seconds = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '' : (milliseconds / 1000).toFixed(1);
