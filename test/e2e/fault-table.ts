import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SEEDBED_DIR } from '../../lib/local/emulator/checkout';
import { FaultKind } from '../../lib/local/gateway/faults';
import type { Result } from './fault-rounds';
import { nameOf } from './worker-calls';

/** Keeps the results of a run as a Markdown table: `.seedbed/faults-<name>.md`. */
export async function keepFaultTable(name: string, results: readonly Result[]): Promise<void> {
  await writeFile(join(SEEDBED_DIR, `faults-${name}.md`), faultTable(results));
}

/** Calls down, kinds across. */
function faultTable(results: readonly Result[]): string {
  const kinds = FaultKind.options;
  const calls = [...new Set(results.map(({ call }) => nameOf(call)))].sort();
  const cell = (name: string, kind: FaultKind) => {
    const result = results.find((one) => nameOf(one.call) === name && one.kind === kind);
    if (result === undefined) return '';
    return result.happened ? [result.outcome, ...result.wrong].join('; ') : 'did not happen';
  };
  const lines = calls.map((name) => `| ${[name, ...kinds.map((kind) => cell(name, kind))].join(' | ')} |`);
  return [`| call | ${kinds.join(' | ')} |`, `| --- |${' --- |'.repeat(kinds.length)}`, ...lines, ''].join('\n');
}
