import type { Paint } from '../show/paint';
import { table } from '../show/table';
import type { DemoAnswerer } from './demo-load';
import { type AliasMove, describeAlias, failedOf, type LoadSighting } from './load-checks';
import type { LoadStep } from './load-steps';

const HEADER = ['weight', 'requests', 'old version', 'new version', 'share of new', 'failed'];
const INDENT = '  ';
const TOTAL = 'in all';

/** @returns what a load has seen: the answers in each step of the shift, then where the service's aliases are. */
export function renderLoad({ steps, thrown, aliases }: LoadSighting, paint: Paint): readonly string[] {
  const [header = '', ...lines] = loadTable(steps);
  const failed = failedOf(steps);
  const why =
    failed === 0 ? [] : [`failed: ${failed}; CloudWatch counts ${thrown} invocations of the new version that threw`];
  return [paint.bold(header), ...lines, ...why, aliasLine(aliases)].map((line) => INDENT + line);
}

/** @returns which aliases have moved. */
export function aliasLine(aliases: readonly AliasMove[]): string {
  const moved = aliases.filter(({ before, after }) => describeAlias(before) !== describeAlias(after));
  if (moved.length === 0) return `aliases: all ${aliases.length} are on the versions they were on before`;
  const moves = moved.map(
    ({ logicalId, before, after }) => `${logicalId} ${describeAlias(before)} → ${describeAlias(after)}`,
  );
  return `aliases: ${moves.join(', ')}, ${aliases.length - moved.length} unchanged`;
}

/** @returns the answers in each step of a shift, as lines of a table. */
export function loadTable(steps: readonly LoadStep[]): readonly string[] {
  const sum = (count: DemoAnswerer | 'lost') => steps.reduce((total, step) => total + step[count], 0);
  const total = { percent: 0, old: sum('old'), new: sum('new'), threw: sum('threw'), lost: sum('lost') };
  const cells = [HEADER, ...steps.map((step) => row(`${step.percent} %`, step)), row(TOTAL, total)];
  const widths = HEADER.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  return table(cells.map((line) => line.map((cell, column) => cell.padStart(widths[column]!))));
}

function row(name: string, step: LoadStep): string[] {
  const fromNew = step.new + step.threw;
  const all = fromNew + step.old + step.lost;
  const share = all === 0 ? '' : `${Math.round((100 * fromNew) / all)} %`;
  return [name, String(all), String(step.old), String(step.new), share, String(step.threw + step.lost)];
}
