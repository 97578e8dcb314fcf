import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** Where the end-to-end tests keep what came of the faults that they tried. Within the repository. */
export const FAULT_RESULTS = 'docs/faults.json';

/** As the gateway of the local cloud knows them. */
const KINDS = [
  ...(['throttle', 'error', 'no-body', 'reset', 'half-answer'] as const),
  ...(['timeout-before', 'timeout-after', 'kill-before', 'kill-after'] as const),
];

/** The newest result of each fault. */
export const FaultResults = z.array(
  z.strictObject({
    /** Worker, service and operation: `Push: dynamodb GetItem`. */
    call: z.string(),
    kind: z.enum(KINDS),
    /** `healed`: the release ended as it does without the fault, and nothing was left. */
    outcome: z.enum(['healed', 'failed', 'swept', 'next release', 'broken']),
    /** The day of the run. */
    on: z.iso.date(),
  }),
);

const NOT_TRIED = '·';

/** @returns calls down, kinds across; the days on which they were tried above it. */
export function faultsTable(): string {
  const results = FaultResults.parse(JSON.parse(readFileSync(join(__dirname, '../..', FAULT_RESULTS), 'utf8')));
  const days = [...new Set(results.map(({ on }) => on))].sort();
  const healed = results.filter(({ outcome }) => outcome === 'healed').length;
  const calls = [...new Set(results.map(({ call }) => call))].sort();
  const cell = (call: string, kind: string): string =>
    results.find((one) => one.call === call && one.kind === kind)?.outcome ?? NOT_TRIED;
  const rows = calls.map((call) => `| ${[call, ...KINDS.map((kind) => cell(call, kind))].join(' | ')} |`);
  return [
    `${results.length} faults at ${calls.length} calls, tried on ${days.join(', ')}; ${healed} healed.`,
    '',
    `| call | ${KINDS.join(' | ')} |`,
    `| --- |${' --- |'.repeat(KINDS.length)}`,
    ...rows,
  ].join('\n');
}
